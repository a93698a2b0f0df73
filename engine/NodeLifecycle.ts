/**
 * NodeLifecycle: the walks that run when a node joins, leaves or is freed. Called by Node,
 * TreeCore and SceneTree.
 *
 *   join   parents first: EnterTree, TreeEntered, the parent's ChildEnteredTree
 *          then children first, once in a life: Ready, ReadySignal
 *   leave  children first, the last child first: ExitTree, the parent's ChildExitingTree
 *          then, unlinked: TreeExited
 *   free   leave, then children first: Freed, and the end of all connections with that Owner
 *
 * This is Godot 4's order (Node._propagate_enter_tree, _propagate_ready, _propagate_exit_tree).
 * Unlike there, the code that runs in a walk may change the tree. Each walk therefore goes over a
 * copy, and after every call compares the node's `entry` to see if the node is still where it was.
 */

import type { NodeState } from "./NodeState.ts";
import { DisconnectOwner } from "./Signal.ts";
import type { TreeCore } from "./TreeCore.ts";

/** Links `child` below `parent` at `index`; the caller has checked that this is allowed. */
export function AttachNode(parent: NodeState, child: NodeState, index: number): void {
  child.parent = parent;
  child.name = parent.childNames.Claim(child.name, child);
  parent.children.splice(index, 0, child);
  child.ResolveMode();
  const core = parent.core;
  // A parent on its way out takes the child along without a tree.
  if (core !== null && !parent.leaving) core.Errors.Batch(() => joinTree(child, core));
}

/** Makes `root` the root of a tree. */
export function AttachRoot(root: NodeState, core: TreeCore): void {
  core.Errors.Batch(() => joinTree(root, core));
}

/** Takes a node out of its tree and from its parent, if it has these. */
export function DetachNode(state: NodeState): void {
  const core = state.core;
  if (core === null) unlink(state, state.parent);
  else core.Errors.Batch(() => leaveTree(state, core));
}

/** Ends a node and all below it. Does nothing the second time. */
export function FreeNode(state: NodeState): void {
  if (state.freed) return;
  state.freed = true;
  DetachNode(state);
  release(state);
}

function joinTree(state: NodeState, core: TreeCore): void {
  enter(state, core);
  // Below a parent that is not ready yet, the parent's own walk will come by.
  if (state.parent === null || state.parent.readyBegun) makeReady(state);
}

function enter(state: NodeState, core: TreeCore): void {
  const entry = ++core.LastEntry;
  state.core = core;
  state.entry = entry;
  core.Invalidate();
  core.Errors.Call(state, "EnterTree");
  if (state.entry === entry) state.node.TreeEntered.Emit();
  if (state.entry === entry) state.parent?.node.ChildEnteredTree.Emit(state.node);
  for (const child of state.children.slice()) {
    if (state.entry !== entry) return;
    if (child.parent === state && child.core === null) enter(child, core);
  }
}

function makeReady(state: NodeState): void {
  const { core, entry } = state;
  if (core === null) return;
  state.readyBegun = true;
  for (const child of state.children.slice()) {
    if (child.parent === state) makeReady(child);
    if (state.entry !== entry) return;
  }
  if (state.readyDone) return;
  state.readyDone = true;
  core.Errors.Call(state, "Ready");
  state.node.ReadySignal.Emit();
}

function leaveTree(state: NodeState, core: TreeCore): void {
  const parent = state.parent;
  const left: NodeState[] = [];
  exit(state, core, left);
  unlink(state, parent);
  for (const gone of left) {
    // A handler may have put it back into a tree; then the news would be false.
    if (gone.core === null) gone.node.TreeExited.Emit();
  }
}

function exit(state: NodeState, core: TreeCore, left: NodeState[]): void {
  if (state.core === null || state.leaving) return;
  state.leaving = true;
  for (const child of state.children.toReversed()) {
    if (child.parent === state) exit(child, core, left);
  }
  core.Errors.Call(state, "ExitTree");
  state.parent?.node.ChildExitingTree.Emit(state.node);
  state.core = null;
  state.entry = 0;
  state.leaving = false;
  core.Invalidate();
  left.push(state);
}

/** Does nothing if the node's own code has already moved it away from `parent`. */
function unlink(state: NodeState, parent: NodeState | null): void {
  if (parent === null || state.parent !== parent) return;
  parent.children.splice(parent.children.indexOf(state), 1);
  parent.childNames.Release(state.name);
  state.parent = null;
}

function release(state: NodeState): void {
  state.freed = true;
  for (const child of state.children.slice()) {
    if (child.parent !== state) continue;
    release(child);
    unlink(child, state);
  }
  state.node.Freed.Emit();
  DisconnectOwner(state.node);
}
