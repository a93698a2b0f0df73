import { describe, expect, it } from "vitest";
import { ProcessMode, SceneTree, Timer } from "../../engine/index.ts";

function timerInTree(waitTime: number) {
  const tree = new SceneTree();
  const timer = new Timer();
  timer.WaitTime = waitTime;
  tree.Root.AddChild(timer);
  const counter = { fired: 0 };
  timer.Timeout.Connect(() => counter.fired++);
  return { tree, timer, counter };
}

describe("Timer", () => {
  it("waits until it is started", () => {
    const { tree, timer, counter } = timerInTree(1);
    tree.Tick(10);
    expect([counter.fired, timer.IsStopped(), timer.TimeLeft]).toEqual([0, true, 0]);
  });

  it("fires again and again, exactly in time", () => {
    const { tree, timer, counter } = timerInTree(0.5);
    timer.Start();
    for (let tick = 0; tick < 29; tick++) tree.Tick(1 / 60);
    expect(counter.fired).toBe(0);
    tree.Tick(1 / 60);
    expect(counter.fired).toBe(1);
    for (let tick = 0; tick < 60 * 60; tick++) tree.Tick(1 / 60);
    expect(counter.fired).toBe(121);
  });

  it("fires once with OneShot, and can be started again from its Timeout", () => {
    const { tree, timer, counter } = timerInTree(1);
    timer.OneShot = true;
    timer.Start();
    tree.Tick(5);
    tree.Tick(5);
    expect([counter.fired, timer.IsStopped()]).toEqual([1, true]);
    timer.Timeout.Connect(() => timer.Start(), { Once: true });
    timer.Start();
    tree.Tick(1);
    expect([timer.IsStopped(), timer.TimeLeft]).toEqual([false, 1]);
  });

  it("leaves periods out that a long tick missed, and keeps the rhythm", () => {
    const { tree, timer, counter } = timerInTree(1);
    timer.Start();
    tree.Tick(3.25);
    expect(counter.fired).toBe(1);
    expect(timer.TimeLeft).toBeCloseTo(0.75);
  });

  it("starts by itself with Autostart when it is ready", () => {
    const tree = new SceneTree();
    const timer = new Timer();
    timer.Autostart = true;
    expect(timer.IsStopped()).toBe(true);
    tree.Root.AddChild(timer);
    expect(timer.TimeLeft).toBe(1);
  });

  it("stops", () => {
    const { tree, timer, counter } = timerInTree(1);
    timer.Start();
    timer.Stop();
    tree.Tick(2);
    expect(counter.fired).toBe(0);
  });

  it("takes a new WaitTime from Start, and starts over", () => {
    const { tree, timer } = timerInTree(1);
    timer.Start();
    tree.Tick(0.9);
    timer.Start(3);
    expect([timer.WaitTime, timer.TimeLeft]).toEqual([3, 3]);
  });

  it("stands still while the tree is paused or it is in none", () => {
    const { tree, timer } = timerInTree(2);
    timer.Start();
    tree.Paused = true;
    tree.Tick(1);
    expect(timer.TimeLeft).toBe(2);
    timer.ProcessMode = ProcessMode.ALWAYS;
    tree.Tick(1);
    expect(timer.TimeLeft).toBe(1);
    tree.Root.RemoveChild(timer);
    tree.Tick(1);
    expect(timer.TimeLeft).toBe(1);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a time of %d", (seconds) => {
    const timer = new Timer();
    expect(() => (timer.WaitTime = seconds)).toThrow(RangeError);
    expect(() => timer.Start(seconds)).toThrow(RangeError);
    expect([timer.WaitTime, timer.IsStopped()]).toEqual([1, true]);
  });
});
