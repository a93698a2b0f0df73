/**
 * One connection: its bytes, and its state as its owner last saw it. `Poll` latches what the
 * backend recorded, so nothing changes between two polls except the fill of the rings.
 *
 * `Send` takes what fits into the outbound ring and never waits; `Receive` gives what is there. The
 * socket's owner drives it (NetSocket adds how a connection comes to be). While a TLS handshake
 * goes on the rings are the backend's alone: nothing is sent, and nothing is there.
 */
import { IpAddress } from "./IpAddress.ts";
import type { BackendSocket } from "./NetBackend.ts";
import { SocketOption, SocketPhase } from "./NetBackend.ts";
import { NetStatistics } from "./NetStatistics.ts";
import type { StatisticsSource } from "./NetStatistics.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";
import type { TlsFacts, TlsRequest } from "./TlsRequest.ts";

export class SocketStream implements StatisticsSource {
  // What each poll touches stands first, together in the cache.
  #stream: BackendSocket | null = null;
  // Latched by Poll.
  #phase: SocketPhase = SocketPhase.IDLE;
  #peerFinished = false;
  /** From `Secure` to the poll that finds the handshake done, or the next connection. */
  #handshaking = false;
  #facts: TlsFacts | null = null;
  #finished = false;
  /** Of all connections so far; BytesIn has what was taken, or was there at a connection's end. */
  readonly #counted = new NetStatistics();

  /**
   * Latches what the backend recorded. @returns SUCCESS, SOCKET_INVALID, or why the stream ended.
   */
  Poll(): SocketError {
    const stream = this.#stream;
    if (stream === null) return SocketError.SOCKET_INVALID;
    const phase = stream.Phase();
    if (phase !== this.#phase) this.#enter(phase, stream);
    this.#peerFinished = stream.PeerFinished();
    if (this.#handshaking) this.#latchHandshake(stream);
    return phase === SocketPhase.CLOSED ? stream.Failure() : SocketError.SUCCESS;
  }

  /**
   * Takes what fits of `data`.
   * @returns SUCCESS with at least one byte (or none given), BUSY (full, or still connecting or
   *   handshaking), CONNECTION_CLOSED (ended, or after `Shutdown`), SOCKET_INVALID
   */
  Send(data: Uint8Array): PutResult {
    const stream = this.#stream;
    if (stream === null) return { Result: SocketError.SOCKET_INVALID, BytesSent: 0 };
    if (this.#phase === SocketPhase.CONNECTING) return { Result: SocketError.BUSY, BytesSent: 0 };
    if (this.#phase === SocketPhase.CLOSED || this.#finished) {
      return { Result: SocketError.CONNECTION_CLOSED, BytesSent: 0 };
    }
    if (this.#handshaking) return { Result: SocketError.BUSY, BytesSent: 0 };
    const sent = stream.Outbound.Write(data);
    if (sent > 0) {
      this.#counted.BytesOut += sent;
      stream.OutboundChanged();
    }
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
    const received = this.#handshaking ? 0 : stream.Inbound.Read(buffer);
    if (received > 0) {
      this.#counted.BytesIn += received;
      stream.InboundChanged();
    }
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
    return this.#clear()?.Inbound.Peek(buffer) ?? 0;
  }

  /**
   * A caller that is about to wait in `Backend.Block` says for how many received bytes, and 0
   * afterwards: it may sleep through fewer. @param bytes 0..InboundBufferSize
   */
  SetReceiveLowWater(bytes: number): void {
    this.#stream?.SetReceiveLowWater?.(bytes);
  }

  /** The peer will send no more; what it sent may still wait. As of the last `Poll`. */
  IsPeerFinished(): boolean {
    return this.#peerFinished || this.#phase === SocketPhase.CLOSED;
  }

  /** The peer will send no more and all is read. As of the last `Poll`. */
  IsAtEnd(): boolean {
    // In a handshake the backend says first what a peer's end means.
    if (this.#handshaking && this.#phase !== SocketPhase.CLOSED) return false;
    return this.IsPeerFinished() && this.GetAvailableBytes() === 0;
  }

  /**
   * Half close: FIN after what was sent so far; receiving goes on. @returns SUCCESS,
   * SOCKET_INVALID
   */
  Shutdown(): SocketError {
    // Said twice is no mistake, even if the peer has finished in between and all is over.
    if (this.#finished && this.GetFailure() === SocketError.SUCCESS) return SocketError.SUCCESS;
    if (this.#stream === null || this.#phase !== SocketPhase.OPEN || this.#handshaking) {
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
    return this.#clear()?.Inbound.Used() ?? 0;
  }

  /** Accepted bytes that the system has not taken yet. */
  GetOutboundBytes(): number {
    return this.#stream?.Outbound.Used() ?? 0;
  }

  /** Bytes that `Send` would take now. */
  GetSendSpace(): number {
    return this.#clear()?.Outbound.Free() ?? 0;
  }

  /**
   * Begins a TLS handshake, after what was sent so far; see BackendSocket. A `Poll` that finds it
   * failed finds the connection ended with its code.
   * @returns SUCCESS (under way), SOCKET_INVALID (not open, or one side has finished),
   *   ALREADY_INIT, UNAVAILABLE (this backend has no TLS), LIMIT_REACHED
   */
  Secure(request: TlsRequest): SocketError {
    const stream = this.#stream;
    if (stream === null || this.#phase !== SocketPhase.OPEN) return SocketError.SOCKET_INVALID;
    if (this.#handshaking || this.#facts !== null) return SocketError.ALREADY_INIT;
    if (this.#finished || this.#peerFinished) return SocketError.SOCKET_INVALID;
    const code = stream.Secure?.(request) ?? SocketError.UNAVAILABLE;
    this.#handshaking = code === SocketError.SUCCESS;
    return code;
  }

  /** Between `Secure` and the `Poll` that finds the handshake done, or for ever if it failed. */
  IsHandshaking(): boolean {
    return this.#handshaking;
  }

  /** What the handshake came to; null before its end, and on a plain connection. */
  GetTlsFacts(): TlsFacts | null {
    return this.#facts;
  }

  /** TCP_NODELAY; on from the start. @returns SUCCESS, SOCKET_INVALID */
  SetNoDelay(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.NO_DELAY, enabled);
  }

  /** SO_KEEPALIVE; off from the start. @returns SUCCESS, SOCKET_INVALID */
  SetKeepAlive(enabled: boolean): SocketError {
    return this.#setOption(SocketOption.KEEP_ALIVE, enabled);
  }

  /** What this socket has counted, over all its connections; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    to.Add(this.#counted);
    const stream = this.#stream;
    if (stream === null) return;
    const waiting = stream.Inbound.Used();
    to.BytesIn += waiting;
    to.BufferedIn += waiting;
    to.BufferedOut += stream.Outbound.Used();
    to.PausedMs += stream.PausedMs();
  }

  /** For protocols on top: so many packets of theirs were taken, and accepted. */
  CountPackets(taken: number, accepted: number): void {
    this.#counted.PacketsIn += taken;
    this.#counted.PacketsOut += accepted;
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

  /**
   * Begins with a connection, or with null ends with it.
   * @param isTaken it stood when a server took it, and may have ended since.
   */
  protected setStream(stream: BackendSocket | null, isTaken = false): void {
    this.#settle();
    this.#stream = stream;
    this.#finished = false;
    this.#phase = isTaken ? SocketPhase.OPEN : SocketPhase.IDLE;
    if (isTaken) this.#counted.CountOpened(null);
    this.#peerFinished = false;
    this.#facts = null;
    this.#handshaking = false;
    this.Poll();
  }

  /** Why the owner ends the connection, where the backend does not know. */
  protected countError(code: SocketError): void {
    this.#counted.CountError(code);
  }

  /** A poll finds another phase: counts what came to stand, and what ended. */
  #enter(phase: SocketPhase, stream: BackendSocket): void {
    const wasOpen = this.#phase === SocketPhase.OPEN;
    this.#phase = phase;
    if (phase < SocketPhase.OPEN) return;
    const failure = stream.Failure();
    this.#counted.CountError(failure);
    // What came and went between two polls did stand if it ended in order, or had a peer.
    const stood = wasOpen || failure === SocketError.SUCCESS || stream.Remote() !== null;
    if (!wasOpen && stood) this.#counted.CountOpened(stream.ConnectMs());
    if (phase === SocketPhase.CLOSED && stood) this.#counted.Closed++;
  }

  /** The connection is let go: what it counted itself stays. */
  #settle(): void {
    if (this.#stream === null) return;
    this.#counted.BytesIn += this.#stream.Inbound.Used();
    this.#counted.PausedMs += this.#stream.PausedMs();
    if (this.#phase === SocketPhase.OPEN) this.#counted.Closed++;
  }

  #latchHandshake(stream: BackendSocket): void {
    this.#facts = stream.Secured?.() ?? null;
    this.#handshaking = this.#facts === null;
  }

  /** The connection if its rings carry what the peers say. */
  #clear(): BackendSocket | null {
    return this.#handshaking ? null : this.#stream;
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
