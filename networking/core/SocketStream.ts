/**
 * One connection: its bytes, and its state as its owner last saw it. `Poll` latches what the
 * backend recorded, so nothing changes between two polls except the fill of the rings.
 *
 * `Send` takes what fits into the outbound ring and never waits; `Receive` gives what is there. The
 * socket's owner drives it (NetSocket adds how a connection comes to be).
 */
import { IpAddress } from "./IpAddress.ts";
import type { BackendSocket } from "./NetBackend.ts";
import { SocketOption, SocketPhase } from "./NetBackend.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";

export class SocketStream {
  #stream: BackendSocket | null = null;
  #finished = false;
  // Latched by Poll.
  #phase: SocketPhase = SocketPhase.IDLE;
  #peerFinished = false;

  /**
   * Latches what the backend recorded. @returns SUCCESS, SOCKET_INVALID, or why the stream ended.
   */
  Poll(): SocketError {
    const stream = this.#stream;
    if (stream === null) return SocketError.SOCKET_INVALID;
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

  /**
   * Half close: FIN after what was sent so far; receiving goes on. @returns SUCCESS,
   * SOCKET_INVALID
   */
  Shutdown(): SocketError {
    // Said twice is no mistake, even if the peer has finished in between and all is over.
    if (this.#finished && this.GetFailure() === SocketError.SUCCESS) return SocketError.SUCCESS;
    if (this.#stream === null || this.#phase !== SocketPhase.OPEN) {
      return SocketError.SOCKET_INVALID;
    }
    this.#stream.Finish();
    this.#finished = true;
    return SocketError.SUCCESS;
  }

  /** `Shutdown` was called: `Send` takes nothing any more. */
  IsShutDown(): boolean {
    return this.#finished;
  }

  /** The connection's phase as of the last `Poll`; IDLE without one. */
  GetPhase(): SocketPhase {
    return this.#phase;
  }

  /** Why the connection ended; SUCCESS while it has not, and after an orderly end. */
  GetFailure(): SocketError {
    return this.#ended()?.Failure() ?? SocketError.SUCCESS;
  }

  /** How the connection ended; NONE while it has not. */
  GetCloseReason(): CloseReason {
    return this.#ended()?.Reason() ?? CloseReason.NONE;
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

  /** TCP_NODELAY; on from the start. @returns SUCCESS, SOCKET_INVALID */
  SetNoDelay(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.NO_DELAY, enabled);
  }

  /** SO_KEEPALIVE; off from the start. @returns SUCCESS, SOCKET_INVALID */
  SetKeepAlive(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.KEEP_ALIVE, enabled);
  }

  GetRemoteAddress(): IpAddress {
    return this.#stream?.Remote()?.Address ?? new IpAddress();
  }

  GetRemotePort(): number {
    return this.#stream?.Remote()?.Port ?? 0;
  }

  /** The connection, for the subclass that gave it. */
  protected stream(): BackendSocket | null {
    return this.#stream;
  }

  /** Begins with a connection, or with null ends with it. */
  protected setStream(stream: BackendSocket | null): void {
    this.#stream = stream;
    this.#finished = false;
    this.#phase = SocketPhase.IDLE;
    this.#peerFinished = false;
    this.Poll();
  }

  /** The connection once a poll has seen its end, else null. */
  #ended(): BackendSocket | null {
    return this.#phase === SocketPhase.CLOSED ? this.#stream : null;
  }

  #setOption(option: SocketOption, enabled: boolean): SocketError {
    if (typeof enabled !== "boolean") throw new TypeError("A socket option is true or false.");
    if (this.#stream === null) return SocketError.SOCKET_INVALID;
    this.#stream.SetOption(option, enabled);
    return SocketError.SUCCESS;
  }
}
