import "./FakePage.ts";
import { Graphics, GraphicsContext, Sprite, Text, Texture } from "pixi.js";
import { describe, expect, it, vi } from "vitest";
import type { Node2D } from "../../../engine/pixi/index.ts";
import { ColorRect, Label, Line2D, Polygon2D, Sprite2D } from "../../../engine/pixi/index.ts";

/** The pixi object that a node draws with: the first thing in its container. */
function viewOf<T>(node: Node2D, type: new (...args: never[]) => T): T {
  const view = node.Container.children[0];
  if (view instanceof type) return view;
  throw new Error(`The node draws with ${view?.constructor.name}, not with ${type.name}.`);
}

/** The extent of what a shape draws: [left, top, width, height]. */
function extentOf(node: Node2D): number[] {
  const { x, y, width, height } = viewOf(node, Graphics).context.bounds;
  return [x, y, width, height];
}

/** The colours of the fills and strokes that a shape draws, in order. */
function paintOf(node: Node2D): string[] {
  return viewOf(node, Graphics).context.instructions.map((instruction) => {
    if (instruction.action === "texture") return "texture";
    const { style } = instruction.data;
    const width = "width" in style ? ` ${style.width}` : "";
    return `${instruction.action} ${style.color.toString(16)}${width}`;
  });
}

const triangle = [
  { x: 0, y: 0 },
  { x: 30, y: 0 },
  { x: 0, y: 20 },
];

describe("ColorRect", () => {
  it("draws a rectangle from its origin, and again when a property changes", () => {
    const rect = new ColorRect({ x: 10, y: 20 }, "red");
    expect([extentOf(rect), paintOf(rect)]).toEqual([[0, 0, 10, 20], ["fill ff0000"]]);
    rect.Size = { x: 5, y: 6 };
    rect.Color = 0x00ff00;
    expect([extentOf(rect), paintOf(rect)]).toEqual([[0, 0, 5, 6], ["fill ff00"]]);
    expect([rect.Size, rect.Color]).toEqual([{ x: 5, y: 6 }, 0x00ff00]);
  });

  it("keeps its size when the caller's object changes", () => {
    const size = { x: 10, y: 20 };
    const rect = new ColorRect(size);
    size.x = 99;
    expect(rect.Size.x).toBe(10);
  });
});

describe("Line2D", () => {
  it("draws from two points on", () => {
    const line = new Line2D();
    line.Points = triangle.slice(0, 1);
    expect(paintOf(line)).toEqual([]);
    line.Points = triangle.slice(0, 2);
    line.Width = 4;
    line.Color = 0x0000ff;
    expect([extentOf(line), paintOf(line)]).toEqual([[-2, -2, 34, 4], ["stroke ff 4"]]);
  });

  it("can be closed", () => {
    const line = new Line2D();
    line.Points = triangle;
    const close = vi.spyOn(GraphicsContext.prototype, "poly");
    line.Closed = true;
    expect(close).toHaveBeenLastCalledWith(triangle, true);
    line.Closed = false;
    expect(close).toHaveBeenLastCalledWith(triangle, false);
    close.mockRestore();
  });
});

describe("Polygon2D", () => {
  it("draws from three points on", () => {
    const polygon = new Polygon2D();
    polygon.Points = triangle.slice(0, 2);
    expect(paintOf(polygon)).toEqual([]);
    polygon.Points = triangle;
    expect([extentOf(polygon), paintOf(polygon)]).toEqual([[0, 0, 30, 20], ["fill ffffff"]]);
  });

  it("has an outline when that has a width", () => {
    const polygon = new Polygon2D();
    polygon.Points = triangle;
    polygon.Color = "black";
    polygon.OutlineColor = "red";
    expect(paintOf(polygon)).toEqual(["fill 0"]);
    polygon.OutlineWidth = 2;
    expect(paintOf(polygon)).toEqual(["fill 0", "stroke ff0000 2"]);
  });
});

describe("Sprite2D", () => {
  it("shows its texture around its position, or from there", () => {
    const sprite = new Sprite2D(Texture.WHITE);
    const view = viewOf(sprite, Sprite);
    expect([view.texture, view.anchor.x, view.anchor.y]).toEqual([Texture.WHITE, 0.5, 0.5]);
    sprite.Centered = false;
    sprite.Texture = Texture.EMPTY;
    expect([view.texture, view.anchor.x, view.anchor.y]).toEqual([Texture.EMPTY, 0, 0]);
    expect([sprite.Centered, sprite.Texture]).toEqual([false, Texture.EMPTY]);
  });

  it("leaves its texture alive when it is freed", () => {
    const texture = new Texture();
    const sprite = new Sprite2D(texture);
    const view = viewOf(sprite, Sprite);
    sprite.QueueFree();
    expect([view.destroyed, texture.destroyed]).toEqual([true, false]);
  });
});

describe("Label", () => {
  it("hands text and style to pixi", () => {
    const label = new Label("Score");
    const view = viewOf(label, Text);
    expect([view.text, view.style.fontSize, label.Color]).toEqual(["Score", 16, "white"]);
    label.Text = "Score 1";
    label.Color = "yellow";
    label.FontSize = 24;
    label.FontFamily = "monospace";
    label.Anchor = { x: 0.5, y: 1 };
    const { text, style, anchor } = view;
    expect([text, style.fill, style.fontSize, style.fontFamily]).toEqual([
      "Score 1",
      "yellow",
      24,
      "monospace",
    ]);
    expect([anchor.x, anchor.y, label.Color, label.Text]).toEqual([0.5, 1, "yellow", "Score 1"]);
  });
});
