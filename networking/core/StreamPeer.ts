/**
 * A stream of bytes, and the typed values that scripts put into it and get out of it.
 *
 * Subclasses give the byte calls; everything typed stands on those. A put goes out entirely or not
 * at all, through one `PutData`. A getter that has too few bytes returns `null`, consumes nothing,
 * and `GetLastError` says why. Scripts drive it from `Process`; what waits, if anything, is a
 * subclass.
 *
 * Limits: text and variants are read up to `Limits.maxStringBytes` unless the call says otherwise.
 * Sources: Luna `streamPeerTCP` for the byte calls, Godot 4 `StreamPeer` for the typed ones.
 */
import { DecodeVariant } from "./DecodeVariant.ts";
import { EncodeVariant } from "./EncodeVariant.ts";
import { Limits } from "./Limits.ts";
import { GiveScratch, TakeScratch } from "./Scratch.ts";
import { SocketError } from "./SocketError.ts";
import { DecodeUtf8, EncodeUtf8Into, maxUtf8BytesPerUnit } from "./Utf8.ts";
import { VariantFormat } from "./Variant.ts";
import type { Variant } from "./Variant.ts";
import { BitsToHalf, HalfToBits, WireBigInt, WireInteger, WireReal } from "./WireNumber.ts";

/** What `PutPartialData` did. `BytesSent` counts from the start of the data. */
export interface PutResult {
  readonly Result: SocketError;
  readonly BytesSent: number;
}

/** What `GetPartialData` did. `Received` counts from the start of the buffer. */
export interface GetResult {
  readonly Result: SocketError;
  readonly Received: number;
}

const prefixBytes = 4;

export abstract class StreamPeer {
  /** Byte order of the numbers and length prefixes that follow; false is little-endian (Godot). */
  BigEndian = false;
  /** Which Godot's numbering `PutVar` and `GetVar` speak. */
  Variants: VariantFormat = VariantFormat.GODOT_4;

  #lastError: SocketError = SocketError.SUCCESS;
  /** One value's bytes, in each width that `PutData` and `GetData` are called with. */
  readonly #view = new DataView(new ArrayBuffer(8));
  readonly #one = new Uint8Array(this.#view.buffer, 0, 1);
  readonly #two = new Uint8Array(this.#view.buffer, 0, 2);
  readonly #four = new Uint8Array(this.#view.buffer, 0, 4);
  readonly #eight = new Uint8Array(this.#view.buffer, 0, 8);

  /**
   * Sends all of `data` or nothing; it is copied, the caller may reuse it.
   * @returns SUCCESS; BUSY for now; OUT_OF_BUFFER_MEMORY for ever; FAILED when not connected.
   */
  abstract PutData(data: Uint8Array): SocketError;
  /** Sends as much of `data` as fits now; 0 bytes is SUCCESS. */
  abstract PutPartialData(data: Uint8Array): PutResult;
  /**
   * Fills all of `buffer` or takes nothing.
   * @returns SUCCESS; BUSY for now; FILE_EOF when too few will come; FAILED; TIMED_OUT;
   *   OUT_OF_BUFFER_MEMORY when the stream could never hold that many.
   */
  abstract GetData(buffer: Uint8Array): SocketError;
  /** Fills the start of `buffer` with what is there; 0 bytes is SUCCESS. */
  abstract GetPartialData(buffer: Uint8Array): GetResult;
  /** Bytes that can be read now. */
  abstract GetAvailableBytes(): number;
  /**
   * Copies the next `buffer.length` bytes without taking them; `GetData` gives them again.
   * @returns what `GetData` would.
   */
  protected abstract PeekData(buffer: Uint8Array): SocketError;

  /** Why the last getter returned `null`; SUCCESS after one that returned a value. */
  GetLastError(): SocketError {
    return this.#lastError;
  }

  /** For subclasses with a reason of their own to report. */
  protected setLastError(code: SocketError): void {
    this.#lastError = code;
  }

  /**
   * Ends the stream because its bytes break the protocol on it: no later one can be trusted. A
   * subclass with a connection resets it, so that the peer learns too, and keeps PROTOCOL_ERROR.
   */
  FailProtocol(): void {
    this.#lastError = SocketError.PROTOCOL_ERROR;
  }

  /** For packets on top: so many were taken, and accepted. A subclass with statistics counts. */
  CountPackets(_taken: number, _accepted: number): void {}

  /** @param value integer, -128..127 */
  Put8(value: number): SocketError {
    this.#view.setInt8(0, WireInteger(value, -0x80, 0x7f));
    return this.PutData(this.#one);
  }

  /** @param value integer, 0..255 */
  PutU8(value: number): SocketError {
    this.#view.setUint8(0, WireInteger(value, 0, 0xff));
    return this.PutData(this.#one);
  }

  /** @param value integer, -32768..32767 */
  Put16(value: number): SocketError {
    this.#view.setInt16(0, WireInteger(value, -0x8000, 0x7fff), !this.BigEndian);
    return this.PutData(this.#two);
  }

  /** @param value integer, 0..65535 */
  PutU16(value: number): SocketError {
    this.#view.setUint16(0, WireInteger(value, 0, 0xffff), !this.BigEndian);
    return this.PutData(this.#two);
  }

  /** @param value integer, -2^31..2^31-1 */
  Put32(value: number): SocketError {
    this.#view.setInt32(0, WireInteger(value, -0x8000_0000, 0x7fff_ffff), !this.BigEndian);
    return this.PutData(this.#four);
  }

  /** @param value integer, 0..2^32-1 */
  PutU32(value: number): SocketError {
    this.#view.setUint32(0, WireInteger(value, 0, 0xffff_ffff), !this.BigEndian);
    return this.PutData(this.#four);
  }

  /** @param value bigint, -2^63..2^63-1 */
  Put64(value: bigint): SocketError {
    this.#view.setBigInt64(0, WireBigInt(value, -(2n ** 63n), 2n ** 63n - 1n), !this.BigEndian);
    return this.PutData(this.#eight);
  }

  /** @param value bigint, 0..2^64-1 */
  PutU64(value: bigint): SocketError {
    this.#view.setBigUint64(0, WireBigInt(value, 0n, 2n ** 64n - 1n), !this.BigEndian);
    return this.PutData(this.#eight);
  }

  /** IEEE 754 binary16, rounded to nearest even; above 65519 it is an infinity. */
  PutHalf(value: number): SocketError {
    this.#view.setUint16(0, HalfToBits(WireReal(value)), !this.BigEndian);
    return this.PutData(this.#two);
  }

  /** IEEE 754 binary32. */
  PutFloat(value: number): SocketError {
    this.#view.setFloat32(0, WireReal(value), !this.BigEndian);
    return this.PutData(this.#four);
  }

  /** IEEE 754 binary64. */
  PutDouble(value: number): SocketError {
    this.#view.setFloat64(0, WireReal(value), !this.BigEndian);
    return this.PutData(this.#eight);
  }

  /** u32 length in bytes, then UTF-8 without a terminator. One wire form for both names. */
  PutString(text: string): SocketError {
    return this.#putText(text, prefixBytes);
  }

  /** The same bytes as `PutString`; Godot's ASCII strings are a subset. */
  PutUtf8String(text: string): SocketError {
    return this.#putText(text, prefixBytes);
  }

  /** UTF-8 without a length; the reader has to know it. */
  PutRawText(text: string): SocketError {
    return this.#putText(text, 0);
  }

  /** u32 length, then the variant. Throws as `EncodeVariant` does for what is no variant. */
  PutVar(value: Variant): SocketError {
    const bytes = EncodeVariant(value, this.Variants, prefixBytes);
    this.#writePrefix(bytes, bytes.length - prefixBytes);
    return this.PutData(bytes);
  }

  Get8(): number | null {
    return this.#take(this.#one) ? this.#view.getInt8(0) : null;
  }

  GetU8(): number | null {
    return this.#take(this.#one) ? this.#view.getUint8(0) : null;
  }

  Get16(): number | null {
    return this.#take(this.#two) ? this.#view.getInt16(0, !this.BigEndian) : null;
  }

  GetU16(): number | null {
    return this.#take(this.#two) ? this.#view.getUint16(0, !this.BigEndian) : null;
  }

  Get32(): number | null {
    return this.#take(this.#four) ? this.#view.getInt32(0, !this.BigEndian) : null;
  }

  GetU32(): number | null {
    return this.#take(this.#four) ? this.#view.getUint32(0, !this.BigEndian) : null;
  }

  Get64(): bigint | null {
    return this.#take(this.#eight) ? this.#view.getBigInt64(0, !this.BigEndian) : null;
  }

  GetU64(): bigint | null {
    return this.#take(this.#eight) ? this.#view.getBigUint64(0, !this.BigEndian) : null;
  }

  GetHalf(): number | null {
    return this.#take(this.#two) ? BitsToHalf(this.#view.getUint16(0, !this.BigEndian)) : null;
  }

  GetFloat(): number | null {
    return this.#take(this.#four) ? this.#view.getFloat32(0, !this.BigEndian) : null;
  }

  GetDouble(): number | null {
    return this.#take(this.#eight) ? this.#view.getFloat64(0, !this.BigEndian) : null;
  }

  /**
   * @param bytes length of the text; -1 reads a u32 length first.
   * @param maxBytes a longer announced length is PROTOCOL_ERROR; nothing is allocated or consumed.
   */
  GetString(bytes = -1, maxBytes: number = Limits.maxStringBytes): string | null {
    if (bytes !== -1) return this.GetRawText(bytes);
    const length = this.#announced(maxBytes);
    return length < 0 ? null : this.#takeBlock(prefixBytes, length, DecodeUtf8);
  }

  /** As `GetString`. */
  GetUtf8String(bytes = -1, maxBytes: number = Limits.maxStringBytes): string | null {
    return this.GetString(bytes, maxBytes);
  }

  /** @param bytes length of the text, 0..2^28. */
  GetRawText(bytes: number): string | null {
    return this.#takeBlock(0, WireInteger(bytes, 0, Limits.maxBufferBytes), DecodeUtf8);
  }

  /**
   * A `null` may be nil: `GetLastError` is SUCCESS then. Bytes that are no variant are consumed
   * and give PROTOCOL_ERROR; the length in front of them was right, so the stream can go on.
   * @param maxBytes as for `GetString`.
   */
  GetVar(maxBytes: number = Limits.maxStringBytes): Variant {
    const length = this.#announced(maxBytes);
    if (length < 0) return null;
    const variant = this.#takeBlock(prefixBytes, length, (bytes) =>
      DecodeVariant(bytes, this.Variants),
    );
    if (variant === null) return null;
    this.#lastError = variant.Result;
    return variant.Value;
  }

  #putText(text: string, lead: number): SocketError {
    if (typeof text !== "string") throw new TypeError("Pass a string to this put.");
    const block = TakeScratch(lead + text.length * maxUtf8BytesPerUnit);
    const written = EncodeUtf8Into(text, block.subarray(lead));
    if (lead > 0) this.#writePrefix(block, written);
    const result = this.PutData(block.subarray(0, lead + written));
    GiveScratch(block);
    return result;
  }

  #writePrefix(block: Uint8Array, length: number): void {
    this.#view.setUint32(0, length, !this.BigEndian);
    block.set(this.#four);
  }

  /** The length prefix that waits, not consumed; -1 when there is none or it is over the limit. */
  #announced(maxBytes: number): number {
    this.#lastError = this.PeekData(this.#four);
    if (this.#lastError !== SocketError.SUCCESS) return -1;
    const length = this.#view.getUint32(0, !this.BigEndian);
    if (length <= maxBytes) return length;
    this.#lastError = SocketError.PROTOCOL_ERROR;
    return -1;
  }

  /** Takes `lead + bytes` and reads the part after `lead`; null if too few are there. */
  #takeBlock<T>(lead: number, bytes: number, read: (bytes: Uint8Array) => T): T | null {
    const block = TakeScratch(lead + bytes);
    const data = block.subarray(0, lead + bytes);
    const value = this.#take(data) ? read(data.subarray(lead)) : null;
    GiveScratch(block);
    return value;
  }

  #take(bytes: Uint8Array): boolean {
    this.#lastError = this.GetData(bytes);
    return this.#lastError === SocketError.SUCCESS;
  }
}
