import { ExtentOf, PaintOf } from "./Views.ts";
import { describe, expect, it } from "vitest";
import { ColorRect } from "../../../engine/pixi/index.ts";

describe("ColorRect", () => {
  it("is a white square of 40 pixels when nothing is said", () => {
    const rect = new ColorRect();
    expect([ExtentOf(rect), PaintOf(rect), rect.Name]).toEqual([
      [0, 0, 40, 40],
      ["fill ffffff"],
      "ColorRect",
    ]);
  });

  it("draws a rectangle from its origin, and again when a property changes", () => {
    const rect = new ColorRect({ x: 10, y: 20 }, "red");
    expect([ExtentOf(rect), PaintOf(rect)]).toEqual([[0, 0, 10, 20], ["fill ff0000"]]);
    rect.Size = { x: 5, y: 6 };
    expect([ExtentOf(rect), PaintOf(rect)]).toEqual([[0, 0, 5, 6], ["fill ff0000"]]);
    rect.Color = 0x00ff00;
    expect([ExtentOf(rect), PaintOf(rect)]).toEqual([[0, 0, 5, 6], ["fill ff00"]]);
    expect([rect.Size, rect.Color]).toEqual([{ x: 5, y: 6 }, 0x00ff00]);
  });

  it("keeps its size when the caller's object changes, given to the constructor or set", () => {
    const size = { x: 10, y: 20 };
    const rect = new ColorRect(size);
    size.x = 99;
    expect(rect.Size.x).toBe(10);
    rect.Size = size;
    size.x = 7;
    expect(rect.Size.x).toBe(99);
  });
});
