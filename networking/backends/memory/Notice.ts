/**
 * An OnActivity handler of the in-process network: however much happens at one moment, it is called
 * once, from the clock, and never inside a call into the backend.
 */
import type { VirtualClock } from "./VirtualClock.ts";

export class Notice {
  readonly #clock: VirtualClock;
  #handler: (() => void) | null = null;
  #cancel: (() => void) | null = null;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** From now on; what happened before is told, too. @param handler null ends it */
  Watch(handler: (() => void) | null): void {
    this.#handler = handler;
    if (handler === null) {
      this.#cancel?.();
      this.#cancel = null;
    }
    this.Give();
  }

  /** Something changed. */
  Give(): void {
    if (this.#handler === null) return;
    this.#cancel ??= this.#clock.Call(0, () => {
      this.#cancel = null;
      this.#handler?.();
    });
  }
}
