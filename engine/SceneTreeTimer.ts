/**
 * SceneTreeTimer: a timer without a node, made by SceneTree.CreateTimer and driven by its Tick.
 * `await tree.CreateTimer(0.5).Timeout.Next()` waits half a second of tree time (Godot 4).
 */

import { Signal } from "./Signal.ts";

/** Rounding of summed deltas must not cost a tick: 60 times 1/60 counts as one second. */
export const timeEpsilonSeconds = 1e-9;

export class SceneTreeTimer {
  /** Emitted once, at the end of the tick in which the time is over. */
  readonly Timeout = new Signal();
  /** Seconds; 0 when it is over. */
  TimeLeft: number;
  /** Whether it runs while the tree is paused. */
  readonly ProcessAlways: boolean;

  constructor(seconds: number, processAlways: boolean) {
    this.TimeLeft = seconds;
    this.ProcessAlways = processAlways;
  }

  /** For SceneTree. @returns whether the time is over */
  Advance(delta: number): boolean {
    this.TimeLeft -= delta;
    if (this.TimeLeft > timeEpsilonSeconds) return false;
    this.TimeLeft = 0;
    return true;
  }
}
