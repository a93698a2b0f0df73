import { ExtentOf, PaintOf, Triangle } from "./Views.ts";
import { describe, expect, it } from "vitest";
import { Polygon2D } from "../../../engine/pixi/index.ts";

function polygon(count = 3): Polygon2D {
  const node = new Polygon2D();
  node.Points = [...Triangle, { x: 0, y: 0 }].slice(0, count);
  return node;
}

describe("Polygon2D", () => {
  it.each([
    [0, []],
    [2, []],
    [3, ["fill ffffff"]],
    [4, ["fill ffffff"]],
  ])("with %d points draws %j", (count, paint) => {
    expect(PaintOf(polygon(count))).toEqual(paint);
  });

  it("reaches from corner to corner, and is gone with its points", () => {
    const node = polygon();
    expect(ExtentOf(node)).toEqual([0, 0, 30, 20]);
    node.Points = [];
    expect(PaintOf(node)).toEqual([]);
  });

  it("has an outline exactly when that has a width", () => {
    const node = polygon();
    node.Color = "black";
    node.OutlineColor = "red";
    expect(PaintOf(node)).toEqual(["fill 0"]);
    node.OutlineWidth = 2;
    expect(PaintOf(node)).toEqual(["fill 0", "stroke ff0000 2"]);
    expect(ExtentOf(node)[2]).toBeGreaterThan(30);
    node.OutlineWidth = 0;
    expect(PaintOf(node)).toEqual(["fill 0"]);
    expect([node.Color, node.OutlineColor, node.OutlineWidth]).toEqual(["black", "red", 0]);
  });
});
