import "./FakePage.ts";
import type { Container } from "pixi.js";
import { describe, expect, it } from "vitest";
import { Node, SceneTree } from "../../../engine/index.ts";
import { Node2D } from "../../../engine/pixi/index.ts";

/** A tree whose drawn things go into one Node2D, and a function that lists them as drawn. */
function scene() {
  const tree = new SceneTree({ RethrowErrors: true });
  const stage = new Node2D("Stage");
  tree.Root.AddChild(stage);
  const names = new Map<Container, string>();
  const add = (name: string, parent: Node = stage): Node2D => {
    const node = new Node2D(name);
    names.set(node.Container, name);
    parent.AddChild(node);
    return node;
  };
  const drawn = (): string => {
    stage.Container.sortChildren();
    return stage.Container.children.map((child) => names.get(child)).join(" ");
  };
  return { tree, stage, add, drawn };
}

describe("Node2D", () => {
  it("is drawn in the nearest drawn ancestor, plain nodes in between or not", () => {
    const { stage, add } = scene();
    const plain = new Node("Plain");
    stage.AddChild(plain);
    const outer = add("Outer", plain);
    const inner = add("Inner", outer);
    expect(outer.Container.parent).toBe(stage.Container);
    expect(inner.Container.parent).toBe(outer.Container);
  });

  it("is drawn nowhere without a drawn ancestor", () => {
    const node = new Node2D();
    new SceneTree().Root.AddChild(node);
    expect(node.Container.parent).toBeNull();
  });

  it("is taken out when it leaves, and put in again when it comes back", () => {
    const { stage, add, drawn } = scene();
    const a = add("A");
    add("B");
    stage.RemoveChild(a);
    expect(drawn()).toBe("B");
    expect(a.Container.parent).toBeNull();
    stage.AddChild(a);
    expect(drawn()).toBe("B A");
  });

  it("destroys its container when it is freed, not before", () => {
    const { tree, stage, add } = scene();
    const a = add("A");
    const b = add("B", a);
    stage.RemoveChild(a);
    expect(a.Container.destroyed).toBe(false);
    stage.AddChild(a);
    a.QueueFree();
    tree.Tick(0);
    expect([a.Container.destroyed, b.Container.destroyed]).toEqual([true, true]);
    expect(stage.Container.children).toHaveLength(0);
  });

  it("is drawn in tree order, also when it comes later into the middle", () => {
    const { stage, add, drawn } = scene();
    const group = new Node("Group");
    stage.AddChild(group);
    const a = add("A");
    add("B");
    add("InGroup", group);
    expect(drawn()).toBe("InGroup A B");
    add("Child", a);
    expect(drawn()).toBe("InGroup A B");
    add("InGroup2", group);
    expect(drawn()).toBe("InGroup InGroup2 A B");
  });

  it("is drawn by ZIndex first and in tree order among equals, whatever came when", () => {
    const { add, drawn } = scene();
    const a = add("A");
    const b = add("B");
    const c = add("C");
    b.ZIndex = 1;
    expect(drawn()).toBe("A C B");
    b.ZIndex = 0;
    expect(drawn()).toBe("A B C");
    c.ZIndex = -1;
    a.ZIndex = -1;
    expect(drawn()).toBe("A C B");
    a.ZIndex = 2;
    expect(drawn()).toBe("C B A");
  });

  it("is sorted in when it has its ZIndex before it enters", () => {
    const { stage, drawn, add } = scene();
    const group = new Node("Group");
    stage.AddChild(group);
    add("Top").ZIndex = 5;
    add("Low");
    const peer = new Node2D("Peer");
    peer.ZIndex = 5;
    group.AddChild(peer);
    drawn();
    expect(stage.Container.children.map((child) => child.zIndex)).toEqual([0, 5, 5]);
    expect(stage.Container.children[1]).toBe(peer.Container);
  });

  it("is sorted in behind its equals when a lower one follows in the tree", () => {
    const { stage, add, drawn } = scene();
    const group = new Node("Group");
    add("First").ZIndex = 5;
    stage.AddChild(group);
    add("Low");
    expect(drawn()).toBe("Low First");
    const late = add("Late", group);
    late.ZIndex = 5;
    expect(drawn()).toBe("Low First Late");
  });

  it("needs no super call in hooks that a subclass overrides", () => {
    const { stage } = scene();
    class Quiet extends Node2D {
      override EnterTree(): void {}
      override ExitTree(): void {}
      override Ready(): void {}
    }
    const quiet = new Quiet();
    stage.AddChild(quiet);
    expect(quiet.Container.parent).toBe(stage.Container);
    stage.RemoveChild(quiet);
    expect(quiet.Container.parent).toBeNull();
  });

  it("hands its properties to the container, in whole or in place", () => {
    const node = new Node2D();
    node.Position = { x: 3, y: 4 };
    node.Position.x += 10;
    node.Scale = { x: 2, y: 3 };
    node.Rotation = 0.5;
    node.Visible = false;
    node.Alpha = 0.25;
    node.Modulate = "red";
    const { x, y, scale, rotation, visible, alpha, tint } = node.Container;
    expect([x, y, scale.x, scale.y]).toEqual([13, 4, 2, 3]);
    expect([rotation, visible, alpha, tint]).toEqual([0.5, false, 0.25, 0xff0000]);
    expect([node.Rotation, node.Visible, node.Alpha, node.Modulate]).toEqual([
      0.5,
      false,
      0.25,
      0xff0000,
    ]);
  });
});
