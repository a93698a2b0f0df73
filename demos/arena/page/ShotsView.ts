/** All shots, as bright heads with a fading trail. One drawing, made anew each frame. */
import { Shape2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import type { Shot } from "../Rules.ts";
import type { Camera } from "./Camera.ts";
import { ShipColor } from "./Palette.ts";

/** Length of the trail in steps of flight: the bright and the faint part. */
const brightSteps = 0.7;
const faintSteps = 1.8;

export class ShotsView extends Shape2D {
  readonly #camera: Camera;
  #shots: readonly Shot[] = [];
  #ownId: number | null = null;

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
  }

  Show(shots: readonly Shot[], ownId: number | null): void {
    if (shots.length === 0 && this.#shots.length === 0) return;
    this.#shots = shots;
    this.#ownId = ownId;
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    for (const shot of this.#shots) {
      const color = ShipColor(shot.Owner, shot.Owner === this.#ownId);
      const { x, y } = this.#camera.Offset(shot.X, shot.Y);
      const tail = (steps: number): Graphics =>
        graphics.moveTo(x, y).lineTo(x - shot.VelocityX * steps, y - shot.VelocityY * steps);
      tail(faintSteps).stroke({ width: 2, color, alpha: 0.3, cap: "round" });
      tail(brightSteps).stroke({ width: 3.5, color, cap: "round" });
      graphics.circle(x, y, 2).fill(0xffffff);
    }
  }
}
