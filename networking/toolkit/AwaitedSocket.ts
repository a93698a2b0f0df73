/**
 * A connected NetSocket whose bytes and room can be awaited: what Connection stands on. It has one
 * exit: the first failure resets the socket, and everything that waits, or comes later, rejects
 * with that failure.
 *
 * A wait in which nothing moves for `idleMs` is such a failure. Waits of one kind are served in
 * their order, `Limits.maxWaiters` of them at most. Driven by the backend's activity.
 */
import type { NetSocket } from "../core/NetSocket.ts";
import { SocketError } from "../core/SocketError.ts";
import { WaitQueue } from "../core/WaitQueue.ts";
import type { EasySocketError } from "./Errors.ts";
import { ConnectionTimeoutError, ErrorOf } from "./Errors.ts";
import type { PeerAddress } from "./PeerAddress.ts";

/** A test of a wait; it calls `moved` when something has, which starts the idle time anew. */
type WaitStep = (moved: () => void) => SocketError | null;

export class AwaitedSocket {
  readonly #socket: NetSocket;
  readonly #peer: PeerAddress;
  readonly #idleMs: number;
  readonly #reads: WaitQueue;
  readonly #writes: WaitQueue;
  readonly #endings: ((failure: EasySocketError | null) => void)[] = [];
  #failure: EasySocketError | null = null;
  #closed = false;

  constructor(socket: NetSocket, peer: PeerAddress, idleMs: number) {
    this.#socket = socket;
    this.#peer = peer;
    this.#idleMs = idleMs;
    this.#reads = new WaitQueue(socket.Backend, true);
    this.#writes = new WaitQueue(socket.Backend, true);
    socket.OnActivity(() => this.Check());
  }

  /** Neither closed nor failed. */
  IsOpen(): boolean {
    return !this.#closed && this.#failure === null;
  }

  /** Nobody waits to read or to write. */
  IsQuiet(): boolean {
    return this.#reads.IsEmpty() && this.#writes.IsEmpty();
  }

  /** Runs `ending` when the connection is over, with the failure, or with null for a close. */
  OnEnd(ending: (failure: EasySocketError | null) => void): void {
    if (this.IsOpen()) this.#endings.push(ending);
    else ending(this.#failure);
  }

  /** Something may have changed for those who wait. */
  Check(): void {
    if (this.IsOpen()) this.#socket.Poll();
    this.#reads.Check();
    this.#writes.Check();
  }

  /** Waits for a byte. @returns false at the peer's end, or once `isEnough` */
  async Readable(isEnough: () => boolean = () => false): Promise<boolean> {
    const code = await this.#wait(this.#reads, `Reading from ${this.#peer}`, () => {
      if (isEnough()) return SocketError.FILE_EOF;
      if (this.#socket.GetAvailableBytes() > 0) return SocketError.SUCCESS;
      const failure = this.#socket.Poll();
      if (failure !== SocketError.SUCCESS) return failure;
      return this.#socket.IsAtEnd() ? SocketError.FILE_EOF : null;
    });
    return code === SocketError.SUCCESS;
  }

  /** Waits for the end of a TLS handshake that was begun. */
  async Secured(): Promise<void> {
    await this.#wait(this.#reads, `The TLS handshake with ${this.#peer}`, () => {
      const failure = this.#socket.Poll();
      if (failure !== SocketError.SUCCESS) return failure;
      return this.#socket.IsHandshaking() ? null : SocketError.SUCCESS;
    });
  }

  /** What is there, `maxBytes` at most; perhaps nothing. */
  Receive(maxBytes: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(maxBytes, this.#socket.GetAvailableBytes()));
    this.#socket.Receive(bytes);
    return bytes;
  }

  /** Sends all of it, as room comes free. */
  async Send(bytes: Uint8Array): Promise<void> {
    let sent = 0;
    await this.#write((moved) => {
      const put = this.#socket.Send(bytes.subarray(sent));
      if (put.Result !== SocketError.SUCCESS && put.Result !== SocketError.BUSY) return put.Result;
      sent += put.BytesSent;
      if (put.BytesSent > 0) moved();
      return sent === bytes.length ? SocketError.SUCCESS : null;
    });
  }

  /** Half close, after all that was sent before. */
  async Finish(): Promise<void> {
    await this.#write(() => this.#socket.Shutdown());
  }

  /** Waits until the system has taken all that was sent. */
  async Flush(): Promise<void> {
    if (this.#closed) return;
    let left = this.#socket.GetOutboundBytes();
    await this.#write((moved) => {
      const before = left;
      left = this.#socket.GetOutboundBytes();
      if (left < before) moved();
      return left === 0 ? SocketError.SUCCESS : null;
    });
  }

  /** Closes after a `Flush`. Never rejects. */
  async Close(): Promise<void> {
    // Whatever goes wrong, the connection is over then, and that is what was asked for.
    await this.Flush().catch(() => undefined);
    if (!this.IsOpen()) return;
    this.#closed = true;
    this.#end();
    this.#socket.Close();
    this.Check();
  }

  /** The one exit of all failures. @returns the first of them */
  Fail(error: EasySocketError): EasySocketError {
    if (!this.IsOpen()) return this.#failure ?? error;
    this.#failure = error;
    this.#end();
    this.#socket.Destroy();
    this.Check();
    return error;
  }

  async #write(test: WaitStep): Promise<void> {
    await this.#wait(this.#writes, `Writing to ${this.#peer}`, (moved) => {
      const failure = this.#socket.Poll();
      return failure === SocketError.SUCCESS ? test(moved) : failure;
    });
  }

  /** @returns SUCCESS or FILE_EOF; every other code is a failure of the connection. */
  async #wait(queue: WaitQueue, doing: string, step: WaitStep): Promise<SocketError> {
    let stall: NodeJS.Timeout | undefined;
    let waiting = true;
    let moves = 0;
    const moved = (): void => {
      moves++;
      stall?.refresh();
    };
    const onStall = (): void => {
      // An event loop that was held up looks once more before it blames the peer.
      const before = moves;
      this.Check();
      if (!waiting || moves > before) return;
      const text = `${doing} failed: nothing moved for ${this.#idleMs} ms.`;
      this.Fail(new ConnectionTimeoutError(text));
    };
    const code = await queue.Wait(() => {
      const reached = this.IsOpen() ? step(moved) : SocketError.CONNECTION_CLOSED;
      waiting = reached === null;
      if (waiting && this.#idleMs < 2 ** 31) stall ??= setTimeout(onStall, this.#idleMs);
      return reached;
    }, Infinity);
    clearTimeout(stall);
    if (code === SocketError.SUCCESS || code === SocketError.FILE_EOF) return code;
    throw this.Fail(ErrorOf(code, doing));
  }

  #end(): void {
    this.#socket.OnActivity(null);
    for (const ending of this.#endings.splice(0)) ending(this.#failure);
  }
}
