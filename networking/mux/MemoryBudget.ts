/** A sum of bytes that may not grow over a limit. */
export class MemoryBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @returns false, and nothing is taken, when that much is not left. */
  Take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  Give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  UsedBytes(): number {
    return this.#usedBytes;
  }
}
