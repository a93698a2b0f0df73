/**
 * Timer: a node that emits Timeout after a time, once or again and again (Godot 4's Timer).
 *
 * It counts the time for which it is processed, so it stands still while it is paused or outside a
 * tree. It emits at most once a tick: periods that a long tick has missed are left out, and the
 * rhythm is kept. A subclass that overrides Process calls super.Process(delta).
 */

import { Node } from "./Node.ts";
import { timeEpsilonSeconds } from "./SceneTreeTimer.ts";
import { Signal } from "./Signal.ts";

export class Timer extends Node {
  readonly Timeout = new Signal();
  /** Stop after the first Timeout. Default false. */
  OneShot = false;
  /** Start when the node becomes ready. Default false. */
  Autostart = false;

  #waitTime = 1;
  /** Seconds until the next Timeout; null while stopped. */
  #left: number | null = null;

  constructor(name?: string) {
    super(name);
    this.ReadySignal.Connect(() => {
      if (this.Autostart) this.Start();
    });
  }

  /** Seconds from Start to Timeout, above 0; a change acts from the next Start or Timeout. */
  get WaitTime(): number {
    return this.#waitTime;
  }

  set WaitTime(seconds: number) {
    if (!(Number.isFinite(seconds) && seconds > 0)) {
      throw new RangeError(`WaitTime is a finite number of seconds above 0, not ${seconds}.`);
    }
    this.#waitTime = seconds;
  }

  /** Seconds until the next Timeout, 0 while stopped. */
  get TimeLeft(): number {
    return this.#left ?? 0;
  }

  /** Starts, or starts over. @param seconds if given, becomes the WaitTime */
  Start(seconds: number = this.WaitTime): void {
    this.WaitTime = seconds;
    this.#left = seconds;
  }

  Stop(): void {
    this.#left = null;
  }

  IsStopped(): boolean {
    return this.#left === null;
  }

  override Process(delta: number): void {
    if (this.#left === null) return;
    this.#left -= delta;
    if (this.#left > timeEpsilonSeconds) return;
    const lateBy = Math.max(0, -this.#left);
    this.#left = this.OneShot ? null : this.#waitTime - (lateBy % this.#waitTime);
    this.Timeout.Emit();
  }
}
