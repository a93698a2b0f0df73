/**
 * Writes little-endian fields into a buffer that grows. For the packets that come once per stream;
 * DATA is written straight from its ring (MuxStream).
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint } from "../core/NetBackend.ts";

/** Part of every platform that Moonwire runs on, and of no `lib` that this folder may use. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const encoder = new TextEncoder();

export class WireWriter {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** What was written, as bytes of its own. */
  Take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  U8(value: number): this {
    const at = this.#step(1);
    this.#view.setUint8(at, value);
    return this;
  }

  U16(value: number): this {
    const at = this.#step(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  U32(value: number): this {
    const at = this.#step(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  U64(value: bigint): this {
    const at = this.#step(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  /** @param value a safe integer, written as u64. */
  Offset(value: number): this {
    return this.U32(value % 2 ** 32).U32(Math.floor(value / 2 ** 32));
  }

  Bytes(bytes: Uint8Array): this {
    const at = this.#step(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  Text(text: string): this {
    return this.Bytes(encoder.encode(text));
  }

  /** A length u8 and the text; what does not fit into 255 bytes is cut. */
  Text8(text: string): this {
    const bytes = encoder.encode(text).subarray(0, 0xff);
    return this.U8(bytes.length).Bytes(bytes);
  }

  /** A length u16 and the text; what does not fit into `maxBytes` is cut. */
  Text16(text: string, maxBytes: number): this {
    const bytes = encoder.encode(text).subarray(0, maxBytes);
    return this.U16(bytes.length).Bytes(bytes);
  }

  Address(address: IpAddress): this {
    const bytes = address.GetIpv4() ?? address.GetIpv6() ?? new Uint8Array(0);
    return this.U8(bytes.length).Bytes(bytes);
  }

  Endpoint(endpoint: Endpoint): this {
    return this.Address(endpoint.Address).U16(endpoint.Port);
  }

  /** Makes room for `count` bytes and gives the place where they go. */
  #step(count: number): number {
    const at = this.#at;
    this.#at = at + count;
    if (this.#at > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#at);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
