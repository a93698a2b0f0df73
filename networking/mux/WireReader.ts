/**
 * Reads little-endian fields out of one message. Past the end, or at a value that has no meaning,
 * it gives zeros and remembers the first problem, so a decoder reads on and asks once at the end.
 */
import { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint } from "../core/NetBackend.ts";

/** Part of every platform that Moonwire runs on, and of no `lib` that this folder may use. */
declare const TextDecoder: new (
  label: "utf-8",
  options: { fatal: true; ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/** "short": fields are missing. "long": bytes are left over. "value": a field has no meaning. */
export type WireProblem = "short" | "long" | "value";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const none = new Uint8Array(0);

export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #problem: WireProblem | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet; 0 after a problem. */
  Left(): number {
    return this.#problem === null ? this.#bytes.length - this.#at : 0;
  }

  /** To be asked when all fields were read: left-over bytes are a problem too. */
  Problem(): WireProblem | null {
    if (this.#problem === null && this.#at < this.#bytes.length) return "long";
    return this.#problem;
  }

  /** Notes that a field has no meaning. */
  Reject(): void {
    this.#problem ??= "value";
  }

  U8(): number {
    const at = this.#step(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  U16(): number {
    const at = this.#step(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  U32(): number {
    const at = this.#step(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  U64(): bigint {
    const at = this.#step(8);
    return at < 0 ? 0n : this.#view.getBigUint64(at, true);
  }

  /** A u64 that must be a safe integer: 2^53 bytes of one stream are years at any speed. */
  Offset(): number {
    const low = this.U32();
    const high = this.U32();
    if (high >= 2 ** 21) this.Reject();
    return this.#problem === null ? high * 2 ** 32 + low : 0;
  }

  /** A view on the next `count` bytes. */
  Bytes(count: number): Uint8Array {
    const at = this.#step(count);
    return at < 0 ? none : this.#bytes.subarray(at, at + count);
  }

  /** UTF-8 up to the end, at most `maxBytes` of it. */
  Rest(maxBytes: number): string {
    return this.#text(this.Left(), maxBytes);
  }

  /** A length u8 and that much UTF-8. */
  Text8(): string {
    return this.#text(this.U8(), 0xff);
  }

  /** A length u16 and that much UTF-8, at most `maxBytes`. */
  Text16(maxBytes: number): string {
    return this.#text(this.U16(), maxBytes);
  }

  /** A length (0, 4, 16) and that many bytes; 0 gives an invalid address, which means unknown. */
  Address(): IpAddress {
    const length = this.U8();
    if (length !== 0 && length !== 4 && length !== 16) this.Reject();
    const bytes = this.Bytes(length);
    return bytes.length === 0 ? new IpAddress() : IpAddress.FromBytes(bytes);
  }

  Endpoint(): Endpoint {
    return { Address: this.Address(), Port: this.U16() };
  }

  #text(count: number, maxBytes: number): string {
    const bytes = this.Bytes(count);
    try {
      if (count <= maxBytes) return decoder.decode(bytes);
    } catch {
      // Said below: no UTF-8 is as meaningless as too much of it.
    }
    this.Reject();
    return "";
  }

  /** Where the next `count` bytes start, or -1 when they are not all there. */
  #step(count: number): number {
    if (this.#problem !== null) return -1;
    const at = this.#at;
    if (this.#bytes.length - at < count) {
      this.#problem = "short";
      return -1;
    }
    this.#at = at + count;
    return at;
  }
}
