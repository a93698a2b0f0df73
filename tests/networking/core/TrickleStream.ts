/**
 * A loopback stream for tests: what is put can be got, through a bounded ring, and the partial
 * calls can be made to give and take as little as wanted, so that everything gets split
 * everywhere.
 */
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { StreamPeer } from "../../../networking/core/StreamPeer.ts";
import type { GetResult, PutResult } from "../../../networking/core/StreamPeer.ts";

export interface TrickleOptions {
  /** Bytes that the stream holds. */
  readonly Capacity?: number;
  /** Most bytes that one GetPartialData gives. */
  readonly ReadMost?: () => number;
  /** Most bytes that one PutPartialData takes. */
  readonly WriteMost?: () => number;
}

export class TrickleStream extends StreamPeer {
  /** Calls of FailProtocol. */
  ProtocolFailures = 0;
  readonly #ring: ByteRing;
  readonly #readMost: () => number;
  readonly #writeMost: () => number;
  #ended: SocketError = SocketError.SUCCESS;

  constructor(options: TrickleOptions = {}) {
    super();
    this.#ring = ByteRing.Create(options.Capacity ?? 65_536);
    this.#readMost = options.ReadMost ?? (() => Infinity);
    this.#writeMost = options.WriteMost ?? (() => Infinity);
  }

  /** From now on puts fail with `code`, and so do reads when the ring is empty. SUCCESS reopens. */
  End(code: SocketError): void {
    this.#ended = code;
  }

  override PutData(data: Uint8Array): SocketError {
    if (this.#ended !== SocketError.SUCCESS) return this.#ended;
    if (data.length > this.#ring.Capacity) return SocketError.OUT_OF_BUFFER_MEMORY;
    if (data.length > this.#ring.Free()) return SocketError.BUSY;
    this.#ring.Write(data);
    return SocketError.SUCCESS;
  }

  override PutPartialData(data: Uint8Array): PutResult {
    if (this.#ended !== SocketError.SUCCESS) return { Result: this.#ended, BytesSent: 0 };
    const count = Math.min(data.length, this.#writeMost());
    return { Result: SocketError.SUCCESS, BytesSent: this.#ring.Write(data, 0, count) };
  }

  override GetData(buffer: Uint8Array): SocketError {
    const result = this.PeekData(buffer);
    if (result === SocketError.SUCCESS) this.#ring.Skip(buffer.length);
    return result;
  }

  override GetPartialData(buffer: Uint8Array): GetResult {
    const count = Math.min(buffer.length, this.#readMost());
    const received = this.#ring.Read(buffer, 0, count);
    const over = received === 0 && this.#ring.Used() === 0;
    return { Result: over ? this.#ended : SocketError.SUCCESS, Received: received };
  }

  override GetAvailableBytes(): number {
    return this.#ring.Used();
  }

  protected override PeekData(buffer: Uint8Array): SocketError {
    if (buffer.length > this.#ring.Used()) {
      return this.#ended === SocketError.SUCCESS ? SocketError.BUSY : this.#ended;
    }
    this.#ring.Peek(buffer);
    return SocketError.SUCCESS;
  }

  override FailProtocol(): void {
    super.FailProtocol();
    this.ProtocolFailures++;
    this.#ended = SocketError.FAILED;
    this.#ring.Clear();
  }
}
