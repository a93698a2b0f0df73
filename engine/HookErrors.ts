/**
 * HookErrors: what happens when a node's own code throws. Driven by SceneTree's ticks.
 *
 * The error is logged with the node's path and the others go on. In one second of tree time a node
 * gets one line, at most `maxLinesPerWindow` nodes get one, and at its end the rest is told as a
 * count, so a failure at 60 Hz costs two lines a second. With `Rethrow` the first error is kept
 * instead and thrown when the outermost call is done, so that no walk stops halfway in a tree.
 */

import { Log } from "./Log.ts";
import type { NodeState } from "./NodeState.ts";

const windowSeconds = 1;
const maxLinesPerWindow = 50;

interface NodeLine {
  readonly path: string;
  suppressed: number;
}

export class HookErrors {
  /** Throw a node's first error out of Tick, PhysicsTick, AddChild ... instead of logging it. */
  Rethrow = false;

  readonly #lines = new Map<NodeState, NodeLine>();
  #others = 0;
  #elapsed = 0;
  #depth = 0;
  #kept: { readonly error: unknown } | null = null;

  /** Calls a hook that runs at changes of the tree. */
  Call(state: NodeState, hook: "EnterTree" | "Ready" | "ExitTree"): void {
    try {
      this.Watch(state, hook, state.node[hook]());
    } catch (error) {
      this.Report(state, hook, error);
    }
  }

  /** Reports the failure of a hook that was written as an `async` function. */
  Watch(state: NodeState, hook: string, result: unknown): void {
    if (result instanceof Promise) result.catch((error) => this.Report(state, hook, error));
  }

  Report(state: NodeState, hook: string, error: unknown): void {
    if (this.Rethrow) {
      this.#kept ??= { error };
      return;
    }
    const line = this.#lines.get(state);
    if (line !== undefined) {
      line.suppressed++;
    } else if (this.#lines.size < maxLinesPerWindow) {
      const path = state.Path();
      this.#lines.set(state, { path, suppressed: 0 });
      Log.Error(`${hook} of ${path} threw.`, error);
    } else {
      this.#others++;
    }
  }

  /** Runs a change of the tree, then throws the error that it kept, if it is the outermost. */
  Batch(change: () => void): void {
    this.Begin();
    try {
      change();
    } finally {
      this.End();
    }
  }

  Begin(): void {
    this.#depth++;
  }

  End(): void {
    this.#depth--;
    if (this.#depth > 0 || this.#kept === null) return;
    const { error } = this.#kept;
    this.#kept = null;
    throw error;
  }

  /** Lets tree time pass; at the end of a window tells what was suppressed in it. */
  Advance(seconds: number): void {
    this.#elapsed += seconds;
    if (this.#elapsed < windowSeconds) return;
    this.#elapsed = 0;
    for (const { path, suppressed } of this.#lines.values()) {
      if (suppressed > 0) Log.Error(`${path}: ${suppressed} more errors were suppressed.`);
    }
    if (this.#others > 0) Log.Error(`${this.#others} errors of further nodes were suppressed.`);
    this.#lines.clear();
    this.#others = 0;
  }
}
