/**
 * How long a socket has been paused, in one 32-bit word that another thread may read at any moment.
 *
 *     stopped   | milliseconds so far               | 0 |
 *     running   | milliseconds so far - start's now | 1 |      so far = now + the upper 31 bits
 *
 * The producer of the paused ring starts and stops it. On shared memory both sides must read one
 * clock. Limit: the sum wraps after 2^31 ms, 24 days of nothing but pauses.
 */
export class PauseClock {
  readonly #now: () => number;
  readonly #words: Int32Array;
  readonly #at: number;

  /**
   * @param now milliseconds of a clock that never goes back.
   * @param words,at the word, zero at first; without them one of its own.
   */
  constructor(now: () => number, words: Int32Array = new Int32Array(1), at = 0) {
    this.#now = now;
    this.#words = words;
    this.#at = at;
  }

  IsRunning(): boolean {
    return (Atomics.load(this.#words, this.#at) & 1) !== 0;
  }

  /** Running already: nothing. */
  Start(): void {
    const word = Atomics.load(this.#words, this.#at);
    if ((word & 1) === 0) this.#store((word >> 1) - this.#nowMs(), 1);
  }

  /** Stopped already: nothing. */
  Stop(): void {
    const word = Atomics.load(this.#words, this.#at);
    if ((word & 1) !== 0) this.#store((word >> 1) + this.#nowMs(), 0);
  }

  /** Milliseconds of all pauses, one that goes on included. */
  TotalMs(): number {
    const word = Atomics.load(this.#words, this.#at); // before the clock: a start is never ahead
    const sum = (word & 1) === 0 ? word >> 1 : (word >> 1) + this.#nowMs();
    return sum & 0x7fff_ffff;
  }

  #store(ms: number, running: 0 | 1): void {
    Atomics.store(this.#words, this.#at, (ms << 1) | running | 0);
  }

  /** The low 32 bits: only differences matter. */
  #nowMs(): number {
    return Math.floor(this.#now()) | 0;
  }
}
