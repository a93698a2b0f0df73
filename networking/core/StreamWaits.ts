/**
 * The promise forms of a stream's calls, for scripts and tools outside a game loop. Each waits for
 * the backend's activity, so nothing is polled by timer; while nobody waits, nothing is watched.
 *
 * Reads are served in the order of their calls, and so are writes.
 */
import type { NetSocket } from "./NetSocket.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason, Status } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";
import type { WaitTest } from "./WaitQueue.ts";
import { WaitQueue } from "./WaitQueue.ts";

/** What the promise forms need of a stream. */
export interface WaitableStream {
  Poll(): SocketError;
  GetStatus(): Status;
  GetCloseReason(): CloseReason;
  PutPartialData(data: Uint8Array): PutResult;
  GetPartialData(buffer: Uint8Array): GetResult;
}

export interface DataResult {
  readonly Result: SocketError;
  readonly Data: Uint8Array;
}

export class StreamWaits {
  readonly #stream: WaitableStream;
  readonly #socket: NetSocket;
  readonly #reads: WaitQueue;
  readonly #writes: WaitQueue;
  readonly #states: WaitQueue;

  constructor(stream: WaitableStream, socket: NetSocket) {
    this.#stream = stream;
    this.#socket = socket;
    this.#reads = new WaitQueue(socket.Backend, true);
    this.#writes = new WaitQueue(socket.Backend, true);
    this.#states = new WaitQueue(socket.Backend, false);
  }

  Put(data: Uint8Array): Promise<SocketError> {
    let sent = 0;
    return this.#wait(this.#writes, Infinity, () => {
      const put = this.#stream.PutPartialData(data.subarray(sent));
      sent += put.BytesSent;
      if (put.Result !== SocketError.SUCCESS) return put.Result;
      return sent === data.length ? SocketError.SUCCESS : null;
    });
  }

  async Get(count: number): Promise<DataResult> {
    const data = new Uint8Array(count);
    let received = 0;
    const code = await this.#wait(this.#reads, Infinity, () => {
      received += this.#stream.GetPartialData(data.subarray(received)).Received;
      if (received === count) return SocketError.SUCCESS;
      if (this.#isOpen()) return this.#socket.IsAtEnd() ? SocketError.FILE_EOF : null;
      const byPeer = this.#stream.GetCloseReason() === CloseReason.PEER;
      return byPeer ? SocketError.FILE_EOF : SocketError.FAILED;
    });
    return { Result: code, Data: data.subarray(0, received) };
  }

  Until(test: WaitTest, timeoutMs: number): Promise<SocketError> {
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
      throw new TypeError("A wait takes a time in milliseconds, 0 or more.");
    }
    return this.#wait(this.#states, timeoutMs, test);
  }

  /** A put waits for room. */
  IsPutting(): boolean {
    return !this.#writes.IsEmpty();
  }

  /** The stream changed by a call of its owner (a disconnect): whoever waits hears it now. */
  Check(): void {
    this.#reads.Check();
    this.#writes.Check();
    this.#states.Check();
  }

  #isOpen(): boolean {
    const status = this.#stream.GetStatus();
    return status === Status.STATUS_CONNECTING || status === Status.STATUS_CONNECTED;
  }

  async #wait(queue: WaitQueue, timeoutMs: number, test: WaitTest): Promise<SocketError> {
    if (this.#isIdle()) this.#socket.OnActivity(() => this.#onActivity());
    const code = await queue.Wait(test, timeoutMs);
    if (this.#isIdle()) this.#socket.OnActivity(null);
    return code;
  }

  #isIdle(): boolean {
    return this.#reads.IsEmpty() && this.#writes.IsEmpty() && this.#states.IsEmpty();
  }

  #onActivity(): void {
    this.#stream.Poll();
    this.Check();
  }
}
