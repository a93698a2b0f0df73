/**
 * Who is next: each entry waits once, whoever was served goes to the back. Adding and taking cost
 * the same however many wait; removing costs a walk. Bounded by how many different entries are
 * added.
 */
export class TurnQueue<T extends object> {
  readonly #waiting = new Set<T>();
  /** The next one last. */
  #older: T[] = [];
  /** The newest last. */
  #newer: T[] = [];

  /** To the back, unless it waits already. */
  Add(entry: T): void {
    if (this.#waiting.has(entry)) return;
    this.#waiting.add(entry);
    this.#newer.push(entry);
  }

  /** The one that waits longest, or null. It waits no longer. */
  Next(): T | null {
    if (this.#older.length === 0) {
      const empty = this.#older;
      this.#older = this.#newer.reverse();
      this.#newer = empty;
    }
    const next = this.#older.pop() ?? null;
    if (next !== null) this.#waiting.delete(next);
    return next;
  }

  Remove(entry: T): void {
    if (!this.#waiting.delete(entry)) return;
    this.#older = this.#older.filter((other) => other !== entry);
    this.#newer = this.#newer.filter((other) => other !== entry);
  }
}
