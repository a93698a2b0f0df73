/**
 * ProcessList: which nodes one hook is called on, and in which order. Driven by TreeCore.
 *
 * Order (Godot 4, Node.process_priority): ascending ProcessPriority over the whole tree, tree order
 * (parents first) among equals. The sorted list is kept until something changes the tree, so a pass
 * over an unchanged tree allocates nothing.
 *
 * A pass walks the list of its beginning. What enters the tree during the pass, or returns to it,
 * starts with the next one. What leaves or is freed in it is skipped. Pausing, ProcessMode and
 * SetProcess(false) act at once, a changed priority with the next pass.
 */

import type { HookErrors } from "./HookErrors.ts";
import type { NodeState, ProcessHook } from "./NodeState.ts";
import { RunsInMode } from "./ProcessMode.ts";
import type { TreeCore } from "./TreeCore.ts";

export class ProcessList {
  readonly #hook: ProcessHook;
  readonly #errors: HookErrors;
  readonly #states: NodeState[] = [];
  #stale = true;

  constructor(hook: ProcessHook, errors: HookErrors) {
    this.#hook = hook;
    this.#errors = errors;
  }

  /** The tree, a priority or a SetProcess has changed: sort again before the next pass. */
  Invalidate(): void {
    this.#stale = true;
  }

  /** Calls the hook on every node that is due. */
  Run(core: TreeCore, delta: number): void {
    if (this.#stale) this.#rebuild(core.Root);
    const lastEntry = core.LastEntry;
    for (const state of this.#states) {
      if (state.core !== core || state.entry > lastEntry) continue;
      if (state.wanted[this.#hook] === false) continue;
      if (!RunsInMode(state.resolvedMode, core.Tree.Paused)) continue;
      if (core.HasQueued() && state.IsDoomed()) continue;
      try {
        const result: unknown = state.node[this.#hook](delta);
        if (result !== undefined) this.#errors.Watch(state, this.#hook, result);
      } catch (error) {
        this.#errors.Report(state, this.#hook, error);
      }
    }
  }

  #rebuild(root: NodeState): void {
    this.#stale = false;
    this.#states.length = 0;
    this.#collect(root);
    // Array.prototype.sort is stable, so equal priorities stay in tree order.
    this.#states.sort((a, b) => a.priority - b.priority);
  }

  #collect(state: NodeState): void {
    if (state.WantsHook(this.#hook)) this.#states.push(state);
    for (const child of state.children) this.#collect(child);
  }
}
