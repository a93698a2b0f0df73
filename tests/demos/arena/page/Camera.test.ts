import { expect, test } from "vitest";
import { Camera } from "../../../../demos/arena/page/Camera.ts";
import { Rules } from "../../../../demos/arena/Rules.ts";

test("a body on the other side of the border is near", () => {
  const camera = new Camera();
  camera.LookAt(Rules.worldWidth - 10, 20);
  expect(camera.Offset(15, Rules.worldHeight - 5)).toEqual({ x: 25, y: -25 });
});

test("the way travelled goes on where the place jumps at the border", () => {
  const camera = new Camera();
  camera.LookAt(Rules.worldWidth - 10, 0);
  const before = camera.TravelX;
  camera.LookAt(10, 0);
  expect(camera.TravelX - before).toBe(20);
});

test.each([
  [360, 640],
  [1_920, 1_080],
  [3_840, 1_080],
])("on %i x %i less than the world is seen, so nothing is seen twice", (width, height) => {
  const camera = new Camera();
  camera.Fit(width, height);
  expect(width / camera.Zoom).toBeLessThan(Rules.worldWidth);
  expect(height / camera.Zoom).toBeLessThan(Rules.worldHeight);
});
