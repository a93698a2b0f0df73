/** Little-endian packets: a writer of known size, and a reader that cannot run past the end. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Fills a packet from front to back. Its size is a promise: writing past it throws. */
export class PacketWriter {
  readonly Bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** @param size bytes that will be written. */
  constructor(size: number) {
    this.Bytes = new Uint8Array(size);
    this.#view = new DataView(this.Bytes.buffer);
  }

  U8(value: number): this {
    this.#view.setUint8(this.#step(1), value);
    return this;
  }

  U16(value: number): this {
    this.#view.setUint16(this.#step(2), value, true);
    return this;
  }

  U32(value: number): this {
    this.#view.setUint32(this.#step(4), value, true);
    return this;
  }

  Float(value: number): this {
    this.#view.setFloat32(this.#step(4), value, true);
    return this;
  }

  /** One byte of length, then the text; `utf8` comes from `Utf8Bytes` and is 0..255 bytes long. */
  Text(utf8: Uint8Array): this {
    this.U8(utf8.length);
    this.Bytes.set(utf8, this.#step(utf8.length));
    return this;
  }

  #step(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

/** Text as UTF-8, for `PacketWriter.Text`. */
export function Utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Reads what `PacketWriter` wrote. Anything wrong makes `Complete` false, nothing throws. */
export class PacketReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True when all was read, nothing is left over, and every value was what it should be. */
  get Complete(): boolean {
    return !this.#failed && this.#at === this.#bytes.length;
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

  /** A finite number in `-limit..limit`. */
  Float(limit: number): number {
    const at = this.#step(4);
    const value = at < 0 ? 0 : this.#view.getFloat32(at, true);
    if (Math.abs(value) <= limit) return value;
    this.#failed = true;
    return 0;
  }

  /** A text of at most `maxBytes` bytes. */
  Text(maxBytes: number): string {
    const length = this.U8();
    const at = this.#step(length);
    if (at < 0 || length > maxBytes) return this.#fail();
    try {
      return decoder.decode(this.#bytes.subarray(at, at + length));
    } catch {
      return this.#fail();
    }
  }

  #fail(): string {
    this.#failed = true;
    return "";
  }

  /** Where the next `count` bytes start, or -1 when they are not there. */
  #step(count: number): number {
    const at = this.#at;
    if (this.#failed || at + count > this.#bytes.length) {
      this.#failed = true;
      return -1;
    }
    this.#at += count;
    return at;
  }
}
