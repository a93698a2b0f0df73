import { expect, test } from "vitest";
import { PlotPoints } from "../../../../demos/arena/page/PlotPoints.ts";

const size = { Width: 100, Height: 12 };

test("no samples make no points", () => {
  expect(PlotPoints([], 11, 10, size)).toBe("");
});

test("the newest sample is at the right edge, zero at the bottom, the peak at the top", () => {
  expect(PlotPoints([0, 5, 10], 11, 10, size)).toBe("80.0,11.0 90.0,6.0 100.0,1.0");
});

test("a sample above the peak stays inside", () => {
  expect(PlotPoints([99], 11, 10, size)).toBe("100.0,1.0");
});
