import { describe, expect, it } from "vitest";
import { Node, ProcessMode, SceneTree, Signal, Timer } from "../../engine/index.ts";
import { CaptureLog, DiaryNode } from "./Helpers.ts";

class Turret extends Node {}

function family(): { tree: SceneTree; game: Node; left: Node; right: Node } {
  const tree = new SceneTree();
  const game = new Node("Game");
  const left = new Node("Left");
  const right = new Node("Right");
  tree.Root.AddChild(game);
  game.AddChild(left);
  game.AddChild(right);
  return { tree, game, left, right };
}

describe("Node names", () => {
  it("default to the name of the class", () => {
    expect(new Turret().Name).toBe("Turret");
    expect(new Node().Name).toBe("Node");
  });

  it("are made unique among siblings on AddChild and on renaming", () => {
    const parent = new Node();
    const [a, b, c] = [new Node("A"), new Node("A"), new Node("C")];
    for (const child of [a, b, c]) parent.AddChild(child);
    c.Name = "A";
    expect([a.Name, b.Name, c.Name]).toEqual(["A", "A2", "A3"]);
    expect(parent.GetNode("A3")).toBe(c);
    expect(parent.GetNodeOrNull("C")).toBeNull();
  });

  it("stay when set to what they are", () => {
    const { left } = family();
    left.Name = "Left";
    expect(left.Name).toBe("Left");
  });

  it("cannot hold a slash", () => {
    expect(() => new Node("a/b")).toThrow(TypeError);
    const node = new Node();
    expect(() => (node.Name = "a/b")).toThrow(TypeError);
  });
});

describe("Node paths", () => {
  it("lead down, up, across and from the root", () => {
    const { tree, game, left, right } = family();
    expect(tree.Root.GetNode("Game/Left")).toBe(left);
    expect(left.GetNode("..")).toBe(game);
    expect(left.GetNode("../Right")).toBe(right);
    expect(left.GetNode("./../Right/.")).toBe(right);
    expect(left.GetNode("/root/Game/Right")).toBe(right);
    expect(left.GetNode("/root")).toBe(tree.Root);
  });

  it.each(["", "/", "//", "No", "Game//Left", "Game/", "/Game", "../..", "/root/", "__proto__"])(
    "find nothing at %j",
    (path) => {
      const { tree } = family();
      expect(tree.Root.GetNodeOrNull(path)).toBeNull();
      expect(() => tree.Root.GetNode(path)).toThrow(/finds no node/);
    },
  );

  it("from the root need a tree", () => {
    const top = new Node("root");
    top.AddChild(new Node("A"));
    expect(top.GetNodeOrNull("/root/A")).toBeNull();
  });

  it("can ask for a class", () => {
    const { tree, game } = family();
    const timer = new Timer("T");
    game.AddChild(timer);
    expect(tree.Root.GetNode("Game/T", Timer)).toBe(timer);
    expect(() => tree.Root.GetNode("Game/Left", Timer)).toThrow("not a Timer");
    expect(tree.Root.GetNodeOrNull("Game/Left", Timer)).toBeNull();
  });

  it("are absolute inside a tree and start at the topmost ancestor outside", () => {
    const { game, left } = family();
    expect(left.GetPath()).toBe("/root/Game/Left");
    game.GetParent()?.RemoveChild(game);
    expect(left.GetPath()).toBe("Game/Left");
  });
});

describe("Node family", () => {
  it("lists children in order, by copy and by index", () => {
    const { game, left, right } = family();
    game.GetChildren().pop();
    expect(game.GetChildren()).toEqual([left, right]);
    expect(game.GetChildCount()).toBe(2);
    expect([game.GetChild(0), game.GetChild(1), game.GetChild(-1)]).toEqual([left, right, right]);
    expect([left.GetIndex(), right.GetIndex(), new Node().GetIndex()]).toEqual([0, 1, -1]);
  });

  it.each([2, -3, 0.5, Number.NaN])("has no child %d of two", (index) => {
    expect(() => family().game.GetChild(index)).toThrow(RangeError);
  });

  it("puts a sibling directly behind", () => {
    const { game, left, right } = family();
    const middle = new Node("Middle");
    left.AddSibling(middle);
    expect(game.GetChildren()).toEqual([left, middle, right]);
    expect(() => new Node().AddSibling(new Node())).toThrow("has no parent");
  });

  it("is in a tree between AddChild and RemoveChild", () => {
    const { tree, game, left } = family();
    expect(left.GetTree()).toBe(tree);
    game.RemoveChild(left);
    expect(left.IsInsideTree()).toBe(false);
    expect(left.GetParent()).toBeNull();
    expect(() => left.GetTree()).toThrow("in no tree");
    game.AddChild(left);
    expect(left.IsInsideTree()).toBe(true);
  });

  it("refuses children that would break the tree, with a sentence", () => {
    const { tree, game, left, right } = family();
    const outside = new Node("Outside");
    expect(() => left.AddChild(left)).toThrow("its own child");
    expect(() => left.AddChild(game)).toThrow("it is above");
    expect(() => left.AddChild(right)).toThrow('has the parent "/root/Game"; call RemoveChild');
    expect(() => left.AddChild({} as never)).toThrow(TypeError);
    expect(() => left.AddChild(null as never)).toThrow(TypeError);
    expect(() => outside.AddChild(tree.Root)).toThrow("root of a tree");
    expect(() => left.RemoveChild(right)).toThrow("not a child");
    expect(() => left.RemoveChild(undefined as never)).toThrow(TypeError);
    expect(game.GetChildren()).toEqual([left, right]);
  });

  it("refuses freed nodes, as child and as parent", () => {
    const freed = new Node("Ghost");
    freed.QueueFree();
    expect(() => new Node().AddChild(freed)).toThrow("was freed");
    expect(() => freed.AddChild(new Node())).toThrow("was freed");
  });

  it("leaves all field names to its subclasses", () => {
    class Busy extends Node {
      state = 1;
      parent = "mine";
      children = [1];
      tree = null;
    }
    const parent = new Node();
    const busy = new Busy();
    parent.AddChild(busy);
    expect(busy.GetParent()).toBe(parent);
    expect(busy.GetChildCount()).toBe(0);
    expect(busy.parent).toBe("mine");
  });
});

describe("QueueFree", () => {
  const lines = CaptureLog();

  it("acts at the end of the tick, children first, and ends connections that the node owns", () => {
    const diary: string[] = [];
    const tree = new SceneTree();
    const parent = new DiaryNode(diary, "P");
    const child = new DiaryNode(diary, "C");
    parent.AddChild(child);
    tree.Root.AddChild(parent);
    const signal = new Signal();
    signal.Connect(() => {}, { Owner: child });
    parent.Freed.Connect(() => diary.push("P.Freed"));
    child.Freed.Connect(() => diary.push("C.Freed"));
    diary.length = 0;
    parent.QueueFree();
    parent.QueueFree();
    expect([parent.IsQueuedForDeletion(), child.IsQueuedForDeletion()]).toEqual([true, false]);
    expect(diary).toEqual([]);
    expect(parent.IsInsideTree()).toBe(true);
    tree.Tick(0);
    expect(diary).toEqual(["C.ExitTree", "P.ExitTree", "C.Freed", "P.Freed"]);
    expect(tree.Root.GetChildCount()).toBe(0);
    expect(signal.GetConnectionCount()).toBe(0);
    expect(child.IsQueuedForDeletion()).toBe(true);
  });

  it("acts at the end of a physics tick too", () => {
    const { tree, game } = family();
    game.QueueFree();
    tree.PhysicsTick(0);
    expect(game.IsInsideTree()).toBe(false);
  });

  it("acts at once outside a tree", () => {
    const parent = new Node();
    const child = new Node();
    parent.AddChild(child);
    child.QueueFree();
    expect(parent.GetChildCount()).toBe(0);
  });

  it("spares a child that was moved away in time", () => {
    const { tree, game, left } = family();
    game.QueueFree();
    game.RemoveChild(left);
    tree.Root.AddChild(left);
    tree.Tick(0);
    expect(tree.Root.GetChildren()).toEqual([left]);
    expect(left.IsQueuedForDeletion()).toBe(false);
  });

  it("is refused by the root", () => {
    expect(() => new SceneTree().Root.QueueFree()).toThrow("use Quit");
  });

  it("called in ExitTree of a freed node waits for the next tick, so it always ends", () => {
    const tree = new SceneTree();
    const ghost = (): Node => {
      const node = new DiaryNode([], "Ghost");
      node.On["ExitTree"] = () => {
        ghost().QueueFree();
      };
      tree.Root.AddChild(node);
      return node;
    };
    ghost().QueueFree();
    tree.Tick(0);
    const next = tree.Root.GetChild(0);
    expect(next.IsQueuedForDeletion()).toBe(true);
    tree.Tick(0);
    expect(next.IsInsideTree()).toBe(false);
    expect(tree.Root.GetChildCount()).toBe(1);
    expect(lines).toEqual([]);
  });
});

describe("ProcessMode", () => {
  const running = (mode: ProcessMode, paused: boolean): boolean => {
    const { tree, left } = family();
    left.ProcessMode = mode;
    tree.Paused = paused;
    return left.CanProcess();
  };

  it.each([
    [ProcessMode.INHERIT, true, false],
    [ProcessMode.PAUSABLE, true, false],
    [ProcessMode.WHEN_PAUSED, false, true],
    [ProcessMode.ALWAYS, true, true],
    [ProcessMode.DISABLED, false, false],
  ])("%i runs normally: %s, paused: %s", (mode, normally, paused) => {
    expect([running(mode, false), running(mode, true)]).toEqual([normally, paused]);
  });

  it("is inherited through every level, and follows a node to another parent", () => {
    const { tree, game, left } = family();
    const leaf = new Node();
    left.AddChild(leaf);
    game.ProcessMode = ProcessMode.DISABLED;
    expect(leaf.CanProcess()).toBe(false);
    game.RemoveChild(left);
    expect(leaf.CanProcess()).toBe(false);
    tree.Root.AddChild(left);
    expect(leaf.CanProcess()).toBe(true);
  });

  it("of a child stands against its parent's", () => {
    const { tree, game, left, right } = family();
    right.ProcessMode = ProcessMode.ALWAYS;
    game.ProcessMode = ProcessMode.WHEN_PAUSED;
    expect([left.CanProcess(), right.CanProcess()]).toEqual([false, true]);
    tree.Paused = true;
    expect(left.CanProcess()).toBe(true);
  });

  it("refuses a number that is none", () => {
    expect(() => (new Node().ProcessMode = 5 as never)).toThrow(TypeError);
  });
});

describe("SetProcess", () => {
  it("is on by itself exactly for the hooks that a class overrides", () => {
    class OnlyPhysics extends Node {
      override PhysicsProcess(): void {}
    }
    const node = new OnlyPhysics();
    expect([node.IsProcessing(), node.IsPhysicsProcessing()]).toEqual([false, true]);
    node.SetProcess(true);
    node.SetPhysicsProcess(false);
    expect([node.IsProcessing(), node.IsPhysicsProcessing()]).toEqual([true, false]);
  });

  it("leaves no way for a priority that cannot be sorted", () => {
    expect(() => (new Node().ProcessPriority = Number.NaN)).toThrow(TypeError);
    expect(() => (new Node().ProcessPriority = "1" as never)).toThrow(TypeError);
  });
});
