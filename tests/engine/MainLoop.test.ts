import { describe, expect, it } from "vitest";
import { MainLoop, ManualClock, Node, SceneTree } from "../../engine/index.ts";
import type { MainLoopOptions } from "../../engine/index.ts";
import { CaptureLog } from "./Helpers.ts";

/** A started loop, and what its tree was called with. */
function running(options?: MainLoopOptions) {
  const tree = new SceneTree();
  const clock = new ManualClock();
  const loop = new MainLoop(tree, clock, options);
  const frames: number[] = [];
  const steps: number[] = [];
  tree.ProcessFrame.Connect((delta) => frames.push(delta));
  tree.PhysicsFrame.Connect((delta) => steps.push(delta));
  loop.Start();
  return { tree, clock, loop, frames, steps };
}

describe("MainLoop", () => {
  const lines = CaptureLog();

  it("runs one physics step and one tick per frame of the physics rate", () => {
    const { clock, frames, steps } = running();
    clock.Step(1 / 60, 600);
    expect([frames.length, steps.length]).toEqual([600, 600]);
    expect(new Set(steps)).toEqual(new Set([1 / 60]));
  });

  it.each([
    [30, 60, 120],
    [144, 60, 60],
    [20, 50, 50],
    [60, 1, 1],
  ])("at %i frames and a rate of %i Hz makes the right steps a second", (fps, rate, expected) => {
    const { clock, steps } = running({ PhysicsRate: rate });
    clock.Step(1 / fps, rate === 60 && fps === 30 ? 60 : fps);
    expect(steps).toHaveLength(expected);
  });

  it("runs physics before Process", () => {
    const order: string[] = [];
    const { tree, clock } = running();
    tree.PhysicsFrame.Connect(() => order.push("physics"));
    tree.ProcessFrame.Connect(() => order.push("process"));
    clock.Step(2 / 60);
    expect(order).toEqual(["physics", "physics", "process"]);
  });

  it.each([
    [7, 7],
    [8, 8],
    [9, 8],
    [36_000, 8],
  ])("after a stall of %i steps makes %i, with a clamped delta", (stalled, expected) => {
    const { clock, frames, steps } = running();
    clock.Step(stalled / 60);
    expect(steps).toHaveLength(expected);
    expect(frames[0]).toBeCloseTo(expected / 60);
    clock.Step(0);
    expect(steps).toHaveLength(expected);
  });

  it("takes other limits for the steps of a frame", () => {
    const { clock, frames, steps } = running({ PhysicsRate: 10, MaxPhysicsSteps: 2 });
    clock.Step(5);
    expect([frames, steps]).toEqual([[0.2], [0.1, 0.1]]);
  });

  it("stops and goes on, and a second Start or Stop does nothing", () => {
    const { clock, loop, frames } = running();
    loop.Start();
    loop.Stop();
    loop.Stop();
    clock.Step(0.1);
    expect([loop.IsRunning(), frames.length]).toEqual([false, 0]);
    loop.Start();
    clock.Step(0.1);
    expect([loop.IsRunning(), frames.length]).toEqual([true, 1]);
  });

  it("makes no further tick in a frame that Stop was called in", () => {
    const { tree, clock, loop, frames, steps } = running();
    tree.PhysicsFrame.Connect(() => loop.Stop());
    clock.Step(0.1);
    expect([frames.length, steps.length]).toEqual([0, 1]);
  });

  it("on Quit finishes the tick, frees the nodes and resolves with the code", async () => {
    const { tree, clock, loop, frames } = running();
    const calls: string[] = [];
    class Quitter extends Node {
      override Process(): void {
        calls.push("Process");
        this.GetTree().Quit(4);
      }
      override ExitTree(): void {
        calls.push("ExitTree");
      }
    }
    tree.Root.AddChild(new Quitter());
    tree.Root.AddChild(new Quitter());
    expect(clock.Step(0.01, 5)).toBe(1);
    expect(await loop.Finished).toBe(4);
    expect(calls).toEqual(["Process", "Process", "ExitTree", "ExitTree"]);
    expect(frames).toHaveLength(1);
    expect(() => loop.Start()).toThrow("make a new SceneTree");
  });

  it("sees a Quit between frames at the next one, without another tick", async () => {
    const { tree, clock, loop, frames } = running();
    tree.Quit();
    expect(tree.IsFinished()).toBe(false);
    clock.Step(0.1);
    expect(await loop.Finished).toBe(0);
    expect(frames).toEqual([]);
  });

  it("sees a Quit at once while it is stopped", async () => {
    const { tree, loop } = running();
    loop.Stop();
    tree.Quit(9);
    expect(await loop.Finished).toBe(9);
  });

  it("finishes when Stop and Quit come in the same frame", async () => {
    const { tree, clock, loop } = running();
    tree.ProcessFrame.Connect(() => {
      loop.Stop();
      tree.Quit(1);
    });
    clock.Step(0.1);
    expect(await loop.Finished).toBe(1);
    expect(lines).toEqual([]);
  });

  it("stops and rejects with the error of a node when the tree rethrows", async () => {
    const { tree, clock, loop } = running();
    class Broken extends Node {
      override PhysicsProcess(): void {
        throw new Error("bug");
      }
    }
    tree.Root.AddChild(new Broken());
    tree.RethrowErrors = true;
    clock.Step(0.1);
    await expect(loop.Finished).rejects.toThrow("bug");
    expect(loop.IsRunning()).toBe(false);
  });

  it.each([
    { PhysicsRate: 0 },
    { PhysicsRate: 1001 },
    { PhysicsRate: Number.NaN },
    { MaxPhysicsSteps: 0 },
    { MaxPhysicsSteps: 1.5 },
    { MaxPhysicsSteps: Number.POSITIVE_INFINITY },
  ])("refuses %j", (options) => {
    expect(() => new MainLoop(new SceneTree(), new ManualClock(), options)).toThrow(RangeError);
  });
});
