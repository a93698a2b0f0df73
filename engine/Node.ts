/**
 * Node: one element of a game, which lives in a tree and is called every tick.
 *
 * Subclass it and override the hooks. The behaviour is Godot 4's Node unless a comment says
 * otherwise; names are PascalCase. A node is driven by the SceneTree that it is in, the order of
 * calls is written down in NodeLifecycle.ts and ProcessList.ts. All state is in one private field,
 * so a subclass may use any field name of its own.
 */

import { AttachNode, DetachNode, FreeNode } from "./NodeLifecycle.ts";
import { FindByPath } from "./NodePath.ts";
import type { ProcessHook } from "./NodeState.ts";
import { NodeState } from "./NodeState.ts";
import { ProcessMode, RunsInMode } from "./ProcessMode.ts";
import type { SceneTree } from "./SceneTree.ts";
import { CheckNodeName } from "./SiblingNames.ts";
import { Signal } from "./Signal.ts";

/** A class of nodes, for the checked forms of GetNode and GetNodeOrNull. */
export type NodeClass<T extends Node> = abstract new (...args: never[]) => T;

const modes: readonly unknown[] = Object.values(ProcessMode);

/** For SceneTree only: the state behind a node. Not exported by the package. */
export let StateOf: (node: Node) => NodeState;

export class Node {
  /** After EnterTree, before the children enter. */
  readonly TreeEntered = new Signal();
  /** After the node and all below it have left the tree, when it has no parent any more. */
  readonly TreeExited = new Signal();
  /** After Ready; once in a life. */
  readonly ReadySignal = new Signal();
  /** A child has entered the tree. */
  readonly ChildEnteredTree = new Signal<[child: Node]>();
  /** A child is about to leave the tree, and is still in it. */
  readonly ChildExitingTree = new Signal<[child: Node]>();
  /** The node was freed: the place to give resources back. Stands for Godot's predelete notice. */
  readonly Freed = new Signal();

  readonly #state: NodeState;

  static {
    StateOf = (node) => node.#state;
  }

  /** @param name defaults to the name of the class; made unique among siblings on AddChild */
  constructor(name?: string) {
    if (name !== undefined) CheckNodeName(name);
    this.#state = new NodeState(this, Node.prototype, name ?? (new.target.name || "Node"));
  }

  // --- Hooks, to be overridden. What they throw is logged and stops nobody else. ---

  /** The node has come into a tree; parents before children. */
  EnterTree(): void {}

  /** The node and all its children are in the tree; children before parents, once in a life. */
  Ready(): void {}

  /**
   * Once a frame.
   * @param _delta seconds since the last frame, clamped by MainLoop
   */
  Process(_delta: number): void {}

  /**
   * At a fixed rate, before Process.
   * @param _delta seconds, always 1 / PhysicsRate under a MainLoop
   */
  PhysicsProcess(_delta: number): void {}

  /** The node is leaving its tree; children before parents. */
  ExitTree(): void {}

  // --- Name and place ---

  /** Unique among siblings: a taken name gets a number. Not "", "." or "..", and without "/". */
  get Name(): string {
    return this.#state.name;
  }

  set Name(name: string) {
    CheckNodeName(name);
    const state = this.#state;
    if (name === state.name) return;
    state.parent?.childNames.Release(state.name);
    state.name = state.parent?.childNames.Claim(name, state) ?? name;
  }

  /** "/root/Game/Player"; outside a tree "Game/Player", from the topmost ancestor. */
  GetPath(): string {
    return this.#state.Path();
  }

  GetParent(): Node | null {
    return this.#state.parent?.node ?? null;
  }

  IsInsideTree(): boolean {
    return this.#state.core !== null;
  }

  /** @throws {Error} outside a tree; ask IsInsideTree first */
  GetTree(): SceneTree {
    const core = this.#state.core;
    if (core === null)
      throw new Error(`"${this.Name}" is in no tree; call GetTree after AddChild.`);
    return core.Tree;
  }

  // --- Family ---

  /**
   * Makes `child` the last child. If this node is in a tree, so is the child when the call returns.
   * @throws {TypeError} if `child` is not a Node
   * @throws {Error} if it has a parent, was freed, is this node or above it
   */
  AddChild(child: Node): void {
    this.#adopt(child, this.#state.children.length);
  }

  /**
   * Puts `sibling` directly behind this node, below the same parent.
   * @throws {Error} if this node has no parent, and as AddChild does
   */
  AddSibling(sibling: Node): void {
    const parent = this.GetParent();
    if (parent === null) throw new Error(`"${this.Name}" has no parent; use AddChild on a parent.`);
    parent.#adopt(sibling, this.GetIndex() + 1);
  }

  /**
   * Takes `child` out of the tree without freeing it; it can be added again.
   * @throws {Error} if it is not a child of this node
   */
  RemoveChild(child: Node): void {
    checkIsNode(child, "RemoveChild");
    if (child.#state.parent !== this.#state) {
      throw new Error(`"${child.Name}" is not a child of "${this.GetPath()}".`);
    }
    DetachNode(child.#state);
  }

  /**
   * @param index from 0; below 0 counts from the end
   * @throws {RangeError} if there is no such child
   */
  GetChild(index: number): Node {
    const child = this.#state.children.at(index);
    if (child !== undefined && Number.isInteger(index)) return child.node;
    throw new RangeError(`"${this.GetPath()}" has ${this.GetChildCount()} children, no ${index}.`);
  }

  /** A copy, so it may be walked while the tree changes. */
  GetChildren(): Node[] {
    return this.#state.children.map((child) => child.node);
  }

  GetChildCount(): number {
    return this.#state.children.length;
  }

  /** The place among its siblings, from 0; -1 without a parent. */
  GetIndex(): number {
    return this.#state.parent?.children.indexOf(this.#state) ?? -1;
  }

  /**
   * Finds a node by path: "Turret/Barrel", "../Sibling", "/root/Game".
   * @param type if given, the node must be of this class
   * @throws {Error} if there is none; {TypeError} if it is of another class
   */
  GetNode(path: string): Node;
  GetNode<T extends Node>(path: string, type: NodeClass<T>): T;
  GetNode(path: string, type: NodeClass<Node> = Node): Node {
    const node = this.GetNodeOrNull(path);
    if (node === null) throw new Error(`"${this.GetPath()}" finds no node at "${path}".`);
    if (node instanceof type) return node;
    throw new TypeError(`"${path}" of "${this.GetPath()}" is not a ${type.name}.`);
  }

  /** As GetNode, but null if there is none or it is of another class. */
  GetNodeOrNull(path: string): Node | null;
  GetNodeOrNull<T extends Node>(path: string, type: NodeClass<T>): T | null;
  GetNodeOrNull(path: string, type: NodeClass<Node> = Node): Node | null {
    const node = FindByPath(this.#state, path)?.node;
    return node instanceof type ? node : null;
  }

  // --- The end ---

  /**
   * Frees the node and all below it at the end of the tick; until then it is not processed any
   * more. Outside a tree there is no tick, and it is freed at once. The second call does nothing.
   * @throws {Error} on the root of a tree: use SceneTree.Quit
   */
  QueueFree(): void {
    const state = this.#state;
    if (state.queued || state.freed) return;
    if (state.core?.Root === state) throw new Error("The root cannot be freed; use Quit instead.");
    state.queued = true;
    if (state.core === null) FreeNode(state);
    else state.core.Queue(state);
  }

  /** Whether this node's QueueFree was called, or it is freed already. */
  IsQueuedForDeletion(): boolean {
    return this.#state.queued || this.#state.freed;
  }

  // --- Processing ---

  /** Whether the node runs while the tree is paused. Default INHERIT. Acts at once. */
  get ProcessMode(): ProcessMode {
    return this.#state.mode;
  }

  set ProcessMode(mode: ProcessMode) {
    if (!modes.includes(mode)) throw new TypeError(`${mode} is not a value of ProcessMode.`);
    this.#state.mode = mode;
    this.#state.ResolveMode();
  }

  /** Lower runs earlier, over the whole tree. Default 0. Acts from the next pass. */
  get ProcessPriority(): number {
    return this.#state.priority;
  }

  set ProcessPriority(priority: number) {
    if (typeof priority !== "number" || Number.isNaN(priority)) {
      throw new TypeError(`ProcessPriority is a number, not ${priority}.`);
    }
    this.#state.priority = priority;
    this.#state.core?.Invalidate();
  }

  /** Whether Process is called. By default it is if the class overrides it. */
  SetProcess(enabled: boolean): void {
    this.#want("Process", enabled);
  }

  IsProcessing(): boolean {
    return this.#state.WantsHook("Process");
  }

  /** Whether PhysicsProcess is called. By default it is if the class overrides it. */
  SetPhysicsProcess(enabled: boolean): void {
    this.#want("PhysicsProcess", enabled);
  }

  IsPhysicsProcessing(): boolean {
    return this.#state.WantsHook("PhysicsProcess");
  }

  /** Whether ProcessMode and the tree's pause let the node run now; false outside a tree. */
  CanProcess(): boolean {
    const { core, resolvedMode } = this.#state;
    return core !== null && RunsInMode(resolvedMode, core.Tree.Paused);
  }

  #want(hook: ProcessHook, enabled: boolean): void {
    if (this.#state.wanted[hook] === enabled) return;
    this.#state.wanted[hook] = enabled;
    this.#state.core?.Invalidate();
  }

  #adopt(child: Node, index: number): void {
    checkIsNode(child, "AddChild");
    const problem = findObstacle(this.#state, child.#state);
    if (problem !== null) throw new Error(`Cannot add "${child.Name}": ${problem}`);
    AttachNode(this.#state, child.#state, index);
  }
}

function checkIsNode(value: unknown, method: string): void {
  if (value instanceof Node) return;
  throw new TypeError(`${method} needs a Node (of this copy of Moonwire), not ${String(value)}.`);
}

/** Why `child` cannot go below `parent`, or null if it can. */
function findObstacle(parent: NodeState, child: NodeState): string | null {
  if (parent.freed) return `its new parent "${parent.name}" was freed.`;
  if (child.freed) return "it was freed; make a new node.";
  if (child === parent) return "a node cannot be its own child.";
  if (child.IsAtOrAbove(parent)) return `it is above "${parent.Path()}"; remove it there first.`;
  if (child.parent !== null) {
    return `it has the parent "${child.parent.Path()}"; call RemoveChild there first.`;
  }
  if (child.leaving) return "it is leaving its tree; add it when TreeExited is emitted.";
  if (child.core !== null) return "it is the root of a tree.";
  return null;
}
