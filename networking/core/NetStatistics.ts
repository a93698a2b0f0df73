/**
 * What sockets have counted: plain numbers, of one socket or added up over many.
 *
 * Every socket owns one and counts into it as it goes, which costs an addition for each call that
 * moves bytes; nobody has to register, and what a socket counted is gone with it. Whoever wants
 * figures makes an empty one and has sources add to it: `NetStatistics.Of(peer)`.
 *
 * A **packet** is what a packet peer put or gave (PacketPeerStream, PacketPeerUDP, a UDP datagram).
 * A stream alone has none: how its bytes fall into calls says nothing about messages.
 *
 * Limits: counts are exact up to 2^53; `Errors` has one entry for each code at most.
 */
import { SocketError } from "./SocketError.ts";

/** Whatever can say what it has counted: sockets, streams, packet peers, and the nodes. */
export interface StatisticsSource {
  /** Adds what was counted since the source was made, and what is the case now, to `to`. */
  AddStatistics(to: NetStatistics): void;
}

const noErrors: ReadonlyMap<SocketError, number> = new Map();

export class NetStatistics {
  /** Bytes that came from the peer, taken by the game or not. */
  BytesIn = 0;
  /** Bytes that were accepted for the peer. */
  BytesOut = 0;
  /** Packets that the game took. */
  PacketsIn = 0;
  /** Packets that were accepted. */
  PacketsOut = 0;
  /** UDP: datagrams that arrived and found no room. */
  PacketsDropped = 0;
  /** UDP: accepted datagrams that the system refused. */
  PacketsRefused = 0;
  /** Bytes that wait to be taken by the game, now. */
  BufferedIn = 0;
  /** Bytes that wait to be taken by the system, now. */
  BufferedOut = 0;
  /** Milliseconds in which the inbound buffer was full, so that the sender was slowed down. */
  PausedMs = 0;
  /** Connections that came to stand, own and taken ones. */
  Opened = 0;
  /** Those of them that are over. */
  Closed = 0;
  /** Incoming connections that a full backlog reset. */
  ConnectionsDropped = 0;
  /** Own connects that succeeded, */
  Connects = 0;
  /** and their milliseconds together, name lookups included. */
  ConnectMs = 0;
  #errors: Map<SocketError, number> | null = null;

  /** The statistics of some sources, added up. */
  static Of(...sources: readonly StatisticsSource[]): NetStatistics {
    const sum = new NetStatistics();
    for (const source of sources) source.AddStatistics(sum);
    return sum;
  }

  /** Connections that stand now. */
  get Current(): number {
    return this.Opened - this.Closed;
  }

  /** Milliseconds that an own connect took on average; 0 without one. */
  get MeanConnectMs(): number {
    return this.Connects === 0 ? 0 : this.ConnectMs / this.Connects;
  }

  /** How often each code ended a connection, a connect, or an attempt to listen. */
  get Errors(): ReadonlyMap<SocketError, number> {
    return this.#errors ?? noErrors;
  }

  /** Errors of all codes. */
  get ErrorCount(): number {
    let count = 0;
    for (const times of this.Errors.values()) count += times;
    return count;
  }

  /**
   * @param connectMs how long an own connect took, 0 by a clock as coarse as some browsers have;
   *   null for a connection that was taken.
   */
  CountOpened(connectMs: number | null): void {
    this.Opened++;
    if (connectMs === null) return;
    this.ConnectMs += connectMs;
    this.Connects++;
  }

  /** @param code counted unless it is SUCCESS. */
  CountError(code: SocketError, times = 1): void {
    if (code === SocketError.SUCCESS) return;
    this.#errors ??= new Map();
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + times);
  }

  Add(other: NetStatistics): void {
    this.BytesIn += other.BytesIn;
    this.BytesOut += other.BytesOut;
    this.PacketsIn += other.PacketsIn;
    this.PacketsOut += other.PacketsOut;
    this.PacketsDropped += other.PacketsDropped;
    this.PacketsRefused += other.PacketsRefused;
    this.BufferedIn += other.BufferedIn;
    this.BufferedOut += other.BufferedOut;
    this.PausedMs += other.PausedMs;
    this.Opened += other.Opened;
    this.Closed += other.Closed;
    this.ConnectionsDropped += other.ConnectionsDropped;
    this.Connects += other.Connects;
    this.ConnectMs += other.ConnectMs;
    for (const [code, times] of other.Errors) this.CountError(code, times);
  }

  /**
   * Adds what a source has counted, for good: the source is let go, and what it buffers with it.
   */
  AddEnded(source: StatisticsSource): void {
    const { BufferedIn, BufferedOut } = this;
    source.AddStatistics(this);
    this.BufferedIn = BufferedIn;
    this.BufferedOut = BufferedOut;
  }
}
