/**
 * Frames for a page that has to go on when nobody looks at it: pictures while its tab is shown, a
 * worker's timers while it is hidden. The host's tab is hidden as soon as somebody opens another.
 */
import { FrameClock, TimerClock } from "moonwire/engine";
import type { Clock, FrameHandler } from "moonwire/engine";
import { WorkerTimers } from "./WorkerTimers.ts";

export class TabClock implements Clock {
  readonly #shown = new FrameClock();
  readonly #hidden: Clock;
  #listening: AbortController | null = null;

  /** @param hiddenRateHz frames per second while the tab is hidden. */
  constructor(hiddenRateHz: number) {
    this.#hidden = new TimerClock(hiddenRateHz, WorkerTimers());
  }

  Start(onFrame: FrameHandler): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const follow = (): void => {
      this.#shown.Stop();
      this.#hidden.Stop();
      (document.hidden ? this.#hidden : this.#shown).Start(onFrame);
    };
    document.addEventListener("visibilitychange", follow, { signal });
    follow();
  }

  Stop(): void {
    this.#listening?.abort();
    this.#shown.Stop();
    this.#hidden.Stop();
  }
}
