/**
 * A TCP client as a node: connects when it enters the scene, tells by signals how it goes, and
 * comes back by itself with growing, jittered pauses when the connection is lost. Driven by
 * `Process`.
 *
 *     idle --> connecting --> connected
 *       ^          |              |
 *       +-- waiting (Backoff) <---+      `Disconnect` leads to idle from everywhere
 *
 * Limits: one connection; one `DataReceived` per tick.
 */
import { Node, Signal } from "../../engine/index.ts";
import { Backoff } from "../core/Backoff.ts";
import type { NetSocketOptions } from "../core/NetSocketOptions.ts";
import type { StatisticsSource } from "../core/NetStatistics.ts";
import { NetStatistics } from "../core/NetStatistics.ts";
import { SocketError } from "../core/SocketError.ts";
import { CloseReason, Status } from "../core/Status.ts";
import { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../core/StreamPeerTLS.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import { TLSStatus } from "../core/TLSStatus.ts";

type Phase = "idle" | "connecting" | "connected" | "waiting";

export class TCPClientNode extends Node implements StatisticsSource {
  /** Host name or address; in a page also a target name of the bridge. */
  Host = "127.0.0.1";
  /** 1..65535 */
  Port = 0;
  /** Connect in `Ready`. */
  Autostart = true;
  /** Come back after a loss or a failed attempt. */
  Reconnect = true;
  /** Pauses between attempts in milliseconds: the first is about this long, */
  ReconnectMinDelay = 250;
  /** and none is longer than this. */
  ReconnectMaxDelay = 10_000;
  /** Buffer sizes, connect timeout and backend; read when `Connect` begins. */
  SocketOptions: NetSocketOptions = {};
  /** What the server is spoken to with, `TLSOptions.Client`; null, the default: plain TCP. */
  TLS: TLSOptions | null = null;
  /** The name in the server's certificate; "" for the one in `Host`. */
  TLSName = "";

  /** The connection stands. */
  readonly Connected = new Signal();
  /** A connection that stood is gone. */
  readonly Disconnected = new Signal<[reason: CloseReason]>();
  /** An attempt failed; the code says why. */
  readonly ConnectFailed = new Signal<[code: SocketError]>();
  /** The next attempt comes in `delayMs`. */
  readonly Reconnecting = new Signal<[delayMs: number, attempt: number]>();
  /** Bytes wait to be read; comes again each tick until they are. */
  readonly DataReceived = new Signal<[peer: StreamPeerTCP]>();

  #peer: StreamPeerTCP | null = null;
  /** Over `#peer`, from the beginning of the handshake. */
  #tls: StreamPeerTLS | null = null;
  /** What the streams of earlier attempts counted. */
  readonly #earlier = new NetStatistics();
  #phase: Phase = "idle";
  #backoff: Backoff | null = null;
  #retryInMs = 0;
  /** The game wants a connection: between `Connect` and `Disconnect`. */
  #wanted = false;

  override Ready(): void {
    if (this.Autostart) this.Connect();
  }

  /**
   * Connects with the properties as they are now; an attempt or pause under way begins afresh.
   * @returns SUCCESS (under way); what `StreamPeerTCP.ConnectToHost` refuses raises `ConnectFailed`
   *   too, and is not tried again. So does what `StreamPeerTLS.ConnectToStream` refuses later.
   */
  Connect(): SocketError {
    if (this.#phase === "connected") return SocketError.ALREADY_INIT;
    this.#backoff = new Backoff(this.ReconnectMinDelay, this.ReconnectMaxDelay);
    this.#wanted = true;
    return this.#attempt();
  }

  /** Ends the connection in order (what was put is sent) and stays away. */
  Disconnect(): void {
    const wasConnected = this.#phase === "connected";
    this.#phase = "idle";
    this.#wanted = false;
    this.#peer?.DisconnectFromHost();
    if (wasConnected) this.Disconnected.Emit(CloseReason.LOCAL);
  }

  /** The stream of the current connection; null unless connected. */
  GetPeer(): StreamPeerTCP | null {
    return this.#phase === "connected" ? this.#peer : null;
  }

  IsConnected(): boolean {
    return this.#phase === "connected";
  }

  /** The TLS side of the connection: certificate, protocol, cipher. null unless connected so. */
  GetTLS(): StreamPeerTLS | null {
    return this.#phase === "connected" ? this.#tls : null;
  }

  /** As the stream says, CONNECTING until TLS stands; NONE while waiting for the next attempt. */
  GetStatus(): Status {
    const shaking = this.#tls?.GetStatus() === TLSStatus.STATUS_HANDSHAKING;
    return shaking ? Status.STATUS_CONNECTING : (this.#peer?.GetStatus() ?? Status.STATUS_NONE);
  }

  /** Milliseconds until the next attempt; 0 when none is planned. */
  GetRetryDelay(): number {
    return this.#phase === "waiting" ? this.#retryInMs : 0;
  }

  /** What all connections have counted since the node was made; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    to.Add(this.#earlier);
    this.#peer?.AddStatistics(to);
  }

  override Process(delta: number): void {
    switch (this.#phase) {
      case "idle":
        return;
      case "waiting":
        return this.#processWaiting(delta);
      case "connecting":
        return this.#processConnecting();
      case "connected":
        return this.#processConnected();
    }
  }

  override ExitTree(): void {
    this.Disconnect();
  }

  #attempt(): SocketError {
    this.#peer?.Abort();
    if (this.#peer !== null) this.#earlier.AddEnded(this.#peer);
    this.#tls = null;
    this.#peer = new StreamPeerTCP(this.SocketOptions);
    const code = this.#peer.ConnectToHost(this.Host, this.Port);
    this.#phase = code === SocketError.SUCCESS ? "connecting" : "idle";
    this.#earlier.CountError(code);
    if (code !== SocketError.SUCCESS) this.ConnectFailed.Emit(code);
    return code;
  }

  #processWaiting(delta: number): void {
    this.#retryInMs -= delta * 1_000;
    if (this.#retryInMs <= 0) this.#attempt();
  }

  #processConnecting(): void {
    const peer = this.#peer;
    if (peer === null) return;
    peer.Poll();
    const refused = this.#beginHandshake(peer);
    if (refused !== SocketError.SUCCESS) return this.#giveUp(peer, refused);
    const status = this.GetStatus();
    if (status === Status.STATUS_CONNECTING) return;
    if (status === Status.STATUS_CONNECTED) {
      this.#phase = "connected";
      this.#backoff?.Reset();
      this.Connected.Emit();
      return;
    }
    const code = peer.GetLastError();
    this.#phase = "idle";
    this.ConnectFailed.Emit(code === SocketError.SUCCESS ? SocketError.CONNECTION_CLOSED : code);
    this.#scheduleRetry();
  }

  /** What was refused once is refused again. */
  #giveUp(peer: StreamPeerTCP, code: SocketError): void {
    peer.Abort();
    this.#phase = "idle";
    this.ConnectFailed.Emit(code);
  }

  /** Once the plain connection stands. @returns why TLS cannot even begin. */
  #beginHandshake(peer: StreamPeerTCP): SocketError {
    if (this.TLS === null || this.#tls !== null) return SocketError.SUCCESS;
    if (peer.GetStatus() !== Status.STATUS_CONNECTED) return SocketError.SUCCESS;
    this.#tls = new StreamPeerTLS();
    return this.#tls.ConnectToStream(peer, this.TLSName || this.Host, this.TLS);
  }

  #processConnected(): void {
    const peer = this.#peer;
    if (peer === null) return;
    peer.Poll();
    if (peer.GetAvailableBytes() > 0) this.DataReceived.Emit(peer);
    // A handler may have called Disconnect, or Connect again.
    if (this.#peer !== peer || this.#phase !== "connected") return;
    if (peer.GetStatus() === Status.STATUS_CONNECTED) return;
    this.#phase = "idle";
    this.Disconnected.Emit(peer.GetCloseReason());
    this.#scheduleRetry();
  }

  /** After the signal that told of the loss, whose handlers may have decided otherwise. */
  #scheduleRetry(): void {
    if (this.#phase !== "idle" || !this.#wanted || !this.Reconnect || this.#backoff === null)
      return;
    this.#phase = "waiting";
    this.#retryInMs = this.#backoff.Next();
    this.Reconnecting.Emit(this.#retryInMs, this.#backoff.Attempts);
  }
}
