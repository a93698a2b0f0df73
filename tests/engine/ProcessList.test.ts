import { describe, expect, it } from "vitest";
import { Node, ProcessMode, SceneTree } from "../../engine/index.ts";
import { CaptureLog, DiaryNode } from "./Helpers.ts";

/** A tree with A(B, C) and D in it, and a function that ticks it and returns who processed. */
function scene() {
  const diary: string[] = [];
  const tree = new SceneTree();
  const make = (name: string): DiaryNode => new DiaryNode(diary, name);
  const nodes = { A: make("A"), B: make("B"), C: make("C"), D: make("D") };
  nodes.A.AddChild(nodes.B);
  nodes.A.AddChild(nodes.C);
  tree.Root.AddChild(nodes.A);
  tree.Root.AddChild(nodes.D);
  const pass = (hook: "Process" | "PhysicsProcess" = "Process"): string => {
    diary.length = 0;
    if (hook === "Process") tree.Tick(1 / 60);
    else tree.PhysicsTick(1 / 60);
    const suffix = `.${hook}`;
    return diary
      .filter((line) => line.endsWith(suffix))
      .map((line) => line.slice(0, -suffix.length))
      .join(" ");
  };
  return { ...nodes, tree, make, pass };
}

describe("a pass", () => {
  const lines = CaptureLog();

  it("goes through parents first, in tree order", () => {
    const { pass } = scene();
    expect(pass()).toBe("A B C D");
    expect(pass("PhysicsProcess")).toBe("A B C D");
  });

  it("goes in ascending priority over the whole tree, in tree order among equals", () => {
    const { B, D, A, pass } = scene();
    A.ProcessPriority = 5;
    D.ProcessPriority = -1;
    B.ProcessPriority = -1;
    expect(pass()).toBe("B D C A");
    expect(pass("PhysicsProcess")).toBe("B D C A");
  });

  it("hands the delta on", () => {
    const seen: number[] = [];
    class Probe extends Node {
      override Process(delta: number): void {
        seen.push(delta);
      }
      override PhysicsProcess(delta: number): void {
        seen.push(delta);
      }
    }
    const tree = new SceneTree();
    tree.Root.AddChild(new Probe());
    tree.Tick(0.25);
    tree.PhysicsTick(0.5);
    expect(seen).toEqual([0.25, 0.5]);
  });

  it("leaves a node that is added during it for the next one", () => {
    const { A, D, make, pass } = scene();
    A.On["Process"] = () => {
      A.On["Process"] = () => {};
      D.AddChild(make("New"));
    };
    expect(pass()).toBe("A B C D");
    expect(pass()).toBe("A B C D New");
  });

  it("leaves a node that goes and comes back during it for the next one", () => {
    const { A, B, pass } = scene();
    A.On["Process"] = () => {
      A.On["Process"] = () => {};
      A.RemoveChild(B);
      A.AddChild(B);
    };
    expect(pass()).toBe("A C D");
    expect(pass()).toBe("A C B D");
  });

  it("skips a node that was removed in it", () => {
    const { A, C, pass } = scene();
    A.On["Process"] = () => {
      if (C.GetParent() === A) A.RemoveChild(C);
    };
    expect(pass()).toBe("A B D");
  });

  it("skips a node that was freed in it, and those below", () => {
    const { A, B, D, make, pass } = scene();
    B.AddChild(make("Leaf"));
    A.ProcessPriority = 1;
    D.ProcessPriority = -1;
    D.On["Process"] = () => B.QueueFree();
    expect(pass()).toBe("D C A");
    expect(B.IsInsideTree()).toBe(false);
  });

  it("lets a node free itself in it", () => {
    const { B, pass } = scene();
    B.On["Process"] = () => B.QueueFree();
    expect(pass()).toBe("A B C D");
    expect(pass()).toBe("A C D");
  });

  it("heeds a pause, a ProcessMode and SetProcess(false) that happen in it", () => {
    const { A, B, C, D, tree, pass } = scene();
    A.On["Process"] = () => {
      B.ProcessMode = ProcessMode.DISABLED;
      C.SetProcess(false);
    };
    expect(pass()).toBe("A D");
    expect(pass("PhysicsProcess")).toBe("A C D");
    A.On["Process"] = () => (tree.Paused = true);
    D.ProcessMode = ProcessMode.ALWAYS;
    expect(pass()).toBe("A D");
    expect(pass()).toBe("D");
  });

  it("heeds a priority from the next one on", () => {
    const { A, D, pass } = scene();
    A.On["Process"] = () => (D.ProcessPriority = -1);
    expect(pass()).toBe("A B C D");
    expect(pass()).toBe("D A B C");
  });

  it("calls a node again after SetProcess(true)", () => {
    const { A, pass } = scene();
    A.SetProcess(false);
    expect(pass()).toBe("B C D");
    A.SetProcess(true);
    expect(pass()).toBe("A B C D");
  });

  it("goes on when a node throws, and logs its path", () => {
    const { B, pass } = scene();
    B.On["Process"] = () => {
      throw new Error("bug");
    };
    expect(pass()).toBe("A B C D");
    expect(lines.map((line) => line.Message)).toEqual(["Process of /root/A/B threw."]);
  });

  it("cannot be started from inside itself", () => {
    const { A, tree, pass } = scene();
    A.On["Process"] = () => tree.Tick(0);
    expect(pass()).toBe("A B C D");
    expect(String(lines[0]?.Details[0])).toContain("from inside a tick");
  });
});
