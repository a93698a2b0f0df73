/**
 * Polygon2D: a filled polygon with an optional outline. Fewer than three points draw nothing.
 */

import type { ColorSource, Graphics } from "pixi.js";
import { Shape2D } from "./Shape2D.ts";
import type { Vector2 } from "./Vector2.ts";

export class Polygon2D extends Shape2D {
  #points: readonly Readonly<Vector2>[] = [];
  #color: ColorSource = "white";
  #outlineColor: ColorSource = "white";
  #outlineWidth = 0;

  /** The corners in pixels, from the node's origin. Set the list as a whole; it is not copied. */
  get Points(): readonly Readonly<Vector2>[] {
    return this.#points;
  }

  set Points(points: readonly Readonly<Vector2>[]) {
    this.#points = points;
    this.Redraw();
  }

  /** The filling. Default white. */
  get Color(): ColorSource {
    return this.#color;
  }

  set Color(color: ColorSource) {
    this.#color = color;
    this.Redraw();
  }

  /** Default white. */
  get OutlineColor(): ColorSource {
    return this.#outlineColor;
  }

  set OutlineColor(color: ColorSource) {
    this.#outlineColor = color;
    this.Redraw();
  }

  /** Pixels, half inside and half outside; 0, the default, is no outline. */
  get OutlineWidth(): number {
    return this.#outlineWidth;
  }

  set OutlineWidth(pixels: number) {
    this.#outlineWidth = pixels;
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    if (this.#points.length < 3) return;
    graphics.poly([...this.#points]).fill(this.#color);
    if (this.#outlineWidth > 0) {
      graphics.stroke({ width: this.#outlineWidth, color: this.#outlineColor });
    }
  }
}
