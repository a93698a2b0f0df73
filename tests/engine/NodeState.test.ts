import { describe, expect, it } from "vitest";
import { Node, ProcessMode } from "../../engine/index.ts";
import { NodeState } from "../../engine/NodeState.ts";

/** The state of a plain node, linked below `parent` and told nothing else. */
function stateOf(name: string, parent: NodeState | null = null, node = new Node()): NodeState {
  const state = new NodeState(node, Node.prototype, name);
  state.parent = parent;
  parent?.children.push(state);
  return state;
}

describe("NodeState.Path", () => {
  it("begins at the topmost ancestor outside a tree, at the root inside", () => {
    const top = stateOf("Game");
    const leaf = stateOf("Barrel", stateOf("Turret", top));
    expect([top.Path(), leaf.Path()]).toEqual(["Game", "Game/Turret/Barrel"]);
    top.core = {} as never;
    expect([top.Path(), leaf.Path()]).toEqual(["/Game", "/Game/Turret/Barrel"]);
  });
});

describe("NodeState.IsAtOrAbove", () => {
  it("is true for itself and what is below, however deep, and for nobody else", () => {
    const top = stateOf("Top");
    const left = stateOf("Left", top);
    const right = stateOf("Right", top);
    const leaf = stateOf("Leaf", left);
    expect([top, left, right, leaf].map((state) => state.IsAtOrAbove(leaf))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(leaf.IsAtOrAbove(top)).toBe(false);
  });
});

describe("NodeState.IsDoomed", () => {
  it("follows from its own QueueFree or an ancestor's, not from a child's", () => {
    const top = stateOf("Top");
    const middle = stateOf("Middle", top);
    const leaf = stateOf("Leaf", middle);
    const doomed = (): boolean[] => [top, middle, leaf].map((state) => state.IsDoomed());
    expect(doomed()).toEqual([false, false, false]);
    middle.queued = true;
    expect(doomed()).toEqual([false, true, true]);
  });
});

describe("NodeState.WantsHook", () => {
  class Ticking extends Node {
    override Process(): void {}
  }

  it("is what the class overrides, hook by hook", () => {
    const state = stateOf("Ticking", null, new Ticking());
    expect([state.WantsHook("Process"), state.WantsHook("PhysicsProcess")]).toEqual([true, false]);
  });

  it("counts a hook that was put on the object itself", () => {
    const node = new Node();
    node.PhysicsProcess = () => {};
    expect(stateOf("Own", null, node).WantsHook("PhysicsProcess")).toBe(true);
  });

  it("is what SetProcess said once that was called, either way", () => {
    const ticking = stateOf("Ticking", null, new Ticking());
    ticking.wanted.Process = false;
    const plain = stateOf("Plain");
    plain.wanted.Process = true;
    expect([ticking.WantsHook("Process"), plain.WantsHook("Process")]).toEqual([false, true]);
    expect(plain.WantsHook("PhysicsProcess")).toBe(false);
  });
});

describe("NodeState.ResolveMode", () => {
  it("is PAUSABLE at the top when nobody says otherwise", () => {
    const top = stateOf("Top");
    top.resolvedMode = ProcessMode.DISABLED;
    top.ResolveMode();
    expect(top.resolvedMode).toBe(ProcessMode.PAUSABLE);
  });

  it("goes down through those that inherit, and ends at one with a mode of its own", () => {
    const top = stateOf("Top");
    const inherits = stateOf("Inherits", top);
    const below = stateOf("Below", inherits);
    const own = stateOf("Own", top);
    const belowOwn = stateOf("BelowOwn", own);
    own.mode = ProcessMode.ALWAYS;
    own.ResolveMode();
    top.mode = ProcessMode.DISABLED;
    top.ResolveMode();
    expect([inherits, below, own, belowOwn].map((state) => state.resolvedMode)).toEqual([
      ProcessMode.DISABLED,
      ProcessMode.DISABLED,
      ProcessMode.ALWAYS,
      ProcessMode.ALWAYS,
    ]);
  });
});
