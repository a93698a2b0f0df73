/**
 * A connected socket as a stream (Godot 4 `StreamPeerSocket`): the status, the byte calls, and the
 * ways to end. How a connection comes to be is the subclass's part.
 *
 * The status is latched, see Status.ts for its diagram: `Poll`, or the first call of a synchronous
 * run, makes visible what the backend recorded; in between nothing changes. The stream stays
 * CONNECTED until the poll after the last received byte was read, so the answer to a peer that has
 * finished sending still goes out.
 *
 * Limits: an inbound and an outbound ring (65,536 bytes each unless the options say otherwise). A
 * full outbound ring is BUSY; a full inbound ring makes TCP slow the peer down.
 */
import { Limits } from "./Limits.ts";
import { SocketPhase } from "./NetBackend.ts";
import type { NetSocket } from "./NetSocket.ts";
import type { NetStatistics, StatisticsSource } from "./NetStatistics.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason, Status } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";
import { StreamBlocking } from "./StreamBlocking.ts";
import { StreamPeer } from "./StreamPeer.ts";
import type { DataResult } from "./StreamWaits.ts";
import { StreamWaits } from "./StreamWaits.ts";
import { CurrentTurn } from "./Turn.ts";
import type { WaitTest } from "./WaitQueue.ts";

export abstract class StreamPeerSocket extends StreamPeer implements StatisticsSource {
  protected readonly socket: NetSocket;
  readonly #waits: StreamWaits;
  readonly #blocking: StreamBlocking;
  #status: Status = Status.STATUS_NONE;
  #polledTurn = 0;
  #failure: SocketError = SocketError.SUCCESS;
  #closeReason: CloseReason = CloseReason.NONE;

  /** @param socket connected (accepted by a server), or not open yet. */
  constructor(socket: NetSocket) {
    super();
    this.socket = socket;
    this.#waits = new StreamWaits(this, socket);
    this.#blocking = new StreamBlocking(this, socket);
    if (socket.GetPhase() >= SocketPhase.OPEN) this.#status = Status.STATUS_CONNECTED;
  }

  /**
   * Above 0 the exact calls (`PutData`, `GetData`) and the typed getters wait that many
   * milliseconds (Infinity: for ever), as Luna's and Godot's do; then TIMED_OUT. 0, the default,
   * never waits. A page cannot wait: there it is logged once and has no effect.
   */
  get BlockingTimeout(): number {
    return this.#blocking.TimeoutMs;
  }

  set BlockingTimeout(timeoutMs: number) {
    this.#blocking.TimeoutMs = timeoutMs;
  }

  /** Makes visible what happened since the last poll. @returns SUCCESS, or in ERROR the reason. */
  Poll(): SocketError {
    this.#polledTurn = CurrentTurn();
    if (this.isOpen()) this.#latch();
    return this.#status === Status.STATUS_ERROR ? this.#failure : SocketError.SUCCESS;
  }

  /** The status; polls by itself the first time in a synchronous run. */
  GetStatus(): Status {
    if (this.#polledTurn !== CurrentTurn()) this.Poll();
    return this.#status;
  }

  /** In ERROR the exact reason; else why the last typed getter returned null. */
  override GetLastError(): SocketError {
    return this.#status === Status.STATUS_ERROR ? this.#failure : super.GetLastError();
  }

  /** Why the last connection ended; NONE while it has not. */
  GetCloseReason(): CloseReason {
    return this.#closeReason;
  }

  /**
   * All of `data` or nothing; it is copied.
   * @returns SUCCESS, FAILED (not connected, or after `Shutdown`), BUSY (no room yet),
   *   OUT_OF_BUFFER_MEMORY (larger than the whole buffer), TIMED_OUT (with BlockingTimeout)
   */
  override PutData(data: Uint8Array): SocketError {
    requireBytes(data, "PutData");
    if (this.GetStatus() !== Status.STATUS_CONNECTED) return SocketError.FAILED;
    if (this.socket.IsShutDown()) return SocketError.FAILED;
    if (data.length <= this.socket.GetSendSpace()) return this.PutPartialData(data).Result;
    if (this.#blocking.IsOn()) return this.#blocking.Put(data, () => this.#failHalfSent());
    const never = data.length > this.socket.OutboundBufferSize;
    return never ? SocketError.OUT_OF_BUFFER_MEMORY : SocketError.BUSY;
  }

  /** What fits of `data`, perhaps nothing. @returns SUCCESS; FAILED as `PutData` */
  override PutPartialData(data: Uint8Array): PutResult {
    requireBytes(data, "PutPartialData");
    if (this.GetStatus() !== Status.STATUS_CONNECTED) return nothingSent;
    const sent = this.socket.Send(data);
    if (sent.Result === SocketError.SUCCESS) return sent;
    return sent.Result === SocketError.BUSY ? noRoom : nothingSent;
  }

  /**
   * Exactly `buffer.length` bytes or nothing.
   * @returns SUCCESS, BUSY (too few yet), FILE_EOF (ended with too few left, which GetPartialData
   *   still gives), FAILED (not connected, nothing left), OUT_OF_BUFFER_MEMORY (more than the
   *   inbound buffer holds), TIMED_OUT (with BlockingTimeout)
   */
  override GetData(buffer: Uint8Array): SocketError {
    requireBytes(buffer, "GetData");
    const code = this.#awaitBytes(buffer.length);
    if (code === SocketError.SUCCESS) this.socket.Receive(buffer);
    return code;
  }

  /** As `GetData`, but the bytes stay. */
  override PeekData(buffer: Uint8Array): SocketError {
    const code = this.#awaitBytes(buffer.length);
    if (code === SocketError.SUCCESS) this.socket.Peek(buffer);
    return code;
  }

  /** What is there, perhaps nothing. @returns SUCCESS; FAILED (not connected, nothing left) */
  override GetPartialData(buffer: Uint8Array): GetResult {
    requireBytes(buffer, "GetPartialData");
    const connected = this.GetStatus() === Status.STATUS_CONNECTED;
    if (this.socket.GetAvailableBytes() > 0) return this.socket.Receive(buffer);
    return connected ? nothingYet : nothingLeft;
  }

  /** The peer sends no more; what it sent may still wait to be read. As of the last poll. */
  IsPeerFinished(): boolean {
    return this.socket.IsPeerFinished();
  }

  override GetAvailableBytes(): number {
    return this.socket.GetAvailableBytes();
  }

  /** Accepted bytes that the system has not taken yet. */
  GetOutboundBytes(): number {
    return this.socket.GetOutboundBytes();
  }

  /**
   * As `PutData`, piece by piece, for as long as it takes. @returns SUCCESS, FAILED,
   * LIMIT_REACHED
   */
  PutDataAsync(data: Uint8Array): Promise<SocketError> {
    requireBytes(data, "PutDataAsync");
    return this.#waits.Put(data);
  }

  /**
   * Exactly `count` bytes, for as long as it takes.
   * @param count 0..2^28
   * @returns SUCCESS and the bytes; FILE_EOF, FAILED or LIMIT_REACHED and what came before the end.
   */
  GetDataAsync(count: number): Promise<DataResult> {
    if (!Number.isInteger(count) || count < 0 || count > Limits.maxBufferBytes) {
      throw new TypeError("GetDataAsync takes a number of bytes, an integer in 0..2^28.");
    }
    return this.#waits.Get(count);
  }

  /**
   * Waits until the stream has this status.
   * @param timeoutMs 0..Infinity
   * @returns SUCCESS, TIMED_OUT, FAILED (it ended another way), LIMIT_REACHED
   */
  WaitStatus(status: Status, timeoutMs: number): Promise<SocketError> {
    return this.WaitUntil(() => {
      if (this.GetStatus() === status) return SocketError.SUCCESS;
      return this.isOpen() ? null : SocketError.FAILED;
    }, timeoutMs);
  }

  /**
   * Tests again after each change, until `test` gives a code or the time (0..Infinity ms) is up.
   * @returns what `test` gave, TIMED_OUT, LIMIT_REACHED
   */
  WaitUntil(test: WaitTest, timeoutMs: number): Promise<SocketError> {
    return this.#waits.Until(test, timeoutMs);
  }

  /** The socket underneath, for layers on top such as StreamPeerTLS. */
  GetSocket(): NetSocket {
    return this.socket;
  }

  /** Half close: no more sending, still reading. @returns SUCCESS, FAILED (not connected) */
  Shutdown(): SocketError {
    if (this.#status !== Status.STATUS_CONNECTED) return SocketError.FAILED;
    const code = this.socket.Shutdown();
    return code === SocketError.SUCCESS ? code : SocketError.FAILED;
  }

  /** Sends what was accepted (at most 5,000 ms), then closes. NONE at once. */
  DisconnectFromHost(): void {
    this.socket.Close();
    this.#end(Status.STATUS_NONE, SocketError.SUCCESS, CloseReason.LOCAL);
  }

  /** Resets the connection now; what waits to be sent is lost. NONE at once. */
  Abort(): void {
    this.socket.Destroy();
    this.#end(Status.STATUS_NONE, SocketError.SUCCESS, CloseReason.LOCAL);
  }

  /** What this stream has counted, over all its connections; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    this.socket.AddStatistics(to);
  }

  override CountPackets(taken: number, accepted: number): void {
    this.socket.CountPackets(taken, accepted);
  }

  override FailProtocol(): void {
    super.FailProtocol();
    this.socket.Destroy(SocketError.PROTOCOL_ERROR);
    this.#end(Status.STATUS_ERROR, SocketError.PROTOCOL_ERROR, CloseReason.ERROR);
  }

  /** For the subclass, after it told the socket to connect. */
  protected beginConnecting(): void {
    this.#status = Status.STATUS_CONNECTING;
    this.#failure = SocketError.SUCCESS;
    this.#closeReason = CloseReason.NONE;
  }

  /** CONNECTING or CONNECTED, as latched. */
  protected isOpen(): boolean {
    return this.#status === Status.STATUS_CONNECTING || this.#status === Status.STATUS_CONNECTED;
  }

  #latch(): void {
    const code = this.socket.Poll();
    const phase = this.socket.GetPhase();
    if (code !== SocketError.SUCCESS) {
      return this.#end(Status.STATUS_ERROR, code, this.socket.GetCloseReason());
    }
    if (phase >= SocketPhase.OPEN) this.#status = Status.STATUS_CONNECTED;
    if (this.socket.IsAtEnd() && !this.#isPutting()) {
      this.socket.Close();
      this.#end(Status.STATUS_NONE, SocketError.SUCCESS, CloseReason.PEER);
    }
  }

  /** A peer that has finished sending still gets all of a put that is under way. */
  #isPutting(): boolean {
    return this.#blocking.IsPutting() || this.#waits.IsPutting();
  }

  /** The one exit. A second end changes nothing but ERROR to NONE. */
  #end(status: Status, failure: SocketError, reason: CloseReason): void {
    if (this.isOpen()) {
      this.#failure = failure;
      this.#closeReason = reason;
      this.#status = status;
      this.#waits.Check();
    } else if (status === Status.STATUS_NONE) this.#status = status;
  }

  /** SUCCESS when `count` bytes are there, waiting for them if the stream blocks. */
  #awaitBytes(count: number): SocketError {
    const code = this.#readable(count);
    if (code !== SocketError.BUSY || !this.#blocking.IsOn()) return code;
    this.#blocking.AwaitBytes(count, () => this.#readable(count) !== SocketError.BUSY);
    const then = this.#readable(count);
    return then === SocketError.BUSY ? SocketError.TIMED_OUT : then;
  }

  #readable(count: number): SocketError {
    const connected = this.GetStatus() === Status.STATUS_CONNECTED;
    const available = this.socket.GetAvailableBytes();
    if (available >= count) return SocketError.SUCCESS;
    if (!connected) {
      return available > 0 ? SocketError.FILE_EOF : SocketError.FAILED;
    }
    if (count > this.socket.InboundBufferSize) return SocketError.OUT_OF_BUFFER_MEMORY;
    return this.socket.IsPeerFinished() ? SocketError.FILE_EOF : SocketError.BUSY;
  }

  #failHalfSent(): void {
    this.socket.Destroy(SocketError.TIMED_OUT);
    this.#end(Status.STATUS_ERROR, SocketError.TIMED_OUT, CloseReason.TIMEOUT);
  }
}

const nothingSent: PutResult = Object.freeze({ Result: SocketError.FAILED, BytesSent: 0 });
const noRoom: PutResult = Object.freeze({ Result: SocketError.SUCCESS, BytesSent: 0 });
const nothingYet: GetResult = Object.freeze({ Result: SocketError.SUCCESS, Received: 0 });
const nothingLeft: GetResult = Object.freeze({ Result: SocketError.FAILED, Received: 0 });

function requireBytes(data: Uint8Array, call: string): void {
  if (!(data instanceof Uint8Array)) throw new TypeError(`${call} takes a Uint8Array.`);
}
