/**
 * Random changes of a tree, made between ticks and from inside every hook, against invariants that
 * hold whatever a game's code does. fast-check prints the seed of a failure.
 */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Node, ProcessMode, SceneTree } from "../../engine/index.ts";
import { CaptureLog } from "./Helpers.ts";

const nodeCount = 8;
const modes = Object.values(ProcessMode);
const hooks = ["EnterTree", "Ready", "Process", "ExitTree"] as const;
type Hook = (typeof hooks)[number];

/** One change: what, to which node, with which other. */
const change = fc.record({
  what: fc.constantFrom("add", "sibling", "remove", "free", "priority", "mode", "off", "on"),
  on: fc.nat(nodeCount),
  other: fc.nat(nodeCount),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** A change that waits until a hook of one node is called. */
const trap = fc.record({ at: fc.nat(nodeCount - 1), hook: fc.constantFrom(...hooks), change });
type Trap = typeof trap extends fc.Arbitrary<infer T> ? T : never;

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`Invariant broken: ${otherwise}.`);
}

class World {
  readonly tree = new SceneTree({ RethrowErrors: true });
  readonly nodes: Node[] = [this.tree.Root];
  readonly readied = new Set<Node>();
  readonly inside = new Set<Node>();
  /** Nodes processed in this tick, in order, and those that entered in it. */
  readonly processed: Node[] = [];
  readonly entered = new Set<Node>();
  readonly #traps: Trap[];

  constructor(traps: Trap[]) {
    this.#traps = [...traps];
    for (let index = 0; index < nodeCount; index++) this.nodes.push(new Probe(this, index));
  }

  apply({ what, on, other }: Change): void {
    const node = this.nodes[on]!;
    const second = this.nodes[other]!;
    try {
      if (what === "add") node.AddChild(second);
      else if (what === "sibling") node.AddSibling(second);
      else if (what === "remove") node.GetParent()?.RemoveChild(node);
      else if (what === "free") node.QueueFree();
      else if (what === "priority") node.ProcessPriority = other % 3;
      else if (what === "mode") node.ProcessMode = modes[other % modes.length]!;
      else node.SetProcess(what === "on");
    } catch (error) {
      // A refusal is fine, as long as the tree stays whole. Anything else is a fault.
      if (!/^Error: (Cannot add|The root cannot|".*" has no parent)/.test(String(error)))
        throw error;
    }
  }

  spring(at: number, hook: Hook): void {
    const index = this.#traps.findIndex((item) => item.at === at && item.hook === hook);
    if (index < 0) return;
    const [sprung] = this.#traps.splice(index, 1);
    this.apply(sprung!.change);
  }

  tick(): void {
    this.processed.length = 0;
    this.entered.clear();
    this.tree.Tick(1 / 60);
    must(new Set(this.processed).size === this.processed.length, "a node processed twice");
  }

  check(): void {
    const reached = new Set<Node>();
    walk(this.tree.Root, reached);
    for (const node of this.nodes) {
      must(node.IsInsideTree() === reached.has(node), "IsInsideTree differs from the tree");
      if (node === this.tree.Root) continue;
      must(this.inside.has(node) === reached.has(node), "hooks differ from the tree");
      if (reached.has(node)) {
        must(this.readied.has(node), "a node in the tree is not ready");
        must(node.GetNode(node.GetPath()) === node, "a path leads astray");
      }
      must(node.GetParent()?.GetChildren().includes(node) ?? true, "a parent lost its child");
    }
  }
}

class Probe extends Node {
  readonly #world: World;
  readonly #index: number;

  constructor(world: World, index: number) {
    super("Probe");
    this.#world = world;
    this.#index = index;
  }

  override EnterTree(): void {
    must(!this.#world.inside.has(this), "EnterTree twice");
    must(this.GetParent()?.IsInsideTree() === true, "EnterTree before the parent");
    this.#world.inside.add(this);
    this.#world.entered.add(this);
    this.#world.spring(this.#index, "EnterTree");
  }

  override Ready(): void {
    must(!this.#world.readied.has(this), "Ready twice");
    this.#world.readied.add(this);
    for (const child of this.GetChildren()) {
      must(this.#world.readied.has(child), "Ready before a child");
    }
    this.#world.spring(this.#index, "Ready");
  }

  override Process(): void {
    must(this.IsInsideTree(), "Process outside the tree");
    must(this.CanProcess(), "Process against the mode");
    must(this.IsProcessing(), "Process after SetProcess(false)");
    must(!this.IsQueuedForDeletion(), "Process after QueueFree");
    must(!this.#world.entered.has(this), "Process in the tick of its entry");
    this.#world.processed.push(this);
    this.#world.spring(this.#index, "Process");
  }

  override ExitTree(): void {
    must(this.#world.inside.delete(this), "ExitTree without EnterTree");
    this.#world.spring(this.#index, "ExitTree");
  }
}

function walk(node: Node, reached: Set<Node>): void {
  must(!reached.has(node), "a circle");
  reached.add(node);
  const names = node.GetChildren().map((child) => child.Name);
  must(new Set(names).size === names.length, "a name is there twice");
  for (const child of node.GetChildren()) {
    must(child.GetParent() === node, "a child has another parent");
    walk(child, reached);
  }
}

/** What the order of a pass must be, worked out the plain way. */
function expectedOrder(tree: SceneTree): Node[] {
  const order: Node[] = [];
  const collect = (node: Node): void => {
    if (node instanceof Probe && node.IsProcessing() && node.CanProcess()) order.push(node);
    node.GetChildren().forEach(collect);
  };
  collect(tree.Root);
  return order.toSorted((a, b) => a.ProcessPriority - b.ProcessPriority);
}

describe("a tree under random changes", () => {
  CaptureLog();

  it("stays whole when code changes it between ticks and from inside every hook", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 8 }),
        fc.array(trap, { maxLength: 12 }),
        (rounds, traps) => {
          const world = new World(traps);
          for (const round of rounds) {
            for (const item of round) {
              world.apply(item);
              world.check();
            }
            world.tick();
            world.check();
          }
          world.tree.Finish();
          expect(world.inside.size).toBe(0);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("processes in ascending priority and tree order, whatever happened before", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const world = new World([]);
        for (const item of changes.filter(({ what }) => what !== "free")) world.apply(item);
        const expected = expectedOrder(world.tree);
        world.entered.clear();
        world.tick();
        expect(world.processed).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
