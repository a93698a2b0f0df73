/**
 * TimerClock: frames at a fixed rate from the host's timers, for a headless server.
 *
 * Each frame has an absolute due time on a grid of whole periods since Start, so lateness of one
 * does not move the others: there is no drift. Frames that are missed altogether are left out, and
 * the next delta tells the time that really passed.
 *
 *   due      |--------|--------|--------|--------|--------|
 *   frames            x          x (late)         x        x       the third one was missed
 */

import type { Clock, FrameHandler } from "./Clock.ts";
import { ThrowIfRunning } from "./Clock.ts";

const minRateHz = 0.1;
/** Timers of Node.js and of browsers count whole milliseconds. */
const maxRateHz = 1000;

/** Where time comes from; tests give their own. */
export interface TimerClockHost {
  /** A monotonic time in milliseconds. */
  now(): number;
  /** Calls back once after `delayMs`. @returns a function that cancels it */
  schedule(callback: () => void, delayMs: number): () => void;
}

const systemHost: TimerClockHost = {
  now: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export class TimerClock implements Clock {
  readonly RateHz: number;

  readonly #periodMs: number;
  readonly #host: TimerClockHost;
  #onFrame: FrameHandler | null = null;
  #cancel: (() => void) | null = null;
  #startMs = 0;
  #lastMs = 0;
  /** The next frame is due this many periods after #startMs. */
  #dueIndex = 0;

  /**
   * @param rateHz frames per second, 0.1 to 1000
   * @throws {RangeError} on any other rate
   */
  constructor(rateHz: number, host: TimerClockHost = systemHost) {
    if (!(Number.isFinite(rateHz) && rateHz >= minRateHz && rateHz <= maxRateHz)) {
      throw new RangeError(`TimerClock needs a rate of 0.1 to 1000 Hz, not ${rateHz}.`);
    }
    this.RateHz = rateHz;
    this.#periodMs = 1000 / rateHz;
    this.#host = host;
  }

  Start(onFrame: FrameHandler): void {
    ThrowIfRunning(this.#onFrame !== null);
    this.#onFrame = onFrame;
    this.#startMs = this.#lastMs = this.#host.now();
    this.#dueIndex = 1;
    this.#schedule(this.#startMs);
  }

  Stop(): void {
    this.#onFrame = null;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(nowMs: number): void {
    const dueMs = this.#startMs + this.#dueIndex * this.#periodMs;
    this.#cancel = this.#host.schedule(this.#onTimer, Math.max(0, dueMs - nowMs));
  }

  readonly #onTimer = (): void => {
    const onFrame = this.#onFrame;
    if (onFrame === null) return;
    const nowMs = this.#host.now();
    const delta = Math.max(0, nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    try {
      onFrame(delta);
    } finally {
      // The handler may have stopped the clock, or stopped it and started it for another loop.
      if (this.#onFrame === onFrame) this.#scheduleNext();
    }
  };

  /** The first point of the grid that is still to come, the frame's own running time included. */
  #scheduleNext(): void {
    const nowMs = this.#host.now();
    const passed = Math.floor((nowMs - this.#startMs) / this.#periodMs);
    this.#dueIndex = Math.max(this.#dueIndex, passed) + 1;
    this.#schedule(nowMs);
  }
}
