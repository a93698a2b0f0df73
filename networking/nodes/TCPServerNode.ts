/**
 * A TCP server as a node: listens when it enters the scene, takes connections, and tells by signals
 * who came, who left and who has sent something. Driven by `Process`, once per tick.
 *
 * Limits: `MaxConnections` peers; further clients wait in the backlog and get in when one leaves.
 * At most `Limits.acceptsPerTick` connections are taken and one `DataReceived` per peer is raised
 * in a tick, so a flood cannot stall a frame. While the node is paused its sockets live on within
 * their buffers, and the signals come when it is processed again. With `TLS`, a client is a peer
 * once its handshake is done; handshakes under way count as peers, and there are `MaxHandshakes` at
 * most.
 */
import { Node, Signal } from "../../engine/index.ts";
import { Limits } from "../core/Limits.ts";
import type { NetSocketOptions } from "../core/NetSocketOptions.ts";
import type { StatisticsSource } from "../core/NetStatistics.ts";
import { NetStatistics } from "../core/NetStatistics.ts";
import { SocketError } from "../core/SocketError.ts";
import { CloseReason, Status } from "../core/Status.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import type { StreamPeerTLS } from "../core/StreamPeerTLS.ts";
import { TCPServer } from "../core/TCPServer.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import { TLSHandshakes } from "./TLSHandshakes.ts";

interface Entry {
  readonly Id: number;
  readonly Peer: StreamPeerTCP;
  readonly Tls: StreamPeerTLS | null;
  /** The node's time when bytes last came in. */
  heardAt: number;
  /** Bytes that the handlers left unread in the last tick; more than these are news. */
  unread: number;
  /** Since when the peer has finished and nobody has read what it left; null before. */
  leftAt: number | null;
  gone: boolean;
}

export class TCPServerNode extends Node implements StatisticsSource {
  /** Port to listen on, 0..65535; 0 lets the system choose, see `GetLocalPort`. */
  Port = 0;
  /** "*", "0.0.0.0", "::" or one address of this machine, as for `TCPServer.Listen`. */
  BindAddress = "*";
  /** Peers at once, 1..16,384. */
  MaxConnections: number = Limits.maxConnections;
  /** Milliseconds without a byte from a peer after which it is disconnected (TIMEOUT); 0: never. */
  IdleTimeout = 0;
  /** Start to listen in `Ready`. */
  Autostart = true;
  /** Untaken connections to hold, 1..65,535. */
  Backlog: number = Limits.tcpServerBacklog;
  /** Buffer sizes of the peers, and the backend; read when listening starts. */
  SocketOptions: NetSocketOptions = {};
  /** What new clients are spoken to with, `TLSOptions.Server`; null, the default: plain TCP. */
  TLS: TLSOptions | null = null;
  /** TLS handshakes at once; further clients wait in the backlog. */
  MaxHandshakes: number = Limits.tlsHandshakes;

  /** A client is connected; `id` counts up from 1 and never comes again. */
  readonly PeerConnected = new Signal<[peer: StreamPeerTCP, id: number]>();
  /** A peer is gone; its PeerConnected came before. */
  readonly PeerDisconnected = new Signal<[id: number, reason: CloseReason]>();
  /** Bytes wait to be read; comes again each tick until they are. */
  readonly DataReceived = new Signal<[peer: StreamPeerTCP, id: number]>();
  /** Listening could not start, or ended by itself; the code says why. */
  readonly ListenFailed = new Signal<[code: SocketError]>();
  /** A client's TLS handshake failed, so it never became a peer; see `StreamPeerTLS`. */
  readonly HandshakeFailed = new Signal<[code: SocketError]>();

  #server: TCPServer | null = null;
  readonly #peers = new Map<number, Entry>();
  readonly #handshakes = new TLSHandshakes((tls, failure, peer) => {
    if (failure === SocketError.SUCCESS) this.#admit(peer, tls);
    else this.#refuse(peer, failure);
  });
  /** What peers counted that are gone. */
  readonly #gone = new NetStatistics();
  #nextId = 1;
  /** Seconds that were processed so far. Times are kept, not summed: silence writes nothing. */
  #now = 0;
  /** Seconds until `Shutdown` gives up on peers that do not read; null while not shutting down. */
  #graceLeft: number | null = null;
  #whenShutDown: (() => void)[] = [];

  override Ready(): void {
    if (this.Autostart) this.StartListening();
  }

  /**
   * Starts to listen with the properties as they are now. A failure raises `ListenFailed` too.
   * @returns as `TCPServer.Listen`; as `StreamPeerTLS.AcceptStream` for `TLS` that cannot serve
   */
  StartListening(): SocketError {
    if (this.#server !== null) return SocketError.ALREADY_INIT;
    const server = new TCPServer(this.SocketOptions);
    const code =
      TLSHandshakes.Check(this.TLS, this.SocketOptions.Backend) ||
      server.Listen(this.Port, this.BindAddress, this.Backlog);
    if (code === SocketError.SUCCESS) this.#server = server;
    else this.#failListening(code);
    return code;
  }

  /** Takes no more connections and frees the port; connected peers stay. */
  StopListening(): void {
    this.#gone.ConnectionsDropped += this.GetDroppedConnections();
    this.#server?.Stop();
    this.#server = null;
  }

  IsListening(): boolean {
    return this.#server?.IsListening() ?? false;
  }

  /** The port, also when the system chose it; 0 while not listening. */
  GetLocalPort(): number {
    return this.#server?.GetLocalPort() ?? 0;
  }

  /** null for an id that is not connected. */
  GetPeer(id: number): StreamPeerTCP | null {
    return this.#peers.get(id)?.Peer ?? null;
  }

  /** The TLS side of a connected peer: certificate, protocol, cipher. null for a plain one. */
  GetTLS(id: number): StreamPeerTLS | null {
    return this.#peers.get(id)?.Tls ?? null;
  }

  GetPeerCount(): number {
    return this.#peers.size;
  }

  /** Ids of the connected peers, oldest first. */
  GetPeerIds(): number[] {
    return [...this.#peers.keys()];
  }

  /** Connections that were reset because the backlog was full. */
  GetDroppedConnections(): number {
    return this.#server?.GetDroppedConnections() ?? 0;
  }

  /** What all peers have counted since the node was made, gone ones too; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    to.Add(this.#gone);
    to.ConnectionsDropped += this.GetDroppedConnections();
    for (const { Peer } of this.#peers.values()) Peer.AddStatistics(to);
    this.#handshakes.AddStatistics(to);
  }

  /**
   * Puts `data` to every peer, whole or not at all.
   * @returns how many took it; one whose buffer is full is left out of this broadcast.
   */
  Broadcast(data: Uint8Array): number {
    let taken = 0;
    for (const { Peer } of this.#peers.values()) {
      if (Peer.PutData(data) === SocketError.SUCCESS) taken++;
    }
    return taken;
  }

  /**
   * Disconnects one peer, after what was put to it; raises `PeerDisconnected`.
   * @param reason what the signal tells; LOCAL unless the caller knows better.
   * @returns false when the id is not connected.
   */
  DisconnectPeer(id: number, reason: CloseReason = CloseReason.LOCAL): boolean {
    const entry = this.#peers.get(id);
    if (entry === undefined) return false;
    entry.Peer.DisconnectFromHost();
    this.#remove(entry, reason);
    return true;
  }

  /**
   * Stops listening and disconnects everybody. Peers that still have bytes to read get up to
   * `graceMs` milliseconds for it, counted in ticks; then they are reset.
   * @returns a promise for when the last is gone.
   */
  Shutdown(graceMs: number = Limits.lingerMs): Promise<void> {
    if (!(graceMs >= 0)) throw new TypeError("Shutdown takes a time in milliseconds, 0 or more.");
    this.StopListening();
    this.#handshakes.AbortAll(this.#gone);
    this.#graceLeft = graceMs / 1_000;
    const done = new Promise<void>((resolve) => this.#whenShutDown.push(resolve));
    this.#shutDown(0);
    return done;
  }

  override Process(delta: number): void {
    this.#now += delta;
    this.#checkListening();
    this.#handshakes.Poll();
    this.#accept();
    for (const entry of this.#peers.values()) this.#serve(entry);
    if (this.#graceLeft !== null) this.#shutDown(delta);
  }

  override ExitTree(): void {
    this.StopListening();
    this.#handshakes.AbortAll(this.#gone);
    for (const id of this.GetPeerIds()) this.DisconnectPeer(id);
    if (this.#graceLeft !== null) this.#shutDown(0);
  }

  #checkListening(): void {
    const code = this.#server?.Poll() ?? SocketError.SUCCESS;
    if (code === SocketError.SUCCESS) return;
    this.StopListening();
    this.#failListening(code);
  }

  #failListening(code: SocketError): void {
    this.#gone.CountError(code);
    this.ListenFailed.Emit(code);
  }

  #accept(): void {
    const shaking = this.#handshakes.Count();
    const room = Math.min(
      this.MaxConnections - this.#peers.size - shaking,
      this.TLS === null ? Infinity : this.MaxHandshakes - shaking,
      Limits.acceptsPerTick,
    );
    for (let i = room; i > 0; i--) {
      const peer = this.#server?.TakeConnection() ?? null;
      if (peer === null) return;
      if (this.TLS === null) this.#admit(peer, null);
      else this.#handshakes.Begin(peer, this.TLS);
    }
  }

  #refuse(peer: StreamPeerTCP, code: SocketError): void {
    peer.Abort();
    this.#gone.AddEnded(peer);
    this.HandshakeFailed.Emit(code);
  }

  #admit(peer: StreamPeerTCP, tls: StreamPeerTLS | null): void {
    const Id = this.#nextId++;
    const times = { heardAt: this.#now, unread: 0, leftAt: null, gone: false };
    this.#peers.set(Id, { Id, Peer: peer, Tls: tls, ...times });
    this.PeerConnected.Emit(peer, Id);
  }

  #serve(entry: Entry): void {
    const { Peer, Id } = entry;
    Peer.Poll();
    // A silent peer, as most are in most ticks, costs its poll and little else.
    const available = Peer.GetAvailableBytes();
    const unread = available === 0 ? 0 : this.#tell(entry, available);
    if (entry.gone) return;
    if (Peer.IsPeerFinished() && (entry.leftAt === null || unread !== entry.unread)) {
      entry.leftAt = this.#now;
    }
    entry.unread = unread;
    if (Peer.GetStatus() !== Status.STATUS_CONNECTED) {
      this.#remove(entry, Peer.GetCloseReason());
    } else if (this.IdleTimeout > 0 && this.#msSince(entry.heardAt) > this.IdleTimeout) {
      this.DisconnectPeer(Id, CloseReason.TIMEOUT);
    } else if (entry.leftAt !== null && this.#msSince(entry.leftAt) > Limits.unreadEndMs) {
      this.DisconnectPeer(Id, CloseReason.PEER);
    }
  }

  /** @returns how many of the `available` bytes the handlers left unread. */
  #tell(entry: Entry, available: number): number {
    if (available > entry.unread) entry.heardAt = this.#now;
    this.DataReceived.Emit(entry.Peer, entry.Id);
    return Math.min(available, entry.Peer.GetAvailableBytes());
  }

  #msSince(seconds: number): number {
    return 1_000 * (this.#now - seconds);
  }

  #remove(entry: Entry, reason: CloseReason): void {
    entry.gone = true;
    this.#peers.delete(entry.Id);
    this.#gone.AddEnded(entry.Peer);
    this.PeerDisconnected.Emit(entry.Id, reason);
  }

  #shutDown(delta: number): void {
    const left = (this.#graceLeft ?? 0) - delta;
    this.#graceLeft = left;
    for (const entry of this.#peers.values()) {
      if (entry.Peer.GetOutboundBytes() === 0) this.DisconnectPeer(entry.Id);
      else if (left <= 0) {
        entry.Peer.Abort();
        this.#remove(entry, CloseReason.LOCAL);
      }
    }
    if (this.#peers.size > 0) return;
    this.#graceLeft = null;
    for (const resolve of this.#whenShutDown.splice(0)) resolve();
  }
}
