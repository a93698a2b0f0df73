import { describe, expect, it } from "vitest";
import { Node, SceneTree } from "../../engine/index.ts";
import { StateOf } from "../../engine/Node.ts";
import { AttachRoot } from "../../engine/NodeLifecycle.ts";
import { TreeCore } from "../../engine/TreeCore.ts";
import { CaptureLog, DiaryNode } from "./Helpers.ts";

/** A core with the children A, B and C below its root, driven by the test in place of SceneTree. */
function scene() {
  const diary: string[] = [];
  const root = new Node("root");
  const core = new TreeCore(new SceneTree(), StateOf(root));
  AttachRoot(StateOf(root), core);
  const [A, B, C] = ["A", "B", "C"].map((name) => new DiaryNode(diary, name)) as [
    DiaryNode,
    DiaryNode,
    DiaryNode,
  ];
  for (const node of [A, B, C]) root.AddChild(node);
  diary.length = 0;
  return { diary, root, core, A, B, C };
}

describe("TreeCore.Run", () => {
  CaptureLog();

  it("calls one hook and not the other", () => {
    const { diary, core } = scene();
    core.Run("PhysicsProcess", 0.5);
    expect(diary).toEqual(["A.PhysicsProcess", "B.PhysicsProcess", "C.PhysicsProcess"]);
  });

  it("keeps its order until Invalidate, which counts for both hooks", () => {
    const { diary, core, C } = scene();
    const order = (): string => {
      diary.length = 0;
      core.Run("Process", 0);
      core.Run("PhysicsProcess", 0);
      return diary.map((line) => line[0]).join("");
    };
    expect(order()).toBe("ABCABC");
    StateOf(C).priority = -1;
    expect(order()).toBe("ABCABC");
    core.Invalidate();
    expect(order()).toBe("CABCAB");
  });
});

describe("TreeCore.FreeQueued", () => {
  const lines = CaptureLog();

  it("frees in the order of the calls, and has nothing left then", () => {
    const { diary, core, root, A, B, C } = scene();
    expect(core.HasQueued()).toBe(false);
    C.QueueFree();
    A.QueueFree();
    expect(core.HasQueued()).toBe(true);
    core.FreeQueued();
    expect(diary).toEqual(["C.ExitTree", "A.ExitTree"]);
    expect([core.HasQueued(), root.GetChildren()]).toEqual([false, [B]]);
    core.FreeQueued();
    expect(diary).toHaveLength(2);
  });

  it("leaves what is queued meanwhile for the next call", () => {
    const { diary, core, A, B } = scene();
    A.On["ExitTree"] = () => B.QueueFree();
    A.QueueFree();
    core.FreeQueued();
    expect([diary, core.HasQueued()]).toEqual([["A.ExitTree"], true]);
    core.FreeQueued();
    expect([diary, core.HasQueued()]).toEqual([["A.ExitTree", "B.ExitTree"], false]);
  });

  it("frees a node once that goes with its parent before its own turn", () => {
    const { diary, core, A } = scene();
    const child = new DiaryNode(diary, "Child");
    A.AddChild(child);
    child.Freed.Connect(() => diary.push("Child.Freed"));
    diary.length = 0;
    A.QueueFree();
    child.QueueFree();
    core.FreeQueued();
    expect(diary).toEqual(["Child.ExitTree", "A.ExitTree", "Child.Freed"]);
  });

  it("frees the others when one's ExitTree throws", () => {
    const { core, root, A, B, C } = scene();
    A.On["ExitTree"] = () => {
      throw new Error("bug");
    };
    for (const node of [A, B]) node.QueueFree();
    core.FreeQueued();
    expect(root.GetChildren()).toEqual([C]);
    expect(lines.map(({ Message }) => Message)).toEqual(["ExitTree of /root/A threw."]);
  });
});
