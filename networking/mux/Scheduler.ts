/**
 * Whose turn it is to send: the streams with something to send go round, one quantum each, so a
 * large transfer delays a small message by one quantum per busy stream at most. This is deficit
 * round robin whose deficit is always zero, because a byte stream can be cut anywhere.
 *
 * Holds each stream once; bounded by the number of streams.
 */
export class Scheduler<T> {
  // A Set keeps the order of insertion and answers "is it in" at once: a queue without duplicates.
  readonly #ready = new Set<T>();

  /** The stream may have something to send; it queues at the end unless it waits already. */
  Add(stream: T): void {
    this.#ready.add(stream);
  }

  Remove(stream: T): void {
    this.#ready.delete(stream);
  }

  /** Takes the one that waits longest out of the queue; null when nobody waits. */
  Next(): T | null {
    for (const stream of this.#ready) {
      this.#ready.delete(stream);
      return stream;
    }
    return null;
  }
}
