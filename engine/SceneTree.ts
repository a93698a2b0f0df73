/**
 * SceneTree: the nodes of a running game, and the frames that call them.
 *
 * MainLoop drives it from a clock; a test may call Tick and PhysicsTick itself. Inside a tick the
 * order is: ProcessFrame (or PhysicsFrame), the nodes' hooks, timers, freeing of queued
 * nodes, FrameEnded. Source of the behaviour: Godot 4, SceneTree.
 */

import { Node, StateOf } from "./Node.ts";
import { AttachRoot, FreeNode } from "./NodeLifecycle.ts";
import { SceneTreeTimer } from "./SceneTreeTimer.ts";
import { Signal } from "./Signal.ts";
import { TreeCore } from "./TreeCore.ts";

/** Timers that may run at a time in one tree; more is a timer made every frame by mistake. */
const maxLiveTimers = 65_536;

export interface SceneTreeOptions {
  /**
   * Throw the first error of a node's code out of Tick, AddChild ... when that call is done, in
   * place of logging it. For tests. Default false.
   */
  readonly RethrowErrors?: boolean;
}

export class SceneTree {
  /** The top of the tree, named "root". Add the game below it. */
  readonly Root = new Node("root");
  /** Stops every node that is not set to run while paused. Acts at once. */
  Paused = false;

  /** Before the nodes' Process. */
  readonly ProcessFrame = new Signal<[delta: number]>();
  /** Before the nodes' PhysicsProcess. */
  readonly PhysicsFrame = new Signal<[delta: number]>();
  /** After everything else of a Tick: the time to draw. */
  readonly FrameEnded = new Signal<[delta: number]>();
  /** Quit was called; once. */
  readonly QuitRequested = new Signal<[exitCode: number]>();

  readonly #core: TreeCore;
  readonly #timers: SceneTreeTimer[] = [];
  #processFrames = 0;
  #physicsFrames = 0;
  #ticking = false;
  #finished = false;
  #exitCode: number | null = null;

  constructor(options: SceneTreeOptions = {}) {
    this.#core = new TreeCore(this, StateOf(this.Root));
    this.#core.Errors.Rethrow = options.RethrowErrors === true;
    AttachRoot(StateOf(this.Root), this.#core);
  }

  /** Whether errors of nodes are thrown out of the ticks; see SceneTreeOptions. */
  get RethrowErrors(): boolean {
    return this.#core.Errors.Rethrow;
  }

  set RethrowErrors(rethrow: boolean) {
    this.#core.Errors.Rethrow = rethrow;
  }

  /**
   * One frame. Does nothing after Finish.
   * @param delta seconds since the last frame, finite and not below 0
   * @throws {RangeError} on any other delta; {Error} when called from inside a tick
   */
  Tick(delta: number): void {
    if (!this.#begin(delta, "Tick")) return;
    this.#processFrames++;
    try {
      this.ProcessFrame.Emit(delta);
      this.#core.Run("Process", delta);
      this.#advanceTimers(delta);
      this.#core.FreeQueued();
      this.FrameEnded.Emit(delta);
      this.#core.Errors.Advance(delta);
    } finally {
      this.#end();
    }
  }

  /** One physics step, as Tick. @param delta seconds, the same at every step */
  PhysicsTick(delta: number): void {
    if (!this.#begin(delta, "PhysicsTick")) return;
    this.#physicsFrames++;
    try {
      this.PhysicsFrame.Emit(delta);
      this.#core.Run("PhysicsProcess", delta);
      this.#core.FreeQueued();
    } finally {
      this.#end();
    }
  }

  /** How many Ticks have begun. */
  GetProcessFrames(): number {
    return this.#processFrames;
  }

  /** How many PhysicsTicks have begun. */
  GetPhysicsFrames(): number {
    return this.#physicsFrames;
  }

  /**
   * A timer that counts tree time from the next Tick on (or this one, before its timers ran).
   * @param seconds 0 or more
   * @param processAlways whether it runs while the tree is paused; true as in Godot
   * @throws {RangeError} on any other time; {Error} if 65,536 timers run already
   */
  CreateTimer(seconds: number, processAlways = true): SceneTreeTimer {
    checkSeconds(seconds, "CreateTimer");
    if (this.#timers.length >= maxLiveTimers) {
      throw new Error(`${maxLiveTimers} timers run already; is one made in every frame?`);
    }
    const timer = new SceneTreeTimer(seconds, processAlways);
    this.#timers.push(timer);
    return timer;
  }

  /**
   * Asks for the end: the MainLoop finishes the tick under way, then frees the nodes.
   * The first code counts.
   * @param exitCode what a process returns, an integer in 0..255
   */
  Quit(exitCode = 0): void {
    if (!Number.isInteger(exitCode) || exitCode < 0 || exitCode > 255) {
      throw new RangeError(`Quit needs an exit code in 0..255, not ${exitCode}.`);
    }
    if (this.#exitCode !== null) return;
    this.#exitCode = exitCode;
    this.QuitRequested.Emit(exitCode);
  }

  /** Whether Quit was called. */
  IsQuitting(): boolean {
    return this.#exitCode !== null;
  }

  /** The code given to Quit; null before. */
  GetExitCode(): number | null {
    return this.#exitCode;
  }

  /**
   * Frees every node, the root included, so that ExitTree runs on all of them. Called by MainLoop
   * after Quit. The tree cannot be used again; a second call does nothing.
   */
  Finish(): void {
    if (this.#finished) return;
    if (this.#ticking) throw new Error("Finish was called from inside a tick; use Quit.");
    this.#finished = true;
    this.#timers.length = 0;
    FreeNode(StateOf(this.Root));
  }

  IsFinished(): boolean {
    return this.#finished;
  }

  #begin(delta: number, method: string): boolean {
    checkSeconds(delta, method);
    if (this.#ticking) throw new Error(`${method} was called from inside a tick.`);
    if (this.#finished) return false;
    this.#ticking = true;
    this.#core.Errors.Begin();
    return true;
  }

  #end(): void {
    this.#ticking = false;
    this.#core.Errors.End();
  }

  /** Timers made by a Timeout handler start with the next Tick. */
  #advanceTimers(delta: number): void {
    const timers = this.#timers;
    const count = timers.length;
    if (count === 0) return;
    let kept = 0;
    for (const timer of timers.slice(0, count)) {
      const runs = timer.ProcessAlways || !this.Paused;
      if (runs && timer.Advance(delta)) timer.Timeout.Emit();
      else timers[kept++] = timer;
    }
    timers.splice(kept, count - kept);
  }
}

function checkSeconds(seconds: number, method: string): void {
  if (Number.isFinite(seconds) && seconds >= 0) return;
  throw new RangeError(`${method} needs finite seconds of 0 or more, not ${seconds}.`);
}
