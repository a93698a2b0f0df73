/**
 * A StreamPeer on memory, for building and taking apart messages (Godot 4 `StreamPeerBuffer`).
 *
 * One position is shared by puts and getters; a put overwrites what is there and grows the end.
 * Reading past the end is FILE_EOF, for nothing more will come by itself.
 *
 * Limit: `maxBytes` of content, and about twice that of memory while growing. Over it:
 * OUT_OF_BUFFER_MEMORY, and nothing changes.
 */
import { Limits } from "./Limits.ts";
import { SocketError } from "./SocketError.ts";
import { StreamPeer } from "./StreamPeer.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";
import { WireInteger } from "./WireNumber.ts";

/** The first growth, so that small messages grow once. */
const leastBytes = 64;

/** Typed values are this short; copying them in a loop needs no view object. */
const loopBytes = 8;

export class StreamPeerBuffer extends StreamPeer {
  readonly #maxBytes: number;
  /** Content is `[0, #size)`; what lies behind it is garbage. */
  #bytes = new Uint8Array(0);
  #size = 0;
  #position = 0;

  /** @param maxBytes most content, 0..2^28; more is a RangeError. */
  constructor(maxBytes: number = Limits.maxBufferBytes) {
    super();
    this.#maxBytes = WireInteger(maxBytes, 0, Limits.maxBufferBytes);
  }

  /** @returns SUCCESS, or OUT_OF_BUFFER_MEMORY when the content would pass the limit. */
  override PutData(data: Uint8Array): SocketError {
    const end = this.#position + data.length;
    if (end > this.#maxBytes) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.#grow(end);
    this.#bytes.set(data, this.#position);
    this.#position = end;
    this.#size = Math.max(this.#size, end);
    return SocketError.SUCCESS;
  }

  /**
   * Takes all of `data`, as in Godot, or nothing: memory that is full does not drain by itself.
   */
  override PutPartialData(data: Uint8Array): PutResult {
    const result = this.PutData(data);
    return { Result: result, BytesSent: result === SocketError.SUCCESS ? data.length : 0 };
  }

  /** @returns SUCCESS, or FILE_EOF with the position unchanged. */
  override GetData(buffer: Uint8Array): SocketError {
    const result = this.PeekData(buffer);
    if (result === SocketError.SUCCESS) this.#position += buffer.length;
    return result;
  }

  /** SUCCESS with 0 bytes at the end, as in Godot. */
  override GetPartialData(buffer: Uint8Array): GetResult {
    const count = Math.min(buffer.length, this.GetAvailableBytes());
    return { Result: this.GetData(buffer.subarray(0, count)), Received: count };
  }

  /** Bytes from the position to the end. */
  override GetAvailableBytes(): number {
    return this.#size - this.#position;
  }

  protected override PeekData(buffer: Uint8Array): SocketError {
    const end = this.#position + buffer.length;
    if (end > this.#size) return SocketError.FILE_EOF;
    if (buffer.length > loopBytes) buffer.set(this.#bytes.subarray(this.#position, end));
    else for (let i = 0; i < buffer.length; i++) buffer[i] = this.#bytes[this.#position + i] ?? 0;
    return SocketError.SUCCESS;
  }

  /**
   * Moves the position.
   * @param position 0..GetSize()
   * @returns SUCCESS, or INVALID_PARAMETER with the position unchanged; it may come from a
   *   message.
   */
  Seek(position: number): SocketError {
    if (!isCount(position) || position > this.#size) return SocketError.INVALID_PARAMETER;
    this.#position = position;
    return SocketError.SUCCESS;
  }

  GetSize(): number {
    return this.#size;
  }

  GetPosition(): number {
    return this.#position;
  }

  /**
   * Cuts the content, or extends it with zeros. A position behind the new end moves to it.
   * @returns SUCCESS, INVALID_PARAMETER, OUT_OF_BUFFER_MEMORY
   */
  Resize(size: number): SocketError {
    if (!isCount(size)) return SocketError.INVALID_PARAMETER;
    if (size > this.#maxBytes) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.#grow(size);
    if (size > this.#size) this.#bytes.fill(0, this.#size, size);
    this.#size = size;
    this.#position = Math.min(this.#position, size);
    return SocketError.SUCCESS;
  }

  /** Drops content, position and memory. */
  Clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#size = 0;
    this.#position = 0;
  }

  /**
   * Replaces the content by a copy of `data`; the position is 0.
   * @returns SUCCESS, OUT_OF_BUFFER_MEMORY
   */
  SetDataArray(data: Uint8Array): SocketError {
    if (data.length > this.#maxBytes) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.#bytes = Uint8Array.from(data);
    this.#size = data.length;
    this.#position = 0;
    return SocketError.SUCCESS;
  }

  /** A copy of the content. */
  GetDataArray(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  /**
   * Another buffer with the same content, limit, byte order and variant format; its position is 0.
   */
  Duplicate(): StreamPeerBuffer {
    const copy = new StreamPeerBuffer(this.#maxBytes);
    copy.BigEndian = this.BigEndian;
    copy.Variants = this.Variants;
    copy.SetDataArray(this.#bytes.subarray(0, this.#size));
    return copy;
  }

  #grow(size: number): void {
    if (size <= this.#bytes.length) return;
    const doubled = Math.min(this.#maxBytes, Math.max(leastBytes, this.#bytes.length * 2));
    const larger = new Uint8Array(Math.max(size, doubled));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
