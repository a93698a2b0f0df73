/**
 * A bounded queue of datagrams, each with the address and port at its other end, on a ByteRing.
 *
 *     | length u16 | port u16 | address, 16 bytes | payload |  next ...      (little-endian)
 *
 * A datagram goes in whole or not at all. The consumer sees it once `Written` counts it, which is
 * after its last byte, so the two sides may be different threads as with ByteRing. IPv4 addresses
 * are mapped (::ffff:a.b.c.d), as inside IpAddress.
 *
 * Full: `Put` takes nothing and says so; the caller counts the loss or tells its own caller.
 */
import { ByteRing } from "./ByteRing.ts";
import type { RingWords } from "./ByteRing.ts";
import { Limits } from "./Limits.ts";

/** A ring's words, and two more that count datagrams for ever (modulo 2^32). */
export interface DatagramWords extends RingWords {
  /** Stored by the producer. */
  readonly Written: number;
  /** Stored by the consumer. */
  readonly Read: number;
}

const headerBytes = Limits.datagramHeaderBytes;

export class DatagramRing {
  /** The longest payload that an empty ring takes. */
  readonly MaxPayload: number;
  /** Of the oldest datagram, once `Next` was true: payload bytes, port, and a reused address. */
  Length = 0;
  Port = 0;
  readonly Address: Uint8Array;
  readonly #ring: ByteRing;
  readonly #words: Int32Array;
  readonly #at: DatagramWords;
  readonly #header = new Uint8Array(headerBytes);

  /** @param words,at,storage,capacity as for ByteRing; headers count as bytes. */
  constructor(words: Int32Array, at: DatagramWords, storage: Uint8Array, capacity: number) {
    this.#ring = new ByteRing(words, at, storage, capacity);
    this.#words = words;
    this.#at = at;
    this.Address = this.#header.subarray(4);
    this.MaxPayload = Math.min(capacity - headerBytes, Limits.maxDatagramBytes);
  }

  /** A ring on memory of its own, for one thread. */
  static Create(capacity: number): DatagramRing {
    const words = { Head: 0, Tail: 1, Base: 2, Written: 3, Read: 4 };
    const storage = new Uint8Array(ByteRing.StorageBytes(capacity));
    return new DatagramRing(new Int32Array(5), words, storage, capacity);
  }

  /** Datagrams that wait to be read. */
  Count(): number {
    const { Written, Read } = this.#at;
    return (Atomics.load(this.#words, Written) - Atomics.load(this.#words, Read)) | 0;
  }

  /** Bytes of their payloads. One that is being written meanwhile may count or not. */
  Waiting(): number {
    return Math.max(0, this.#ring.Used() - headerBytes * this.Count());
  }

  /**
   * Producer: adds a datagram.
   * @param address 16 bytes. @param port 0..65535
   * @returns false when there is no room for all of it; nothing was added then.
   */
  Put(payload: Uint8Array, address: Uint8Array, port: number): boolean {
    const { length } = payload;
    if (length > this.MaxPayload || this.#ring.Free() < headerBytes + length) return false;
    const header = this.#header;
    header[0] = length;
    header[1] = length >> 8;
    header[2] = port;
    header[3] = port >> 8;
    header.set(address, 4);
    this.#ring.Write(header);
    this.#ring.Write(payload);
    this.#advance(this.#at.Written);
    return true;
  }

  /** Consumer: looks at the oldest datagram. @returns false when there is none. */
  Next(): boolean {
    if (this.Count() === 0) return false;
    const header = this.#header;
    this.#ring.Peek(header);
    this.Length = (header[0] as number) | ((header[1] as number) << 8);
    this.Port = (header[2] as number) | ((header[3] as number) << 8);
    return true;
  }

  /**
   * Consumer: takes the datagram that `Next` showed. What is too long for `into` is lost.
   * @returns bytes copied, 0..into.length.
   */
  Take(into: Uint8Array): number {
    const copied = Math.min(this.Length, into.length);
    this.#ring.Skip(headerBytes);
    this.#ring.Read(into, 0, copied);
    this.#ring.Skip(this.Length - copied);
    this.#advance(this.#at.Read);
    return copied;
  }

  /** Consumer: drops everything that is there now. */
  Clear(): void {
    while (this.Next()) this.Take(none);
  }

  #advance(word: number): void {
    Atomics.store(this.#words, word, (Atomics.load(this.#words, word) + 1) | 0);
  }
}

const none = new Uint8Array(0);
