/** A moon in the middle of the world, to know by where one is. Ships fly in front of it. */
import { Shape2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import { Rules } from "../Rules.ts";
import type { Camera } from "./Camera.ts";

const radius = 210;

/** x, y and radius of each crater, in parts of the moon's radius. */
const craters = [
  [-0.32, -0.4, 0.2],
  [0.34, -0.12, 0.29],
  [-0.12, 0.36, 0.16],
  [0.16, -0.66, 0.09],
  [-0.62, 0.08, 0.11],
  [0.46, 0.52, 0.12],
  [-0.44, 0.66, 0.07],
] as const;

export class Moon extends Shape2D {
  readonly #camera: Camera;

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
    this.Redraw();
  }

  override Process(): void {
    this.Position = this.#camera.Offset(Rules.worldWidth / 2, Rules.worldHeight / 2);
  }

  protected override Draw(graphics: Graphics): void {
    graphics.circle(0, 0, radius * 1.12).fill("#2a35661f");
    graphics.circle(0, 0, radius).fill(0x141b36);
    graphics.circle(-radius * 0.05, -radius * 0.05, radius * 0.94).fill(0x18203f);
    for (const [x, y, size] of craters) {
      graphics.circle(x * radius, y * radius, size * radius).fill(0x121832);
      graphics.circle(x * radius + 3, y * radius + 3, size * radius * 0.88).fill(0x1b2447);
    }
  }
}
