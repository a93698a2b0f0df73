/**
 * A bounded queue of bytes with one producer and one consumer, over plain or shared memory.
 *
 * On shared memory the two may be different threads; nothing here ever waits or locks. Three
 * 32-bit words carry the state. `head` and `tail` count bytes for ever (modulo 2^32), so their
 * difference is the fill level and "full" differs from "empty" without a spare byte:
 *
 *     storage   . . . . # # # # # # . . . .        head: bytes ever written   (producer stores it)
 *                       ^ tail      ^ head         tail: bytes ever read      (consumer stores it)
 *                       |<- used -->|              base: count at storage index 0 (producer)
 *
 * The producer moves `base` up to `head` whenever it finds the ring empty, so a ring that is
 * emptied every tick stays in its first memory page, warm in the cache, however many bytes pass.
 * This is safe: the ring is empty only after the consumer has finished copying, and the consumer
 * reads `base` only after it has seen a `head` that was stored later.
 *
 * Full: `Write` takes fewer bytes than given, 0 at worst. Empty: `Read` gives 0.
 */
export class ByteRing {
  /** Most bytes that the ring holds. */
  readonly Capacity: number;
  readonly #words: Int32Array;
  readonly #head: number;
  readonly #tail: number;
  readonly #base: number;
  readonly #bytes: Uint8Array;
  readonly #mask: number;

  /**
   * @param state zero at first; the three words that `at` names belong to this ring.
   * @param bytes storage; its length must be `ByteRing.StorageBytes(capacity)`.
   * @param capacity most bytes to hold, 1..2^28.
   */
  constructor(state: Int32Array, at: RingWords, bytes: Uint8Array, capacity: number) {
    if (bytes.length !== ByteRing.StorageBytes(capacity)) {
      throw new TypeError(
        `A ring of ${capacity} bytes needs StorageBytes(${capacity}) of storage.`,
      );
    }
    this.Capacity = capacity;
    this.#words = state;
    this.#head = at.Head;
    this.#tail = at.Tail;
    this.#base = at.Base;
    this.#bytes = bytes;
    this.#mask = bytes.length - 1;
  }

  /** The storage that a capacity needs: the next power of two, so that an index is one `&`. */
  static StorageBytes(capacity: number): number {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 2 ** 28) {
      throw new TypeError("A ring's capacity must be an integer in 1..2^28 bytes.");
    }
    return 2 ** Math.ceil(Math.log2(capacity));
  }

  /** A ring on memory of its own, for one thread. */
  static Create(capacity: number): ByteRing {
    const storage = new Uint8Array(ByteRing.StorageBytes(capacity));
    return new ByteRing(new Int32Array(3), { Head: 0, Tail: 1, Base: 2 }, storage, capacity);
  }

  /** Bytes waiting to be read. */
  Used(): number {
    return (Atomics.load(this.#words, this.#head) - Atomics.load(this.#words, this.#tail)) | 0;
  }

  /** Bytes that can be written now. */
  Free(): number {
    return this.Capacity - this.Used();
  }

  /**
   * Producer: copies what fits of `data[from, to)`.
   * @returns bytes taken, 0..to-from.
   */
  Write(data: Uint8Array, from = 0, to = data.length): number {
    const words = this.#words;
    const head = Atomics.load(words, this.#head);
    const used = (head - Atomics.load(words, this.#tail)) | 0;
    const count = Math.min(to - from, this.Capacity - used);
    if (count <= 0) return 0;
    if (used === 0) Atomics.store(words, this.#base, head);
    const at = (head - Atomics.load(words, this.#base)) & this.#mask;
    const first = Math.min(count, this.#bytes.length - at);
    copy(data, from, first, this.#bytes, at);
    if (first < count) copy(data, from + first, count - first, this.#bytes, 0);
    Atomics.store(words, this.#head, (head + count) | 0);
    return count;
  }

  /**
   * Producer: the first free bytes as a view on the storage, for the system to read into without a
   * copy; `Commit` makes them part of the ring. Nothing else may be written in between.
   */
  Back(): Uint8Array {
    const words = this.#words;
    const head = Atomics.load(words, this.#head);
    const used = (head - Atomics.load(words, this.#tail)) | 0;
    if (used === 0) Atomics.store(words, this.#base, head);
    const at = (head - Atomics.load(words, this.#base)) & this.#mask;
    return this.#bytes.subarray(at, at + Math.min(this.Capacity - used, this.#bytes.length - at));
  }

  /** Producer: the first `count` bytes of `Back` are there now. */
  Commit(count: number): void {
    Atomics.store(this.#words, this.#head, (Atomics.load(this.#words, this.#head) + count) | 0);
  }

  /**
   * Consumer: moves bytes out into `into[from, to)`.
   * @returns bytes given, 0..to-from.
   */
  Read(into: Uint8Array, from = 0, to = into.length): number {
    const count = this.Peek(into, from, to);
    if (count > 0) this.Skip(count);
    return count;
  }

  /** Consumer: as `Read`, but the bytes stay in the ring. */
  Peek(into: Uint8Array, from = 0, to = into.length): number {
    const words = this.#words;
    const tail = Atomics.load(words, this.#tail);
    const used = (Atomics.load(words, this.#head) - tail) | 0;
    const count = Math.min(to - from, used);
    if (count <= 0) return 0;
    const at = (tail - Atomics.load(words, this.#base)) & this.#mask;
    const first = Math.min(count, this.#bytes.length - at);
    copy(this.#bytes, at, first, into, from);
    if (first < count) copy(this.#bytes, 0, count - first, into, from + first);
    return count;
  }

  /** Consumer: drops `count` bytes, which must be there. */
  Skip(count: number): void {
    Atomics.store(this.#words, this.#tail, (Atomics.load(this.#words, this.#tail) + count) | 0);
  }

  /**
   * Consumer: the first waiting bytes as a view on the storage, up to `most` or the storage's end,
   * for handing to the system without a copy. They stay in the ring until `Skip`.
   */
  Front(most = this.Capacity): Uint8Array {
    const words = this.#words;
    const tail = Atomics.load(words, this.#tail);
    const used = (Atomics.load(words, this.#head) - tail) | 0;
    const at = used === 0 ? 0 : (tail - Atomics.load(words, this.#base)) & this.#mask;
    return this.#bytes.subarray(at, at + Math.min(used, most, this.#bytes.length - at));
  }

  /** Consumer: drops everything that is there now. */
  Clear(): void {
    Atomics.store(this.#words, this.#tail, Atomics.load(this.#words, this.#head));
  }
}

/** Where in the state array a ring's words are; those of one writer best share a cache line. */
export interface RingWords {
  readonly Head: number;
  readonly Tail: number;
  readonly Base: number;
}

/**
 * Below this a loop beats `set`, which needs a view object first (measured with 64-byte inputs).
 */
const loopBytes = 48;

function copy(from: Uint8Array, start: number, count: number, to: Uint8Array, at: number): void {
  if (count <= loopBytes) {
    for (let i = 0; i < count; i++) to[at + i] = from[start + i] as number;
  } else if (start === 0 && count === from.length) {
    to.set(from, at);
  } else {
    to.set(from.subarray(start, start + count), at);
  }
}
