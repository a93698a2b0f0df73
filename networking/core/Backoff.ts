/**
 * How long to wait before the next attempt: exponential growth with full jitter, so that a thousand
 * clients of a server that restarts do not come back in the same instant.
 *
 *     attempt n waits a random time in [0, min(maxMs, minMs * 2^n)], never less than minMs / 2
 */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #attempts = 0;

  /**
   * @param minMs scale of the first wait, above 0.
   * @param maxMs longest wait, at least `minMs`.
   * @param random numbers in [0, 1); tests pass a seeded one.
   */
  constructor(minMs: number, maxMs: number, random: () => number = Math.random) {
    if (!(minMs > 0 && maxMs >= minMs)) {
      throw new TypeError("Backoff takes two times in milliseconds, 0 < minMs <= maxMs.");
    }
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** Attempts since the start or the last `Reset`. */
  get Attempts(): number {
    return this.#attempts;
  }

  /** The next wait in milliseconds. */
  Next(): number {
    const ceiling = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts++;
    return Math.max(this.#minMs / 2, this.#random() * ceiling);
  }

  /** After a success: the next wait is short again. */
  Reset(): void {
    this.#attempts = 0;
  }
}
