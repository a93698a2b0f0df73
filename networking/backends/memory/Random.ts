/**
 * The one source of chance in the in-process network: mulberry32, 32 bits of state, so a run is
 * repeated by its seed. Good enough to shuffle packets, useless for secrets.
 */
export class Random {
  #state: number;

  /** @param seed any integer; its low 32 bits count. */
  constructor(seed: number) {
    if (!Number.isInteger(seed)) throw new TypeError("A seed is an integer.");
    this.#state = seed | 0;
  }

  /** A number in 0..1, 1 not included. */
  Next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer in least..most, both included. */
  Integer(least: number, most: number): number {
    return least + Math.floor(this.Next() * (most - least + 1));
  }

  /** One of several. */
  Pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new TypeError("Pick takes at least one choice.");
    return choices[this.Integer(0, choices.length - 1)] as T;
  }
}
