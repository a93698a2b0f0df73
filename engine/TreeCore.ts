/**
 * TreeCore: what the nodes of one tree share behind SceneTree's public face: the order of
 * processing, the nodes waiting to be freed, the treatment of errors. Driven by SceneTree.
 *
 * The queue of nodes to free is bounded by the number of nodes: a node is queued at most once.
 */

import { HookErrors } from "./HookErrors.ts";
import { FreeNode } from "./NodeLifecycle.ts";
import type { NodeState, ProcessHook } from "./NodeState.ts";
import { ProcessList } from "./ProcessList.ts";
import type { SceneTree } from "./SceneTree.ts";

export class TreeCore {
  readonly Tree: SceneTree;
  readonly Root: NodeState;
  readonly Errors = new HookErrors();
  /** How many entries into the tree there have been; the newest node's `entry`. */
  LastEntry = 0;

  readonly #lists: Readonly<Record<ProcessHook, ProcessList>>;
  readonly #queued: NodeState[] = [];

  constructor(tree: SceneTree, root: NodeState) {
    this.Tree = tree;
    this.Root = root;
    this.#lists = {
      Process: new ProcessList("Process", this.Errors),
      PhysicsProcess: new ProcessList("PhysicsProcess", this.Errors),
    };
  }

  /** Something changed that decides which nodes are processed, or in which order. */
  Invalidate(): void {
    this.#lists.Process.Invalidate();
    this.#lists.PhysicsProcess.Invalidate();
  }

  Run(hook: ProcessHook, delta: number): void {
    this.#lists[hook].Run(this, delta);
  }

  Queue(state: NodeState): void {
    this.#queued.push(state);
  }

  HasQueued(): boolean {
    return this.#queued.length > 0;
  }

  /** Frees what was queued until now; what ExitTree queues meanwhile waits for the next tick. */
  FreeQueued(): void {
    const count = this.#queued.length;
    if (count === 0) return;
    for (const state of this.#queued.slice(0, count)) FreeNode(state);
    this.#queued.splice(0, count);
  }
}
