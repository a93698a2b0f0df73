/**
 * The handler that waits for a socket's or listener's activity, and the shared mark that tells the
 * network thread that somebody waits. Driven by the owner's `OnActivity` and the thread's reports.
 */

/** The shared memory that carries the mark. */
export interface WatchMark {
  SetWatched(watched: boolean): void;
}

export class ActivityWatch {
  readonly #mark: WatchMark;
  #handler: (() => void) | null = null;

  constructor(mark: WatchMark) {
    this.#mark = mark;
  }

  /** @param handler called from the event loop after something changed; null ends the watch. */
  Set(handler: (() => void) | null): void {
    this.#handler = handler;
    this.#mark.SetWatched(handler !== null);
    // What was recorded before the watch began would go unheard otherwise.
    if (handler !== null) setImmediate(() => this.Tell());
  }

  Tell(): void {
    this.#handler?.();
  }
}
