/**
 * ColorRect: a rectangle of one colour; Position is its upper left corner.
 */

import type { ColorSource, Graphics } from "pixi.js";
import { Shape2D } from "./Shape2D.ts";
import type { Vector2 } from "./Vector2.ts";

export class ColorRect extends Shape2D {
  #size: Readonly<Vector2>;
  #color: ColorSource;

  /** @param size pixels */
  constructor(
    size: Readonly<Vector2> = { x: 40, y: 40 },
    color: ColorSource = "white",
    name?: string,
  ) {
    super(name);
    this.#size = { ...size };
    this.#color = color;
    this.Redraw();
  }

  /** Pixels. Set it as a whole; it cannot be changed in place. */
  get Size(): Readonly<Vector2> {
    return this.#size;
  }

  set Size(size: Readonly<Vector2>) {
    this.#size = { x: size.x, y: size.y };
    this.Redraw();
  }

  get Color(): ColorSource {
    return this.#color;
  }

  set Color(color: ColorSource) {
    this.#color = color;
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    graphics.rect(0, 0, this.#size.x, this.#size.y).fill(this.#color);
  }
}
