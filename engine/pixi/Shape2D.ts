/**
 * Shape2D: what ColorRect, Line2D and Polygon2D share: a drawing that follows its properties.
 *
 * A property that changes calls Redraw; pixi builds the geometry when it next draws a picture, so
 * several changes in one tick cost one build.
 */

import { Graphics, GraphicsContext } from "pixi.js";
import { Node2D } from "./Node2D.ts";

export abstract class Shape2D extends Node2D {
  readonly #context = new GraphicsContext();
  readonly #graphics = new Graphics(this.#context);

  constructor(name?: string) {
    super(name);
    this.Container.addChild(this.#graphics);
    // Destroying a container with its children leaves their contexts, and the geometry, alive.
    this.Freed.Connect(() => this.#context.destroy());
  }

  /** Draws the shape on cleared graphics. */
  protected abstract Draw(graphics: Graphics): void;

  /** To be called at the end of a subclass's constructor and when a property has changed. */
  protected Redraw(): void {
    this.#graphics.clear();
    this.Draw(this.#graphics);
  }
}
