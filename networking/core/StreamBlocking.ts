/**
 * The waiting forms of a stream's exact calls, as Luna's and Godot's streams have them: what
 * `BlockingTimeout` switches on. Only for backends that can wait (`Capabilities.Blocking`).
 *
 * Limits: each call waits at most `TimeoutMs`, testing again whenever the backend recorded
 * something.
 */
import { NetLog } from "./NetLog.ts";
import type { NetSocket } from "./NetSocket.ts";
import { SocketError } from "./SocketError.ts";
import { Status } from "./Status.ts";
import type { PutResult } from "./StreamPeer.ts";

/** What the waiting forms need of a stream. */
export interface BlockingStream {
  Poll(): SocketError;
  GetStatus(): Status;
  PutPartialData(data: Uint8Array): PutResult;
}

export class StreamBlocking {
  readonly #stream: BlockingStream;
  readonly #socket: NetSocket;
  #timeoutMs = 0;
  #putting = false;

  constructor(stream: BlockingStream, socket: NetSocket) {
    this.#stream = stream;
    this.#socket = socket;
  }

  /** 0 does not wait; Infinity waits for ever. */
  get TimeoutMs(): number {
    return this.#timeoutMs;
  }

  set TimeoutMs(timeoutMs: number) {
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
      throw new TypeError("BlockingTimeout is milliseconds, 0 or more; Infinity waits for ever.");
    }
    this.#timeoutMs = timeoutMs;
    if (timeoutMs > 0 && !this.#socket.Backend.Capabilities.Blocking) {
      NetLog.WarnOnce("BlockingTimeout has no effect: a page cannot wait. Use the async calls.");
    }
  }

  /** Calls wait: a time is set, and the backend can. */
  IsOn(): boolean {
    return this.#timeoutMs > 0 && this.#socket.Backend.Capabilities.Blocking;
  }

  /** A put is under way. */
  IsPutting(): boolean {
    return this.#putting;
  }

  /** Waits until `ready()`, polling the stream before each test. @returns its last answer */
  Await(ready: () => boolean, timeoutMs = this.#timeoutMs): boolean {
    return this.#socket.Backend.Block(() => {
      this.#stream.Poll();
      return ready();
    }, timeoutMs);
  }

  /** As `Await`, for so many received bytes: what is less does not wake the caller. */
  AwaitBytes(count: number, ready: () => boolean): void {
    this.#socket.SetReceiveLowWater(count);
    this.Await(ready);
    this.#socket.SetReceiveLowWater(0);
  }

  /**
   * Waits for room. Data that fits the buffer goes in at once when there is room for all of it,
   * so a time-out takes nothing; larger data goes through piece by piece.
   * @param onHalfSent the time ended in the middle: the stream must end, so that half a message
   *   is never taken for a whole one.
   * @returns SUCCESS, TIMED_OUT, FAILED, or why the stream ended
   */
  Put(data: Uint8Array, onHalfSent: () => void): SocketError {
    this.#putting = true;
    const code = this.#put(data, onHalfSent);
    this.#putting = false;
    return code;
  }

  #put(data: Uint8Array, onHalfSent: () => void): SocketError {
    const { Backend, OutboundBufferSize } = this.#socket;
    const end = Backend.Now() + this.#timeoutMs;
    const step = data.length <= OutboundBufferSize ? data.length : OutboundBufferSize / 2;
    for (let sent = 0; sent < data.length;) {
      const piece = data.subarray(sent, sent + step);
      const roomy = (): boolean => this.#socket.GetSendSpace() >= piece.length;
      this.Await(() => !this.#isConnected() || roomy(), end - Backend.Now());
      if (!this.#isConnected()) return this.#stream.Poll() || SocketError.FAILED;
      if (!roomy()) {
        if (sent > 0) onHalfSent();
        return SocketError.TIMED_OUT;
      }
      const put = this.#stream.PutPartialData(piece);
      if (put.Result !== SocketError.SUCCESS) return put.Result;
      sent += put.BytesSent;
    }
    return SocketError.SUCCESS;
  }

  #isConnected(): boolean {
    return this.#stream.GetStatus() === Status.STATUS_CONNECTED;
  }
}
