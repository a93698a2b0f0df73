/**
 * Clock: what makes a MainLoop turn. A clock calls back once per frame with the seconds since the
 * frame before.
 */

export interface Clock {
  /**
   * Begins to call `onFrame`, never from inside Start.
   * @throws {Error} if it runs already: one clock drives one loop
   */
  Start(onFrame: FrameHandler): void;
  /** Ends it; no call comes after this, not even one that was due. Does nothing if stopped. */
  Stop(): void;
}

/** @param delta seconds since the last frame, 0 or more; not clamped */
export type FrameHandler = (delta: number) => void;

/** For implementations of Clock. */
export function ThrowIfRunning(running: boolean): void {
  if (running) throw new Error("This clock drives a loop already; give each loop its own.");
}
