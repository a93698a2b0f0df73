/**
 * Line2D: a line through points. Fewer than two points draw nothing.
 */

import type { ColorSource, Graphics } from "pixi.js";
import { Shape2D } from "./Shape2D.ts";
import type { Vector2 } from "./Vector2.ts";

export class Line2D extends Shape2D {
  #points: readonly Readonly<Vector2>[] = [];
  #width = 10;
  #color: ColorSource = "white";
  #closed = false;

  /** Pixels, from the node's origin. Set the list as a whole; it is not copied. */
  get Points(): readonly Readonly<Vector2>[] {
    return this.#points;
  }

  set Points(points: readonly Readonly<Vector2>[]) {
    this.#points = points;
    this.Redraw();
  }

  /** Pixels, default 10 as in Godot. */
  get Width(): number {
    return this.#width;
  }

  set Width(pixels: number) {
    this.#width = pixels;
    this.Redraw();
  }

  /** Default white. */
  get Color(): ColorSource {
    return this.#color;
  }

  set Color(color: ColorSource) {
    this.#color = color;
    this.Redraw();
  }

  /** Whether the last point is joined to the first. Default false. */
  get Closed(): boolean {
    return this.#closed;
  }

  set Closed(closed: boolean) {
    this.#closed = closed;
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    if (this.#points.length < 2) return;
    graphics
      .poly([...this.#points], this.#closed)
      .stroke({ width: this.#width, color: this.#color, cap: "round", join: "round" });
  }
}
