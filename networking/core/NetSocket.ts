/**
 * A non-blocking socket: the lowest public class (Luna `netSocket`, Godot `NetSocket`). It connects
 * or listens, moves bytes, and latches what its backend recorded whenever `Poll` is called. Opened
 * with `Protocol.UDP` it moves datagrams instead (SocketDatagrams), where the backend has them.
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
import type { BackendListener, Endpoint, NetBackend } from "./NetBackend.ts";
import { ListenerPhase } from "./NetBackend.ts";
import type { NetSocketOptions } from "./NetSocketOptions.ts";
import {
  AddressOf,
  BufferSize,
  CorrectedBacklog,
  IsPort,
  Protocol,
  TargetOf,
} from "./NetSocketOptions.ts";
import { SocketDatagrams } from "./SocketDatagrams.ts";
import { SocketError } from "./SocketError.ts";
import { SocketTransport } from "./SocketTransport.ts";

export class NetSocket extends SocketTransport {
  /** Where this socket's connections and lookups come from. */
  readonly Backend: NetBackend;
  readonly InboundBufferSize: number;
  readonly OutboundBufferSize: number;
  readonly #connectTimeoutMs: number;
  #isOpen = false;
  #source: Endpoint | null = null;
  #listener: BackendListener | null = null;
  readonly #options: NetSocketOptions;
  #onActivity: (() => void) | null = null;

  constructor(options: NetSocketOptions = {}) {
    super();
    if (options === null || typeof options !== "object") {
      throw new TypeError("A socket's options are an object such as { ConnectTimeout: 5000 }.");
    }
    this.#options = options;
    this.Backend = options.Backend ?? DefaultBackend();
    this.InboundBufferSize = BufferSize(options.InboundBufferSize, Limits.inboundBufferBytes);
    this.OutboundBufferSize = BufferSize(options.OutboundBufferSize, Limits.outboundBufferBytes);
    this.#connectTimeoutMs = options.ConnectTimeout ?? Limits.connectTimeoutMs;
    if (!(this.#connectTimeoutMs > 0 && this.#connectTimeoutMs < 2 ** 31)) {
      throw new TypeError("ConnectTimeout is milliseconds, above 0 and below 2^31.");
    }
  }

  /** @returns SUCCESS, ALREADY_INIT, UNAVAILABLE (UDP, in a page) */
  Open(protocol: Protocol = Protocol.TCP): SocketError {
    if (protocol !== Protocol.TCP && protocol !== Protocol.UDP) {
      throw new TypeError("Open takes Protocol.TCP or Protocol.UDP.");
    }
    if (this.#isOpen) return SocketError.ALREADY_INIT;
    if (protocol === Protocol.UDP) {
      if (this.Backend.OpenDatagram === undefined) return SocketError.UNAVAILABLE;
      const { InboundBufferSize, OutboundBufferSize } = this.#options;
      const datagrams = new SocketDatagrams(this.Backend, InboundBufferSize, OutboundBufferSize);
      datagrams.OnActivity(this.#onActivity);
      this.setDatagrams(datagrams);
    }
    this.#isOpen = true;
    return SocketError.SUCCESS;
  }

  /**
   * Chooses the local end, once. For TCP the system is asked at `Listen` or `ConnectToHost`, which
   * report ADDRESS_IN_USE and the like; for UDP now, and the answer is `DatagramBinding.Bind`'s.
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
    const inRange = IsPort(port, 0, "Bind");
    if (!this.#isOpen) {
      const opened = this.Open(protocol);
      if (opened !== SocketError.SUCCESS) return opened;
    }
    const datagrams = this.datagrams();
    if (datagrams !== null) return datagrams.Bind(port, host);
    if (this.#source !== null || this.stream() !== null) return SocketError.ALREADY_INIT;
    if (!inRange) return SocketError.INVALID_PARAMETER;
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
    const backlog = CorrectedBacklog(maxPending);
    if (this.datagrams() !== null) return SocketError.UNAVAILABLE;
    if (this.#source === null) return SocketError.SOCKET_INVALID;
    if (this.#listener !== null || this.stream() !== null) return SocketError.ALREADY_INIT;
    if (!this.Backend.Capabilities.Listen) return SocketError.UNAVAILABLE;
    const listener = this.Backend.Listen({
      ...this.#source,
      Backlog: backlog,
      InboundBufferBytes: this.InboundBufferSize,
      OutboundBufferBytes: this.OutboundBufferSize,
    });
    if (listener.Phase() === ListenerPhase.CLOSED) return listener.Failure();
    if (this.#onActivity !== null) listener.OnActivity(this.#onActivity);
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
    socket.setStream(stream, true);
    return socket;
  }

  /**
   * Starts to connect; `Poll` and `GetPhase` tell how it goes. A UDP socket is connected when this
   * returns (`DatagramBinding.ConnectToHost` has its codes).
   * @param host an address, or a name that is looked up inside the deadline.
   * @param port 1..65535
   * @returns SUCCESS (under way), ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   CANT_RESOLVE (not a host name), UNAVAILABLE
   */
  ConnectToHost(host: IpAddress | string, port: number): SocketError {
    const target = TargetOf(host);
    const datagrams = this.datagrams();
    if (datagrams !== null) return datagrams.ConnectToHost(host, port);
    if (this.stream() !== null || this.#listener !== null) return SocketError.ALREADY_INIT;
    if (typeof target === "number") return target;
    if (!IsPort(port, 1, "ConnectToHost")) return SocketError.INVALID_PARAMETER;
    if (this.#source !== null && !this.Backend.Capabilities.Bind) return SocketError.UNAVAILABLE;
    this.#isOpen = true;
    const stream = this.Backend.OpenSocket({
      InboundBufferBytes: this.InboundBufferSize,
      OutboundBufferBytes: this.OutboundBufferSize,
    });
    stream.Connect({
      Host: target,
      Port: port,
      TimeoutMs: this.#connectTimeoutMs,
      Source: this.#source,
    });
    if (this.#onActivity !== null) stream.OnActivity(this.#onActivity);
    this.setStream(stream);
    return SocketError.SUCCESS;
  }

  /**
   * Latches what the backend recorded. @returns SUCCESS, SOCKET_INVALID (not open), or why it
   * ended
   */
  override Poll(): SocketError {
    if (this.stream() !== null || this.datagrams() !== null) return super.Poll();
    if (this.#listener !== null) return this.#listener.Failure();
    return this.#isOpen ? SocketError.SUCCESS : SocketError.SOCKET_INVALID;
  }

  /** Connections that wait to be accepted. */
  GetPendingConnections(): number {
    return this.#listener?.Pending() ?? 0;
  }

  /** Connections that were reset because too many waited. */
  GetDroppedConnections(): number {
    return this.#listener?.Dropped() ?? 0;
  }

  /** An invalid address while there is none. */
  GetLocalAddress(): IpAddress {
    return this.#local()?.Address ?? new IpAddress();
  }

  /** 0 while there is none. */
  GetLocalPort(): number {
    return this.#local()?.Port ?? 0;
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
    this.stream()?.OnActivity(handler);
    this.#listener?.OnActivity(handler);
    this.datagrams()?.OnActivity(handler);
  }

  /** Sends what was accepted (at most `Limits.lingerMs`), then closes; stops listening. */
  Close(): void {
    this.stream()?.Close(Limits.lingerMs);
    this.datagrams()?.Close(Limits.lingerMs);
    this.#reset();
  }

  /**
   * Resets the connection now; stops listening.
   * @param why counted as the error that ended a connection (`AddStatistics`).
   */
  Destroy(why: SocketError = SocketError.SUCCESS): void {
    if (this.stream() !== null) this.countError(why);
    this.stream()?.Abort();
    this.datagrams()?.Close(0);
    this.#reset();
  }

  #reset(): void {
    this.#listener?.Close();
    this.#listener = null;
    this.setDatagrams(null);
    this.setStream(null);
    this.#source = null;
    this.#isOpen = false;
  }

  #local(): Endpoint | null {
    const own = this.stream() ?? this.#listener ?? this.datagrams();
    return own?.Local() ?? this.#source;
  }
}
