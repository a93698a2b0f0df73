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
  /** The hook of Node itself; a class that still has it need not be called. */
  readonly #emptyHook: unknown;
  readonly #states: NodeState[] = [];
  #stale = true;

  constructor(hook: ProcessHook, emptyHook: unknown, errors: HookErrors) {
    this.#hook = hook;
    this.#emptyHook = emptyHook;
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
    if (IsHookWanted(state, this.#hook, this.#emptyHook)) this.#states.push(state);
    for (const child of state.children) this.#collect(child);
  }
}

/** What SetProcess said or, if it was not called, whether the class overrides the hook. */
export function IsHookWanted(state: NodeState, hook: ProcessHook, emptyHook: unknown): boolean {
  return state.wanted[hook] ?? state.node[hook] !== emptyHook;
}
