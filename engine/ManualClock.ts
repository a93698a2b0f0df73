/**
 * ManualClock: a clock that a test turns by hand, so that tests of time never sleep.
 */

import type { Clock, FrameHandler } from "./Clock.ts";
import { ThrowIfRunning } from "./Clock.ts";

export class ManualClock implements Clock {
  #onFrame: FrameHandler | null = null;

  Start(onFrame: FrameHandler): void {
    ThrowIfRunning(this.#onFrame !== null);
    this.#onFrame = onFrame;
  }

  Stop(): void {
    this.#onFrame = null;
  }

  /**
   * Runs frames now.
   * @param seconds the delta of each frame, finite and not below 0
   * @param frames how many
   * @returns how many ran: fewer when the loop stopped meanwhile, 0 when it does not run
   */
  Step(seconds: number, frames = 1): number {
    if (!Number.isFinite(seconds) || seconds < 0) {
      throw new RangeError(`Step needs finite seconds of 0 or more, not ${seconds}.`);
    }
    let ran = 0;
    while (ran < frames && this.#onFrame !== null) {
      this.#onFrame(seconds);
      ran++;
    }
    return ran;
  }
}
