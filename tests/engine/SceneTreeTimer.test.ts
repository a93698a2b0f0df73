import { describe, expect, it } from "vitest";
import { SceneTree } from "../../engine/index.ts";
import type { SceneTreeTimer } from "../../engine/index.ts";

function count(timer: SceneTreeTimer): { fired: number } {
  const counter = { fired: 0 };
  timer.Timeout.Connect(() => counter.fired++);
  return counter;
}

describe("SceneTree.CreateTimer", () => {
  it("fires once, at the tick in which its time is over", () => {
    const tree = new SceneTree();
    const timer = tree.CreateTimer(1);
    const counter = count(timer);
    for (let tick = 1; tick < 60; tick++) tree.Tick(1 / 60);
    expect(counter.fired).toBe(0);
    expect(timer.TimeLeft).toBeCloseTo(1 / 60);
    tree.Tick(1 / 60);
    expect([counter.fired, timer.TimeLeft]).toEqual([1, 0]);
    tree.Tick(5);
    expect(counter.fired).toBe(1);
  });

  it("is not a tick late by rounding", () => {
    const tree = new SceneTree();
    const counter = count(tree.CreateTimer(1));
    for (let tick = 0; tick < 10; tick++) tree.Tick(0.1);
    expect(counter.fired).toBe(1);
  });

  it("with 0 seconds fires at the next tick", () => {
    const tree = new SceneTree();
    const counter = count(tree.CreateTimer(0));
    expect(counter.fired).toBe(0);
    tree.Tick(0);
    expect(counter.fired).toBe(1);
  });

  it("runs while the tree is paused, unless told otherwise", () => {
    const tree = new SceneTree();
    const always = count(tree.CreateTimer(1));
    const pausable = count(tree.CreateTimer(1, false));
    tree.Paused = true;
    tree.Tick(1);
    expect([always.fired, pausable.fired]).toEqual([1, 0]);
    tree.Paused = false;
    tree.Tick(1);
    expect([always.fired, pausable.fired]).toEqual([1, 1]);
  });

  it("does not start in the tick whose Timeout made it, so a chain cannot run away", () => {
    const tree = new SceneTree();
    let fired = 0;
    const chain = (): void => {
      fired++;
      tree.CreateTimer(0).Timeout.Connect(chain);
    };
    tree.CreateTimer(0).Timeout.Connect(chain);
    tree.Tick(1);
    tree.Tick(1);
    expect(fired).toBe(2);
  });

  it("keeps the others running, in order, when some are over", () => {
    const tree = new SceneTree();
    const fired: number[] = [];
    for (const seconds of [3, 1, 2, 1]) {
      tree.CreateTimer(seconds).Timeout.Connect(() => fired.push(seconds));
    }
    for (let tick = 0; tick < 3; tick++) tree.Tick(1);
    expect(fired).toEqual([1, 1, 2, 3]);
  });

  it("can be awaited", async () => {
    const tree = new SceneTree();
    const over = tree.CreateTimer(0.5).Timeout.Next();
    tree.Tick(0.5);
    expect(await over).toEqual([]);
  });

  it("takes 65,536 timers and refuses one more until one is over", () => {
    const tree = new SceneTree();
    tree.CreateTimer(1);
    for (let made = 1; made < 65_536; made++) tree.CreateTimer(2);
    expect(() => tree.CreateTimer(1)).toThrow("in every frame");
    tree.Tick(1);
    expect(() => tree.CreateTimer(1)).not.toThrow();
  });
});
