import { ExtentOf, PaintOf, Triangle } from "./Views.ts";
import { GraphicsContext } from "pixi.js";
import { describe, expect, it, vi } from "vitest";
import { Line2D } from "../../../engine/pixi/index.ts";

describe("Line2D", () => {
  it.each([
    [0, []],
    [1, []],
    [2, ["stroke ffffff 10"]],
    [3, ["stroke ffffff 10"]],
  ])("with %d points draws %j", (count, paint) => {
    const line = new Line2D();
    line.Points = Triangle.slice(0, count);
    expect(PaintOf(line)).toEqual(paint);
  });

  it("draws nothing again when its points go", () => {
    const line = new Line2D();
    line.Points = Triangle;
    line.Points = [];
    expect(PaintOf(line)).toEqual([]);
  });

  it("has a width, half of it on each side, and a colour", () => {
    const line = new Line2D();
    line.Points = Triangle.slice(0, 2);
    line.Width = 4;
    line.Color = 0x0000ff;
    expect([ExtentOf(line), PaintOf(line)]).toEqual([[-2, -2, 34, 4], ["stroke ff 4"]]);
    expect([line.Width, line.Color, line.Points]).toEqual([4, 0x0000ff, Triangle.slice(0, 2)]);
  });

  it("is open until it is told to close", () => {
    const poly = vi.spyOn(GraphicsContext.prototype, "poly");
    const line = new Line2D();
    line.Points = Triangle;
    expect(poly).toHaveBeenLastCalledWith(Triangle, false);
    line.Closed = true;
    expect(poly).toHaveBeenLastCalledWith(Triangle, true);
    line.Closed = false;
    expect([line.Closed, poly.mock.lastCall]).toEqual([false, [Triangle, false]]);
    poly.mockRestore();
  });
});
