/**
 * A stream whose every call is checked: what it accepts and gives is counted and compared with a
 * pattern, and its states may only follow each other as Status.ts draws them.
 */
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { Pattern, StatusOf } from "./World.ts";

const { STATUS_NONE, STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR } = Status;

/** What `Poll` may lead to; leaving ERROR takes a call. */
const next: Readonly<Record<Status, readonly Status[]>> = {
  [STATUS_NONE]: [],
  // An end that came at once with the connection is seen in one poll.
  [STATUS_CONNECTING]: [STATUS_CONNECTED, STATUS_ERROR, STATUS_NONE],
  [STATUS_CONNECTED]: [STATUS_ERROR, STATUS_NONE],
  [STATUS_ERROR]: [],
};

export interface WatchedOptions {
  /** CONNECTING for a stream that connects, CONNECTED for one that was taken. */
  readonly Status: Status;
  readonly RingBytes: number;
  readonly Now: () => number;
}

export class Watched {
  readonly Stream: StreamPeerTCP;
  /** Bytes that were reported as accepted, and as received. */
  Accepted = 0;
  Received = 0;
  /** Bytes of a blocking put that broke the stream in the middle: some of them may be under way. */
  Doubtful = 0;
  /** When the owner ended it; Infinity when it did not. */
  LeftAtMs = Infinity;
  Aborted = false;
  /** When an end was seen that is not the owner's; Infinity when none was. */
  EndedAtMs = Infinity;
  readonly #options: WatchedOptions;
  #status: Status;

  constructor(stream: StreamPeerTCP, options: WatchedOptions) {
    this.Stream = stream;
    this.#options = options;
    this.#status = options.Status;
  }

  /** Polls, and checks what changed. */
  Poll(): Status {
    const status = StatusOf(this.Stream);
    if (status !== this.#status) {
      this.#expect(next[this.#status].includes(status), `no ${this.#status} to ${status}`);
      this.#status = status;
      if (!this.#isOpen()) this.EndedAtMs = this.#options.Now();
    }
    const failure = this.Stream.Poll();
    this.#expect((failure !== SocketError.SUCCESS) === (status === STATUS_ERROR), "Poll's code");
    const reason = this.Stream.GetCloseReason();
    this.#expect((reason === CloseReason.NONE) === this.#isOpen(), `reason ${reason}`);
    const asError = reason >= CloseReason.RESET;
    this.#expect(asError === (status === STATUS_ERROR) || this.HasLeft(), "ERROR has its reason");
    const { RingBytes } = this.#options;
    this.#expect(this.Stream.GetAvailableBytes() <= RingBytes, "the inbound ring's limit");
    this.#expect(this.Stream.GetOutboundBytes() <= RingBytes, "the outbound ring's limit");
    return status;
  }

  IsConnected(): boolean {
    return this.#status === STATUS_CONNECTED;
  }

  HasLeft(): boolean {
    return this.LeftAtMs < Infinity;
  }

  /** The other side finished, and all was read. */
  EndedInOrder(): boolean {
    return this.Stream.GetCloseReason() === CloseReason.PEER;
  }

  PutSome(count: number): void {
    const { Result, BytesSent } = this.Stream.PutPartialData(Pattern(count, this.Accepted));
    this.#expect(BytesSent <= count, "no more than given");
    this.#expect(Result === SocketError.SUCCESS || BytesSent === 0, "a failure takes nothing");
    this.Accepted += BytesSent;
  }

  PutAll(count: number): void {
    const before = this.Stream.GetOutboundBytes();
    const code = this.Stream.PutData(Pattern(count, this.Accepted));
    const taken = this.Stream.GetOutboundBytes() - before;
    this.#expect(taken === (code === SocketError.SUCCESS ? count : 0), "all or nothing");
    this.Accepted += taken;
  }

  /** Waits for room; more than the ring holds goes through in pieces. */
  PutBlocking(count: number, timeoutMs: number): void {
    this.Stream.BlockingTimeout = timeoutMs;
    const code = this.Stream.PutData(Pattern(count, this.Accepted));
    this.Stream.BlockingTimeout = 0;
    if (code === SocketError.SUCCESS) this.Accepted += count;
    else if (count > this.#options.RingBytes) this.Doubtful += count;
  }

  GetSome(count: number): void {
    const buffer = new Uint8Array(count);
    const { Received } = this.Stream.GetPartialData(buffer);
    this.#receive(buffer.subarray(0, Received));
  }

  GetAll(count: number): void {
    const before = this.Stream.GetAvailableBytes();
    const buffer = new Uint8Array(count);
    const code = this.Stream.GetData(buffer);
    const taken = before - this.Stream.GetAvailableBytes();
    this.#expect(taken === (code === SocketError.SUCCESS ? count : 0), "exactly or nothing");
    this.#receive(buffer.subarray(0, taken));
  }

  GetBlocking(count: number, timeoutMs: number): void {
    this.Stream.BlockingTimeout = timeoutMs;
    const buffer = new Uint8Array(count);
    const code = this.Stream.GetData(buffer);
    this.Stream.BlockingTimeout = 0;
    if (code === SocketError.SUCCESS) this.#receive(buffer);
  }

  Finish(): void {
    const wasConnected = this.IsConnected();
    const code = this.Stream.Shutdown();
    this.#expect((code === SocketError.SUCCESS) === wasConnected, "Shutdown needs a connection");
  }

  Disconnect(): void {
    this.#leave(() => this.Stream.DisconnectFromHost());
  }

  Abort(): void {
    this.Aborted ||= this.#isOpen();
    this.#leave(() => this.Stream.Abort());
  }

  #leave(end: () => void): void {
    const wasOpen = this.#isOpen();
    end();
    this.#expect(StatusOf(this.Stream) === STATUS_NONE, "NONE at once");
    this.#status = STATUS_NONE;
    this.LeftAtMs = Math.min(this.LeftAtMs, this.#options.Now());
    if (wasOpen) this.#expect(this.Stream.GetCloseReason() === CloseReason.LOCAL, "LOCAL");
  }

  /** Bytes out are a prefix of bytes in: the pattern goes on where it was. */
  #receive(bytes: Uint8Array): void {
    const whole = Buffer.compare(bytes, Pattern(bytes.length, this.Received)) === 0;
    this.#expect(whole, `the bytes from ${this.Received} on`);
    this.Received += bytes.length;
  }

  #isOpen(): boolean {
    return this.#status === STATUS_CONNECTING || this.#status === STATUS_CONNECTED;
  }

  #expect(holds: boolean, what: string): void {
    const side = this.#options.Status === STATUS_CONNECTING ? "client" : "server";
    if (!holds) throw new Error(`${side} at ${this.#options.Now()}: ${what}`);
  }
}
