/** A sum of bytes that may not grow over a limit. */

/** Who is asked before bytes are spent, and told when they are free again. */
export interface ByteBudget {
  /** @returns false, and nothing is taken, when that much is not left. */
  Take(bytes: number): boolean;
  Give(bytes: number): void;
}

export class MemoryBudget implements ByteBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

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
