/**
 * MainLoop: turns a clock's frames into ticks of a tree.
 *
 * A frame runs as many physics steps of 1 / PhysicsRate seconds as time has passed for, then one
 * Tick. Its delta is clamped to MaxPhysicsSteps steps, so after a stall or in a tab that was hidden
 * the game loses time instead of racing after it (Godot 4: max_physics_steps_per_frame).
 */

import type { Clock } from "./Clock.ts";
import type { SceneTree } from "./SceneTree.ts";

const maxPhysicsRateHz = 1000;
const maxStepsLimit = 1000;
/** A part of a step that rounding may swallow: sixty deltas of 1/60 make sixty steps. */
const stepTolerance = 1e-6;

export interface MainLoopOptions {
  /** Physics steps per second, 1 to 1000. Default 60. */
  readonly PhysicsRate?: number;
  /** The most physics steps in one frame, 1 to 1000. Default 8. */
  readonly MaxPhysicsSteps?: number;
}

export class MainLoop {
  readonly Tree: SceneTree;
  readonly PhysicsRate: number;
  readonly MaxPhysicsSteps: number;
  /**
   * Resolves with the exit code when Quit was called, the tick under way is done and all nodes are
   * freed. Rejects with the error when the tree rethrows errors and a node threw.
   */
  readonly Finished: Promise<number>;

  readonly #clock: Clock;
  #resolve: (exitCode: number) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #running = false;
  #inFrame = false;
  /** Seconds that no physics step has used yet, less than one step between frames. */
  #unspent = 0;

  /** @throws {RangeError} if an option is out of its range */
  constructor(tree: SceneTree, clock: Clock, options: MainLoopOptions = {}) {
    this.Tree = tree;
    this.#clock = clock;
    this.PhysicsRate = options.PhysicsRate ?? 60;
    this.MaxPhysicsSteps = options.MaxPhysicsSteps ?? 8;
    checkRange("PhysicsRate", this.PhysicsRate, maxPhysicsRateHz);
    checkRange("MaxPhysicsSteps", this.MaxPhysicsSteps, maxStepsLimit);
    if (!Number.isInteger(this.MaxPhysicsSteps)) {
      throw new RangeError(`MaxPhysicsSteps is a whole number, not ${this.MaxPhysicsSteps}.`);
    }
    this.Finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    tree.QuitRequested.Connect(() => this.#onQuitRequested(), { Owner: this });
  }

  /**
   * Begins to run the tree, or goes on after Stop. Does nothing if it runs.
   * @throws {Error} if the tree was finished
   */
  Start(): void {
    if (this.#running) return;
    if (this.Tree.IsFinished()) throw new Error("The tree has quit; make a new SceneTree.");
    this.#clock.Start((delta) => this.#onFrame(delta));
    this.#running = true;
  }

  /** Holds the tree where it is; the time until the next Start does not count. */
  Stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#clock.Stop();
  }

  IsRunning(): boolean {
    return this.#running;
  }

  #onFrame(delta: number): void {
    this.#inFrame = true;
    try {
      this.#runFrame(Math.min(delta, this.MaxPhysicsSteps / this.PhysicsRate));
      if (this.Tree.IsQuitting()) this.#finish();
    } catch (error) {
      this.Stop();
      this.#reject(error);
    } finally {
      this.#inFrame = false;
    }
  }

  #runFrame(delta: number): void {
    const stepSeconds = 1 / this.PhysicsRate;
    this.#unspent += delta;
    const due = Math.floor(this.#unspent * this.PhysicsRate + stepTolerance);
    const steps = Math.min(due, this.MaxPhysicsSteps);
    this.#unspent = Math.max(0, this.#unspent - due * stepSeconds);
    for (let step = 0; step < steps; step++) {
      if (this.#isInterrupted()) return;
      this.Tree.PhysicsTick(stepSeconds);
    }
    if (!this.#isInterrupted()) this.Tree.Tick(delta);
  }

  /** Quit ends the frame after the tick under way, and so does Stop. */
  #isInterrupted(): boolean {
    return !this.#running || this.Tree.IsQuitting();
  }

  /** A running loop sees it at its frame; a stopped one has none. */
  #onQuitRequested(): void {
    if (!this.#running && !this.#inFrame) this.#finish();
  }

  #finish(): void {
    this.Stop();
    this.Tree.Finish();
    this.#resolve(this.Tree.GetExitCode() ?? 0);
  }
}

function checkRange(name: string, value: number, max: number): void {
  if (value >= 1 && value <= max) return;
  throw new RangeError(`${name} is a number from 1 to ${max}, not ${value}.`);
}
