/**
 * NodeState: the part of a node that only the engine touches.
 *
 * Each Node keeps one in a private field, out of the way of the names that a game's subclasses
 * use. Links run from state to state, so the walks in NodeLifecycle.ts and ProcessList.ts never go
 * through public methods that a subclass may have overridden.
 */

import type { Node } from "./Node.ts";
import type { ResolvedMode } from "./ProcessMode.ts";
import { ProcessMode } from "./ProcessMode.ts";
import { SiblingNames } from "./SiblingNames.ts";
import type { TreeCore } from "./TreeCore.ts";

export class NodeState {
  readonly node: Node;
  /** Node.prototype: a class that still has a hook of it need not be called. */
  readonly #base: Node;
  name: string;
  parent: NodeState | null = null;
  readonly children: NodeState[] = [];
  readonly childNames = new SiblingNames<NodeState>();

  /** The tree that the node is in, from before EnterTree until after ExitTree. */
  core: TreeCore | null = null;
  /** Which entry into a tree this is, counted per tree; 0 outside. Tells a stay from a return. */
  entry = 0;
  /** ExitTree is being called on the node or below it. */
  leaving = false;
  /** The Ready walk has come to this node; children added from now on are made ready at once. */
  readyBegun = false;
  /** Ready was called. Stays so when the node leaves. */
  readyDone = false;
  /** QueueFree was called. */
  queued = false;
  freed = false;

  mode: ProcessMode = ProcessMode.INHERIT;
  resolvedMode: ResolvedMode = ProcessMode.PAUSABLE;
  priority = 0;
  /** What SetProcess and SetPhysicsProcess said; null: process if the class overrides the hook. */
  readonly wanted: Record<ProcessHook, boolean | null> = { Process: null, PhysicsProcess: null };

  constructor(node: Node, base: Node, name: string) {
    this.node = node;
    this.#base = base;
    this.name = name;
  }

  /** "/root/Game/Player" inside a tree, "Game/Player" from the topmost ancestor outside. */
  Path(): string {
    if (this.parent !== null) return `${this.parent.Path()}/${this.name}`;
    return this.core === null ? this.name : `/${this.name}`;
  }

  /** Whether this is `other` or above it. */
  IsAtOrAbove(other: NodeState): boolean {
    return this === other || (other.parent !== null && this.IsAtOrAbove(other.parent));
  }

  /** Whether the node goes at the end of the tick, by its own QueueFree or an ancestor's. */
  IsDoomed(): boolean {
    return this.queued || (this.parent !== null && this.parent.IsDoomed());
  }

  /** What SetProcess said or, if it was not called, whether the class overrides the hook. */
  WantsHook(hook: ProcessHook): boolean {
    return this.wanted[hook] ?? this.node[hook] !== this.#base[hook];
  }

  /** Works out INHERIT for this node and for those below that inherit from it. */
  ResolveMode(): void {
    const inherited = this.parent?.resolvedMode ?? ProcessMode.PAUSABLE;
    this.resolvedMode = this.mode === ProcessMode.INHERIT ? inherited : this.mode;
    for (const child of this.children) {
      if (child.mode === ProcessMode.INHERIT) child.ResolveMode();
    }
  }
}

/** The hooks that run every tick. */
export type ProcessHook = "Process" | "PhysicsProcess";
