import { describe, expect, it } from "vitest";
import { Node, SceneTree } from "../../engine/index.ts";
import { CaptureLog } from "./Helpers.ts";

class Broken extends Node {
  override Process(): void {
    throw new Error("bug");
  }
}

class BrokenLater extends Node {
  override async Process(): Promise<void> {
    throw new Error("bug");
  }
}

function treeWith(...nodes: Node[]): SceneTree {
  const tree = new SceneTree();
  for (const node of nodes) tree.Root.AddChild(node);
  return tree;
}

function tick(tree: SceneTree, times: number, delta: number): void {
  for (let count = 0; count < times; count++) tree.Tick(delta);
}

describe("errors of nodes", () => {
  const lines = CaptureLog();
  const messages = (): string[] => lines.map((line) => line.Message);

  it("cost two lines a second at 64 Hz, and the second says how many were suppressed", () => {
    const tree = treeWith(new Broken("Bad"));
    tick(tree, 128, 1 / 64);
    expect(messages()).toEqual([
      "Process of /root/Bad threw.",
      "/root/Bad: 63 more errors were suppressed.",
      "Process of /root/Bad threw.",
      "/root/Bad: 63 more errors were suppressed.",
    ]);
  });

  it("of one node do not hide those of another", () => {
    const tree = treeWith(new Broken("A"), new Broken("B"));
    tick(tree, 2, 0);
    expect(messages()).toEqual(["Process of /root/A threw.", "Process of /root/B threw."]);
  });

  it.each([
    [49, 49, 0],
    [50, 50, 0],
    [51, 50, 1],
    [500, 50, 450],
  ])("of %i nodes get %i lines, and the other %i are counted", (nodes, shown, counted) => {
    const tree = treeWith(...Array.from({ length: nodes }, () => new Broken()));
    tree.Tick(1);
    const expected = counted > 0 ? [`${counted} errors of further nodes were suppressed.`] : [];
    expect(lines).toHaveLength(shown + expected.length);
    expect(messages().slice(shown)).toEqual(expected);
    tree.Tick(1);
    expect(messages().slice(lines.length / 2)).toEqual(messages().slice(0, lines.length / 2));
  });

  it("that happen rarely are all shown", () => {
    const tree = treeWith(new Broken("Bad"));
    tick(tree, 3, 1);
    expect(messages()).toEqual(Array(3).fill("Process of /root/Bad threw."));
  });

  it("of async hooks are reported too", async () => {
    const tree = treeWith(new BrokenLater("Bad"));
    tree.Tick(0);
    await Promise.resolve();
    expect(messages()).toEqual(["Process of /root/Bad threw."]);
  });

  it("are thrown by the tick when asked for, after everybody had a turn", () => {
    let turns = 0;
    class Counter extends Node {
      override Process(): void {
        turns++;
      }
    }
    const tree = treeWith(new Broken(), new Counter());
    tree.RethrowErrors = true;
    expect(() => tree.Tick(0)).toThrow("bug");
    expect(() => tree.Tick(0)).toThrow("bug");
    expect(turns).toBe(2);
    expect(lines).toEqual([]);
  });
});
