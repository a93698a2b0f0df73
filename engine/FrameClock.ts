/**
 * FrameClock: a frame for each picture that the browser shows, by requestAnimationFrame.
 *
 * In a hidden tab browsers show no pictures, so no frame comes. The first delta after it is as long
 * as the absence; MainLoop clamps it.
 */

import type { Clock, FrameHandler } from "./Clock.ts";
import { ThrowIfRunning } from "./Clock.ts";

/** The two functions of a page that the clock uses; tests give their own. */
export interface FrameHost {
  requestAnimationFrame(callback: (timeMs: number) => void): number;
  cancelAnimationFrame(handle: number): void;
}

export class FrameClock implements Clock {
  readonly #host: FrameHost;
  #onFrame: FrameHandler | null = null;
  #handle = 0;
  /** The time of the last picture; null before the first, which only sets it. */
  #lastMs: number | null = null;

  /** @throws {Error} where there is no requestAnimationFrame: use TimerClock there */
  constructor(host: Partial<FrameHost> = globalThis) {
    if (!isFrameHost(host)) {
      throw new Error("FrameClock needs requestAnimationFrame; without a page use TimerClock.");
    }
    this.#host = host;
  }

  Start(onFrame: FrameHandler): void {
    ThrowIfRunning(this.#onFrame !== null);
    this.#onFrame = onFrame;
    this.#lastMs = null;
    this.#handle = this.#host.requestAnimationFrame(this.#onPicture);
  }

  Stop(): void {
    if (this.#onFrame === null) return;
    this.#onFrame = null;
    this.#host.cancelAnimationFrame(this.#handle);
  }

  readonly #onPicture = (timeMs: number): void => {
    const onFrame = this.#onFrame;
    if (onFrame === null) return;
    this.#handle = this.#host.requestAnimationFrame(this.#onPicture);
    const lastMs = this.#lastMs;
    this.#lastMs = timeMs;
    if (lastMs !== null) onFrame(Math.max(0, timeMs - lastMs) / 1000);
  };
}

function isFrameHost(host: Partial<FrameHost>): host is FrameHost {
  return typeof host.requestAnimationFrame === "function";
}
