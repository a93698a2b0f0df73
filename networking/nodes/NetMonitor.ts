/**
 * Shows what the network does: adds up what sockets, streams and nodes have counted, and turns it
 * into rates once a second. Driven by `Process`, also while the tree is paused.
 *
 *     const monitor = new NetMonitor();
 *     monitor.Watch(server, "players");
 *     monitor.Sampled.Connect((totals, rates) => print(totals.Current, rates.BytesIn));
 *
 * It only reads: watching costs the watched nothing, and unwatching leaves nothing behind. Between
 * two samples it does nothing; a sample takes time in proportion to the sockets watched.
 *
 * Limits: `Limits.maxWatches` sources. It keeps a source until `Unwatch`, so watch the server node
 * rather than each of its peers.
 */
import { Node, ProcessMode, Signal } from "../../engine/index.ts";
import { Limits } from "../core/Limits.ts";
import type { StatisticsSource } from "../core/NetStatistics.ts";
import { NetStatistics } from "../core/NetStatistics.ts";
import { SocketError } from "../core/SocketError.ts";

/** Per second, over the time between the last two samples. */
export interface NetRates {
  readonly BytesIn: number;
  readonly BytesOut: number;
  readonly PacketsIn: number;
  readonly PacketsOut: number;
  /** Milliseconds in which senders were slowed down, of all sockets together. */
  readonly PausedMs: number;
}

/** One watched source. */
export interface NetSnapshot {
  readonly Name: string;
  readonly Source: StatisticsSource;
  readonly Statistics: NetStatistics;
  readonly Rates: NetRates;
}

interface Watched {
  readonly name: string;
  before: NetStatistics;
  rates: NetRates;
}

const still: NetRates = Object.freeze({
  BytesIn: 0,
  BytesOut: 0,
  PacketsIn: 0,
  PacketsOut: 0,
  PausedMs: 0,
});

export class NetMonitor extends Node {
  /** Seconds of the tree's time between two samples, above 0. */
  Interval = 1;
  /** A sample was taken. */
  readonly Sampled = new Signal<[totals: NetStatistics, rates: NetRates]>();

  readonly #watched = new Map<StatisticsSource, Watched>();
  /** Since the last sample. */
  #seconds = 0;
  #rates = still;

  constructor() {
    super();
    this.ProcessMode = ProcessMode.ALWAYS;
  }

  /**
   * Watches a NetSocket, StreamPeerTCP, PacketPeerUDP, TCPServerNode, TCPClientNode or the like.
   * What it counted before is in its statistics, too, but not in the next rates.
   * @param name for `Snapshot`.
   * @returns SUCCESS, ALREADY_INIT (watched already), LIMIT_REACHED
   */
  Watch(source: StatisticsSource, name = ""): SocketError {
    if (typeof source?.AddStatistics !== "function") {
      throw new TypeError("Watch takes what has statistics, such as a TCPServerNode or a peer.");
    }
    if (this.#watched.has(source)) return SocketError.ALREADY_INIT;
    if (this.#watched.size >= Limits.maxWatches) return SocketError.LIMIT_REACHED;
    this.#watched.set(source, { name, before: NetStatistics.Of(source), rates: still });
    return SocketError.SUCCESS;
  }

  /** What the source counted leaves the totals. @returns whether it was watched. */
  Unwatch(source: StatisticsSource): boolean {
    return this.#watched.delete(source);
  }

  /** All that is watched, added up, as of now. A source within another one counts twice. */
  Totals(): NetStatistics {
    return NetStatistics.Of(...this.#watched.keys());
  }

  /** Of all that is watched, as of the last sample; all 0 before the first. */
  Rates(): NetRates {
    return this.#rates;
  }

  /** Each watched source: its statistics as of now, its rates as of the last sample. */
  Snapshot(): NetSnapshot[] {
    return [...this.#watched].map(([source, { name, rates }]) => ({
      Name: name,
      Source: source,
      Statistics: NetStatistics.Of(source),
      Rates: rates,
    }));
  }

  override Process(delta: number): void {
    this.#seconds += delta;
    if (this.#seconds < this.Interval || this.#seconds === 0) return;
    const before = new NetStatistics();
    const totals = new NetStatistics();
    for (const [source, watched] of this.#watched) {
      const now = NetStatistics.Of(source);
      watched.rates = perSecond(watched.before, now, this.#seconds);
      before.Add(watched.before);
      totals.Add(now);
      watched.before = now;
    }
    this.#rates = perSecond(before, totals, this.#seconds);
    this.#seconds = 0;
    this.Sampled.Emit(totals, this.#rates);
  }
}

function perSecond(before: NetStatistics, now: NetStatistics, seconds: number): NetRates {
  // A datagram that is just being written may be counted early, once.
  const rate = (from: number, to: number): number => Math.max(0, to - from) / seconds;
  return {
    BytesIn: rate(before.BytesIn, now.BytesIn),
    BytesOut: rate(before.BytesOut, now.BytesOut),
    PacketsIn: rate(before.PacketsIn, now.PacketsIn),
    PacketsOut: rate(before.PacketsOut, now.PacketsOut),
    PausedMs: rate(before.PausedMs, now.PausedMs),
  };
}
