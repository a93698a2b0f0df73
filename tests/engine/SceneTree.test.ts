import { describe, expect, it } from "vitest";
import { Node, SceneTree } from "../../engine/index.ts";
import { CaptureLog, DiaryNode } from "./Helpers.ts";

describe("SceneTree", () => {
  CaptureLog();

  it("has a ready root named root", () => {
    const { Root } = new SceneTree();
    expect([Root.Name, Root.GetPath(), Root.IsInsideTree()]).toEqual(["root", "/root", true]);
  });

  it("goes through a tick in the order that it documents", () => {
    const diary: string[] = [];
    const tree = new SceneTree();
    const node = new DiaryNode(diary, "N");
    tree.Root.AddChild(node);
    tree.ProcessFrame.Connect(() => diary.push("ProcessFrame"));
    tree.CreateTimer(0).Timeout.Connect(() => diary.push("Timeout"));
    tree.FrameEnded.Connect(() => diary.push("FrameEnded"));
    node.On["Process"] = () => node.QueueFree();
    diary.length = 0;
    tree.Tick(0.1);
    expect(diary).toEqual(["ProcessFrame", "N.Process", "Timeout", "N.ExitTree", "FrameEnded"]);
  });

  it("emits PhysicsFrame before PhysicsProcess, with the delta", () => {
    const diary: string[] = [];
    const tree = new SceneTree();
    tree.Root.AddChild(new DiaryNode(diary, "N"));
    tree.PhysicsFrame.Connect((delta) => diary.push(`PhysicsFrame ${delta}`));
    diary.length = 0;
    tree.PhysicsTick(0.5);
    expect(diary).toEqual(["PhysicsFrame 0.5", "N.PhysicsProcess"]);
  });

  it("counts frames", () => {
    const tree = new SceneTree();
    const seen: number[] = [];
    tree.ProcessFrame.Connect(() => seen.push(tree.GetProcessFrames(), tree.GetPhysicsFrames()));
    tree.PhysicsTick(0);
    tree.PhysicsTick(0);
    tree.Tick(0);
    tree.Tick(0);
    expect(seen).toEqual([1, 2, 2, 2]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the delta %d", (delta) => {
    const tree = new SceneTree();
    expect(() => tree.Tick(delta)).toThrow(RangeError);
    expect(() => tree.PhysicsTick(delta)).toThrow(RangeError);
    expect(() => tree.CreateTimer(delta)).toThrow(RangeError);
    expect(tree.GetProcessFrames()).toBe(0);
  });

  it("keeps the code of the first Quit, and says so once", () => {
    const tree = new SceneTree();
    const codes: number[] = [];
    tree.QuitRequested.Connect((code) => codes.push(code));
    expect([tree.IsQuitting(), tree.GetExitCode()]).toEqual([false, null]);
    tree.Quit(3);
    tree.Quit(0);
    expect([tree.IsQuitting(), tree.GetExitCode()]).toEqual([true, 3]);
    expect(codes).toEqual([3]);
  });

  it.each([-1, 256, 0.5, Number.NaN])("refuses the exit code %d", (code) => {
    expect(() => new SceneTree().Quit(code)).toThrow(RangeError);
  });

  it("frees every node once on Finish, and does not tick any more", () => {
    const diary: string[] = [];
    const tree = new SceneTree();
    const node = new DiaryNode(diary, "N");
    tree.Root.AddChild(node);
    diary.length = 0;
    tree.Finish();
    tree.Finish();
    tree.Tick(0.1);
    tree.PhysicsTick(0.1);
    expect(diary).toEqual(["N.ExitTree"]);
    expect([tree.IsFinished(), tree.Root.IsInsideTree()]).toEqual([true, false]);
    expect(() => tree.Root.AddChild(new Node())).toThrow("was freed");
  });

  it("refuses Finish from inside a tick", () => {
    const tree = new SceneTree({ RethrowErrors: true });
    const node = new DiaryNode([], "N");
    node.On["Process"] = () => tree.Finish();
    tree.Root.AddChild(node);
    expect(() => tree.Tick(0)).toThrow("use Quit");
  });
});
