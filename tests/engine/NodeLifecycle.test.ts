import { describe, expect, it } from "vitest";
import { Node, SceneTree } from "../../engine/index.ts";
import { CaptureLog, DiaryNode } from "./Helpers.ts";

const lifeHooks = /EnterTree|Ready|ExitTree|TreeEntered|TreeExited|Child/;

/** A, with children B (child C) and D, outside the tree; all write into one diary. */
function scene(): {
  diary: string[];
  tree: SceneTree;
  nodes: Record<"A" | "B" | "C" | "D", DiaryNode>;
} {
  const diary: string[] = [];
  const A = new DiaryNode(diary, "A");
  const B = new DiaryNode(diary, "B");
  const C = new DiaryNode(diary, "C");
  const D = new DiaryNode(diary, "D");
  A.AddChild(B);
  B.AddChild(C);
  A.AddChild(D);
  return { diary, tree: new SceneTree(), nodes: { A, B, C, D } };
}

describe("joining a tree", () => {
  const lines = CaptureLog();

  it("calls EnterTree parents first and Ready children first", () => {
    const { diary, tree, nodes } = scene();
    tree.Root.AddChild(nodes.A);
    expect(diary).toEqual([
      "A.EnterTree",
      "B.EnterTree",
      "C.EnterTree",
      "D.EnterTree",
      "C.Ready",
      "B.Ready",
      "D.Ready",
      "A.Ready",
    ]);
  });

  it("calls Ready once in a life, EnterTree at each entry", () => {
    const { diary, tree, nodes } = scene();
    tree.Root.AddChild(nodes.A);
    tree.Root.RemoveChild(nodes.A);
    diary.length = 0;
    tree.Root.AddChild(nodes.A);
    expect(diary).toEqual(["A.EnterTree", "B.EnterTree", "C.EnterTree", "D.EnterTree"]);
  });

  it("emits TreeEntered, the parent's ChildEnteredTree and ReadySignal after the hooks", () => {
    const { diary, tree, nodes } = scene();
    const { B, C } = nodes;
    C.TreeEntered.Connect(() => diary.push("C.TreeEntered"));
    C.ReadySignal.Connect(() => diary.push("C.ReadySignal"));
    B.ChildEnteredTree.Connect((child) => diary.push(`B.ChildEnteredTree ${child.Name}`));
    tree.Root.AddChild(nodes.A);
    expect(diary.filter((line) => /C/.test(line))).toEqual([
      "C.EnterTree",
      "C.TreeEntered",
      "B.ChildEnteredTree C",
      "C.Ready",
      "C.ReadySignal",
    ]);
  });

  it("readies a child that EnterTree added before its parent", () => {
    const { diary, tree, nodes } = scene();
    nodes.D.On["EnterTree"] = () => nodes.D.AddChild(new DiaryNode(diary, "New"));
    tree.Root.AddChild(nodes.A);
    expect(diary.filter((line) => /New|D/.test(line))).toEqual([
      "D.EnterTree",
      "New.EnterTree",
      "New.Ready",
      "D.Ready",
    ]);
  });

  it("does not ready such a child before the rest of the scene has entered", () => {
    const { diary, tree, nodes } = scene();
    nodes.A.On["EnterTree"] = () => nodes.A.AddChild(new DiaryNode(diary, "New"));
    tree.Root.AddChild(nodes.A);
    expect(diary.indexOf("New.Ready")).toBeGreaterThan(diary.indexOf("D.EnterTree"));
    expect(diary.indexOf("New.Ready")).toBeLessThan(diary.indexOf("A.Ready"));
  });

  it("readies a child that a sibling's Ready added, before their parent", () => {
    const { diary, tree, nodes } = scene();
    nodes.B.On["Ready"] = () => nodes.A.AddChild(new DiaryNode(diary, "New"));
    tree.Root.AddChild(nodes.A);
    expect(diary.indexOf("New.Ready")).toBeGreaterThan(diary.indexOf("New.EnterTree"));
    expect(diary.indexOf("New.Ready")).toBeLessThan(diary.indexOf("A.Ready"));
    expect(diary.filter((line) => line === "New.Ready")).toHaveLength(1);
  });

  it("goes on without a child that EnterTree took away", () => {
    const { diary, tree, nodes } = scene();
    nodes.A.On["EnterTree"] = () => nodes.A.RemoveChild(nodes.B);
    tree.Root.AddChild(nodes.A);
    expect(diary).toEqual(["A.EnterTree", "D.EnterTree", "D.Ready", "A.Ready"]);
    expect(nodes.C.IsInsideTree()).toBe(false);
  });

  it("stops for a node whose child's EnterTree takes the whole scene out again", () => {
    const { diary, tree, nodes } = scene();
    nodes.B.On["EnterTree"] = () => tree.Root.RemoveChild(nodes.A);
    tree.Root.AddChild(nodes.A);
    expect(diary).toEqual(["A.EnterTree", "B.EnterTree", "B.ExitTree", "A.ExitTree"]);
    nodes.B.On["EnterTree"] = () => {};
    diary.length = 0;
    tree.Root.AddChild(nodes.A);
    expect(diary.filter((line) => /Ready/.test(line))).toEqual([
      "C.Ready",
      "B.Ready",
      "D.Ready",
      "A.Ready",
    ]);
  });

  it("calls the hooks of the others when one throws, and logs hook and path", async () => {
    const { diary, tree, nodes } = scene();
    const cause = new Error("no texture");
    nodes.C.On["EnterTree"] = () => {
      throw cause;
    };
    nodes.B.Ready = async () => {
      throw cause;
    };
    tree.Root.AddChild(nodes.A);
    await Promise.resolve();
    expect(diary.slice(-2)).toEqual(["D.Ready", "A.Ready"]);
    expect(lines.map((line) => [line.Message, line.Details[0]])).toEqual([
      ["EnterTree of /root/A/B/C threw.", cause],
      ["Ready of /root/A/B threw.", cause],
    ]);
  });

  it("with RethrowErrors throws the first error when the walk is done", () => {
    const { diary, nodes } = scene();
    const tree = new SceneTree({ RethrowErrors: true });
    nodes.C.On["Ready"] = () => {
      throw new Error("first");
    };
    nodes.B.On["Ready"] = () => {
      throw new Error("second");
    };
    expect(() => tree.Root.AddChild(nodes.A)).toThrow("first");
    expect(diary.at(-1)).toBe("A.Ready");
    expect(() => tree.Tick(0)).not.toThrow();
  });
});

describe("leaving a tree", () => {
  CaptureLog();

  it("calls ExitTree children first, the last child first, then emits TreeExited", () => {
    const { diary, tree, nodes } = scene();
    for (const node of Object.values(nodes)) {
      node.TreeExited.Connect(() => diary.push(`${node.Name}.TreeExited`));
    }
    tree.Root.AddChild(nodes.A);
    diary.length = 0;
    tree.Root.RemoveChild(nodes.A);
    expect(diary.filter((line) => lifeHooks.test(line))).toEqual([
      "D.ExitTree",
      "C.ExitTree",
      "B.ExitTree",
      "A.ExitTree",
      "D.TreeExited",
      "C.TreeExited",
      "B.TreeExited",
      "A.TreeExited",
    ]);
  });

  it("emits ChildExitingTree with the child inside, TreeExited when it has no parent", () => {
    const tree = new SceneTree();
    const node = new Node("N");
    const seen: unknown[] = [];
    tree.Root.ChildExitingTree.Connect((child) => seen.push(child.IsInsideTree()));
    node.TreeExited.Connect(() => seen.push(node.IsInsideTree(), node.GetParent()));
    tree.Root.AddChild(node);
    tree.Root.RemoveChild(node);
    expect(seen).toEqual([true, false, null]);
  });

  it("lets a TreeExited handler add the node again", () => {
    const tree = new SceneTree();
    const node = new Node("N");
    tree.Root.AddChild(node);
    node.TreeExited.Connect(() => tree.Root.AddChild(node), { Once: true });
    tree.Root.RemoveChild(node);
    expect(node.IsInsideTree()).toBe(true);
  });

  it("does not tell a node of its exit when a child's TreeExited handler has put it back", () => {
    const { diary, tree, nodes } = scene();
    tree.Root.AddChild(nodes.A);
    nodes.D.TreeExited.Connect(() => tree.Root.AddChild(nodes.A), { Once: true });
    nodes.A.TreeExited.Connect(() => diary.push("A.TreeExited"));
    tree.Root.RemoveChild(nodes.A);
    expect(nodes.A.IsInsideTree()).toBe(true);
    expect(diary).not.toContain("A.TreeExited");
  });

  it("frees only what is still below when its turn comes", () => {
    const { tree, nodes } = scene();
    tree.Root.AddChild(nodes.A);
    nodes.B.Freed.Connect(() => nodes.A.RemoveChild(nodes.D));
    nodes.A.QueueFree();
    tree.Tick(0);
    expect([nodes.C, nodes.D].map((node) => node.IsQueuedForDeletion())).toEqual([true, false]);
    tree.Root.AddChild(nodes.D);
    expect(nodes.D.IsInsideTree()).toBe(true);
  });

  it("takes a child that ExitTree adds along, without a tree", () => {
    const { tree, nodes } = scene();
    const late = new DiaryNode([], "Late");
    nodes.A.On["ExitTree"] = () => nodes.A.AddChild(late);
    tree.Root.AddChild(nodes.A);
    tree.Root.RemoveChild(nodes.A);
    expect(late.GetParent()).toBe(nodes.A);
    expect(late.IsInsideTree()).toBe(false);
    expect(late.Diary).toEqual([]);
  });

  it("lets ExitTree remove the node itself", () => {
    const { diary, tree, nodes } = scene();
    nodes.D.On["ExitTree"] = () => nodes.A.RemoveChild(nodes.D);
    tree.Root.AddChild(nodes.A);
    tree.Root.RemoveChild(nodes.A);
    expect(diary.filter((line) => line === "D.ExitTree")).toHaveLength(1);
    expect(nodes.D.GetParent()).toBeNull();
    expect(nodes.A.GetChildren()).toEqual([nodes.B]);
  });

  it("refuses a node that is just leaving as somebody's child", () => {
    const { tree, nodes } = scene();
    let message = "";
    nodes.D.On["ExitTree"] = () => {
      nodes.A.RemoveChild(nodes.D);
      try {
        tree.Root.AddChild(nodes.D);
      } catch (error) {
        message = String(error);
      }
    };
    tree.Root.AddChild(nodes.A);
    tree.Root.RemoveChild(nodes.A);
    expect(message).toContain("leaving its tree");
  });
});
