import { PaintOf, ViewOf } from "./Views.ts";
import { Graphics } from "pixi.js";
import { describe, expect, it } from "vitest";
import { Node2D } from "../../../engine/pixi/index.ts";
import { Shape2D } from "../../../engine/pixi/Shape2D.ts";
import { SceneTree } from "../../../engine/index.ts";

/** A dot whose colour the test chooses. */
class Dot extends Shape2D {
  draws = 0;

  Paint(): void {
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    this.draws++;
    graphics.circle(0, 0, 5).fill(this.draws);
  }
}

describe("Shape2D", () => {
  it("draws nothing before it is told to", () => {
    const dot = new Dot();
    expect([dot.draws, PaintOf(dot)]).toEqual([0, []]);
  });

  it("clears what it drew before, each time", () => {
    const dot = new Dot();
    dot.Paint();
    dot.Paint();
    expect(PaintOf(dot)).toEqual(["fill 2"]);
  });

  it("is drawn behind the nodes below it", () => {
    const dot = new Dot();
    const child = new Node2D();
    dot.AddChild(child);
    new SceneTree().Root.AddChild(dot);
    expect(dot.Container.children).toEqual([ViewOf(dot, Graphics), child.Container]);
  });

  it("gives its drawing back when it is freed, not when it leaves the tree", () => {
    const tree = new SceneTree();
    const dot = new Dot();
    tree.Root.AddChild(dot);
    dot.Paint();
    const view = ViewOf(dot, Graphics);
    const { context } = view;
    tree.Root.RemoveChild(dot);
    expect([view.destroyed, context.destroyed]).toEqual([false, false]);
    dot.QueueFree();
    expect([view.destroyed, context.destroyed]).toEqual([true, true]);
  });
});
