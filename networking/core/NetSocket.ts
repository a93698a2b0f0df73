/**
 * A non-blocking socket: the lowest public class (Luna `netSocket`, Godot `NetSocket`). It connects
 * or listens, moves bytes, and latches what its backend recorded whenever `Poll` is called.
 *
 *     closed --Open--> open --ConnectToHost--> CONNECTING --> OPEN --> CLOSED
 *                       |   --Listen---------> LISTENING
 *                       +-- Bind (once, before either)
 *
 * Limits: one ring each way (`Limits.inboundBufferBytes`, `outboundBufferBytes`); `Send` takes what
 * fits, and a full inbound ring makes TCP slow the sender down. Driven by its owner's `Poll`.
 */
import { DefaultBackend } from "./DefaultBackend.ts";
import { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { BackendListener, BackendSocket, Endpoint, NetBackend } from "./NetBackend.ts";
import { ListenerPhase, SocketOption, SocketPhase } from "./NetBackend.ts";
import type { NetSocketOptions } from "./NetSocketOptions.ts";
import {
  AddressOf,
  BufferSize,
  CorrectedBacklog,
  IsPort,
  Protocol,
  TargetOf,
} from "./NetSocketOptions.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";

export class NetSocket {
  /** Where this socket's connections and lookups come from. */
  readonly Backend: NetBackend;
  readonly InboundBufferSize: number;
  readonly OutboundBufferSize: number;
  readonly #connectTimeoutMs: number;
  #isOpen = false;
  #source: Endpoint | null = null;
  #stream: BackendSocket | null = null;
  #listener: BackendListener | null = null;
  #finished = false;
  #onActivity: (() => void) | null = null;
  // Latched by Poll.
  #phase: SocketPhase = SocketPhase.IDLE;
  #peerFinished = false;

  constructor(options: NetSocketOptions = {}) {
    if (options === null || typeof options !== "object") {
      throw new TypeError("A socket's options are an object such as { ConnectTimeout: 5000 }.");
    }
    this.Backend = options.Backend ?? DefaultBackend();
    this.InboundBufferSize = BufferSize(options.InboundBufferSize, Limits.inboundBufferBytes);
    this.OutboundBufferSize = BufferSize(options.OutboundBufferSize, Limits.outboundBufferBytes);
    this.#connectTimeoutMs = options.ConnectTimeout ?? Limits.connectTimeoutMs;
    if (!(this.#connectTimeoutMs > 0 && this.#connectTimeoutMs < 2 ** 31)) {
      throw new TypeError("ConnectTimeout is milliseconds, above 0 and below 2^31.");
    }
  }

  /** @returns SUCCESS, ALREADY_INIT, UNAVAILABLE (UDP here) */
  Open(protocol: Protocol = Protocol.TCP): SocketError {
    if (protocol !== Protocol.TCP && protocol !== Protocol.UDP) {
      throw new TypeError("Open takes Protocol.TCP or Protocol.UDP.");
    }
    if (this.#isOpen) return SocketError.ALREADY_INIT;
    if (protocol === Protocol.UDP) return SocketError.UNAVAILABLE;
    this.#isOpen = true;
    return SocketError.SUCCESS;
  }

  /**
   * Chooses the local end, once. The system is asked at `Listen` or `ConnectToHost`, which report
   * ADDRESS_IN_USE and the like.
   * @param port 0..65535; 0 lets the system choose.
   * @param address "*", or an address of this machine.
   * @returns SUCCESS, ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS, UNAVAILABLE
   */
  Bind(
    port: number,
    address: IpAddress | string = "*",
    protocol: Protocol = Protocol.TCP,
  ): SocketError {
    const host = AddressOf(address, "Bind");
    if (!this.#isOpen) {
      const opened = this.Open(protocol);
      if (opened !== SocketError.SUCCESS) return opened;
    }
    if (this.#source !== null || this.#stream !== null) return SocketError.ALREADY_INIT;
    if (!IsPort(port, 0, "Bind")) return SocketError.INVALID_PARAMETER;
    if (!host.IsValid() && !host.IsWildcard()) return SocketError.INVALID_IP_ADDRESS;
    this.#source = { Address: host, Port: port };
    return SocketError.SUCCESS;
  }

  /**
   * Listens at the bound end. In Node.js the answer is the system's; in a page SUCCESS means asked.
   * @param maxPending connections that may wait to be taken, 1..65535.
   * @returns SUCCESS, SOCKET_INVALID (not bound), ALREADY_INIT, ADDRESS_IN_USE,
   *   ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED, BIND_FAILED, UNAVAILABLE
   */
  Listen(maxPending: number = Limits.netSocketBacklog): SocketError {
    if (typeof maxPending !== "number")
      throw new TypeError("Listen takes a number of connections.");
    if (this.#source === null) return SocketError.SOCKET_INVALID;
    if (this.#listener !== null || this.#stream !== null) return SocketError.ALREADY_INIT;
    if (!this.Backend.Capabilities.Listen) return SocketError.UNAVAILABLE;
    const listener = this.Backend.Listen({
      ...this.#source,
      Backlog: CorrectedBacklog(maxPending),
      InboundBufferBytes: this.InboundBufferSize,
      OutboundBufferBytes: this.OutboundBufferSize,
    });
    if (listener.Phase() === ListenerPhase.CLOSED) return listener.Failure();
    this.#listener = listener;
    return SocketError.SUCCESS;
  }

  /** The oldest waiting connection, connected already, or null. */
  Accept(): NetSocket | null {
    const stream = this.#listener?.Take() ?? null;
    if (stream === null) return null;
    const socket = new NetSocket({
      Backend: this.Backend,
      InboundBufferSize: this.InboundBufferSize,
      OutboundBufferSize: this.OutboundBufferSize,
    });
    socket.#isOpen = true;
    socket.#stream = stream;
    socket.Poll();
    return socket;
  }

  /**
   * Starts to connect; `Poll` and `GetPhase` tell how it goes.
   * @param host an address, or a name that is looked up inside the deadline.
   * @param port 1..65535
   * @returns SUCCESS (under way), ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   CANT_RESOLVE (not a host name), UNAVAILABLE
   */
  ConnectToHost(host: IpAddress | string, port: number): SocketError {
    const target = TargetOf(host);
    if (this.#stream !== null || this.#listener !== null) return SocketError.ALREADY_INIT;
    if (typeof target === "number") return target;
    if (!IsPort(port, 1, "ConnectToHost")) return SocketError.INVALID_PARAMETER;
    if (this.#source !== null && !this.Backend.Capabilities.Bind) return SocketError.UNAVAILABLE;
    this.#isOpen = true;
    this.#stream = this.Backend.OpenSocket({
      InboundBufferBytes: this.InboundBufferSize,
      OutboundBufferBytes: this.OutboundBufferSize,
    });
    this.#stream.Connect({
      Host: target,
      Port: port,
      TimeoutMs: this.#connectTimeoutMs,
      Source: this.#source,
    });
    if (this.#onActivity !== null) this.#stream.OnActivity(this.#onActivity);
    this.Poll();
    return SocketError.SUCCESS;
  }

  /** Latches what the backend recorded. @returns SUCCESS, SOCKET_INVALID, or why the stream ended. */
  Poll(): SocketError {
    const stream = this.#stream;
    if (stream === null) return this.#isOpen ? SocketError.SUCCESS : SocketError.SOCKET_INVALID;
    this.#phase = stream.Phase();
    this.#peerFinished = stream.PeerFinished();
    return this.#phase === SocketPhase.CLOSED ? stream.Failure() : SocketError.SUCCESS;
  }

  /**
   * Takes what fits of `data`.
   * @returns SUCCESS with at least one byte (or none given), BUSY (full, or still connecting),
   *   CONNECTION_CLOSED (ended, or after `Shutdown`), SOCKET_INVALID
   */
  Send(data: Uint8Array): PutResult {
    const stream = this.#stream;
    if (stream === null) return { Result: SocketError.SOCKET_INVALID, BytesSent: 0 };
    if (this.#phase === SocketPhase.CONNECTING) return { Result: SocketError.BUSY, BytesSent: 0 };
    if (this.#phase === SocketPhase.CLOSED || this.#finished) {
      return { Result: SocketError.CONNECTION_CLOSED, BytesSent: 0 };
    }
    const sent = stream.Outbound.Write(data);
    if (sent > 0) stream.OutboundChanged();
    const full = sent === 0 && data.length > 0;
    return { Result: full ? SocketError.BUSY : SocketError.SUCCESS, BytesSent: sent };
  }

  /**
   * Moves received bytes into the start of `buffer`.
   * @returns SUCCESS with at least one byte (or an empty buffer), BUSY (nothing yet), FILE_EOF (the
   *   peer finished and all is read), the failure that ended the stream, SOCKET_INVALID
   */
  Receive(buffer: Uint8Array): GetResult {
    const stream = this.#stream;
    if (stream === null) return { Result: SocketError.SOCKET_INVALID, Received: 0 };
    const received = stream.Inbound.Read(buffer);
    if (received > 0) stream.InboundChanged();
    if (received > 0 || buffer.length === 0) {
      return { Result: SocketError.SUCCESS, Received: received };
    }
    if (this.#phase === SocketPhase.CLOSED && this.GetFailure() !== SocketError.SUCCESS) {
      return { Result: this.GetFailure(), Received: 0 };
    }
    return { Result: this.IsAtEnd() ? SocketError.FILE_EOF : SocketError.BUSY, Received: 0 };
  }

  /** As `Receive`, but the bytes stay. @returns how many were copied. */
  Peek(buffer: Uint8Array): number {
    return this.#stream?.Inbound.Peek(buffer) ?? 0;
  }

  /** The peer will send no more; what it sent may still wait. As of the last `Poll`. */
  IsPeerFinished(): boolean {
    return this.#peerFinished || this.#phase === SocketPhase.CLOSED;
  }

  /** The peer will send no more and all is read. As of the last `Poll`. */
  IsAtEnd(): boolean {
    return this.IsPeerFinished() && this.GetAvailableBytes() === 0;
  }

  /** Half close: FIN after what was sent so far; receiving goes on. @returns SUCCESS, SOCKET_INVALID */
  Shutdown(): SocketError {
    if (this.#stream === null || this.#phase !== SocketPhase.OPEN)
      return SocketError.SOCKET_INVALID;
    if (!this.#finished) this.#stream.Finish();
    this.#finished = true;
    return SocketError.SUCCESS;
  }

  /** The connection's phase as of the last `Poll`; IDLE without one. */
  GetPhase(): SocketPhase {
    return this.#phase;
  }

  /** Why the connection ended; SUCCESS while it has not, and after an orderly end. */
  GetFailure(): SocketError {
    return this.#stream?.Failure() ?? SocketError.SUCCESS;
  }

  GetCloseReason(): CloseReason {
    return this.#stream?.Reason() ?? CloseReason.NONE;
  }

  /** Received bytes that wait to be read. */
  GetAvailableBytes(): number {
    return this.#stream?.Inbound.Used() ?? 0;
  }

  /** Accepted bytes that the system has not taken yet. */
  GetOutboundBytes(): number {
    return this.#stream?.Outbound.Used() ?? 0;
  }

  /** Bytes that `Send` would take now. */
  GetSendSpace(): number {
    return this.#stream?.Outbound.Free() ?? 0;
  }

  /** Connections that wait to be accepted. */
  GetPendingConnections(): number {
    return this.#listener?.Pending() ?? 0;
  }

  /** Connections that were reset because too many waited. */
  GetDroppedConnections(): number {
    return this.#listener?.Dropped() ?? 0;
  }

  /** TCP_NODELAY; on from the start. @returns SUCCESS, SOCKET_INVALID */
  SetNoDelay(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.NO_DELAY, enabled);
  }

  /** SO_KEEPALIVE; off from the start. @returns SUCCESS, SOCKET_INVALID */
  SetKeepAlive(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.KEEP_ALIVE, enabled);
  }

  /** SO_REUSEADDR is always on for TCP listeners, as libuv sets it. @returns SUCCESS, UNAVAILABLE */
  SetReuseAddress(enabled: boolean): SocketError {
    return enabled ? SocketError.SUCCESS : SocketError.UNAVAILABLE;
  }

  /** TCP cannot broadcast. @returns SUCCESS for false, UNAVAILABLE for true */
  SetBroadcast(enabled: boolean): SocketError {
    return enabled ? SocketError.UNAVAILABLE : SocketError.SUCCESS;
  }

  /** An invalid address while there is none. */
  GetLocalAddress(): IpAddress {
    return this.#local()?.Address ?? new IpAddress();
  }

  /** 0 while there is none. */
  GetLocalPort(): number {
    return this.#local()?.Port ?? 0;
  }

  GetRemoteAddress(): IpAddress {
    return this.#stream?.Remote()?.Address ?? new IpAddress();
  }

  GetRemotePort(): number {
    return this.#stream?.Remote()?.Port ?? 0;
  }

  IsOpen(): boolean {
    return this.#isOpen;
  }

  /** In a page this turns true when the bridge has granted it. */
  IsListening(): boolean {
    return this.#listener?.Phase() === ListenerPhase.LISTENING;
  }

  /**
   * For callers outside a game loop: `handler` runs from the event loop after something changed.
   * It stays for the next connection too; `null` ends it.
   */
  OnActivity(handler: (() => void) | null): void {
    this.#onActivity = handler;
    this.#stream?.OnActivity(handler);
    this.#listener?.OnActivity(handler);
  }

  /** Sends what was accepted (at most `Limits.lingerMs`), then closes; stops listening. */
  Close(): void {
    this.#stream?.Close(Limits.lingerMs);
    this.#reset();
  }

  /** Resets the connection now; stops listening. */
  Destroy(): void {
    this.#stream?.Abort();
    this.#reset();
  }

  #reset(): void {
    this.#listener?.Close();
    this.#listener = null;
    this.#stream = null;
    this.#source = null;
    this.#isOpen = false;
    this.#finished = false;
    this.#phase = SocketPhase.IDLE;
    this.#peerFinished = false;
  }

  #local(): Endpoint | null {
    return this.#stream?.Local() ?? this.#listener?.Local() ?? this.#source;
  }

  #setOption(option: SocketOption, enabled: boolean): SocketError {
    if (typeof enabled !== "boolean") throw new TypeError("A socket option is true or false.");
    if (this.#stream === null) return SocketError.SOCKET_INVALID;
    this.#stream.SetOption(option, enabled);
    return SocketError.SUCCESS;
  }
}
