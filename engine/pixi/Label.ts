/**
 * Label: a text, drawn in a font of the page. A change of text or style is drawn anew by pixi, so
 * set a text only when it differs; setting an equal one costs nothing.
 */

import type { ColorSource } from "pixi.js";
import { Text } from "pixi.js";
import { Node2D } from "./Node2D.ts";
import type { Vector2 } from "./Vector2.ts";

const defaultFontSize = 16;

export class Label extends Node2D {
  readonly #text = new Text({ style: { fontSize: defaultFontSize, fill: "white" } });
  #color: ColorSource = "white";

  constructor(text = "", name?: string) {
    super(name);
    this.#text.text = text;
    this.Container.addChild(this.#text);
  }

  get Text(): string {
    return this.#text.text;
  }

  set Text(text: string) {
    this.#text.text = text;
  }

  /** Default white. */
  get Color(): ColorSource {
    return this.#color;
  }

  set Color(color: ColorSource) {
    this.#color = color;
    this.#text.style.fill = color;
  }

  /** Pixels, default 16. */
  get FontSize(): number {
    return this.#text.style.fontSize;
  }

  set FontSize(pixels: number) {
    this.#text.style.fontSize = pixels;
  }

  /** A CSS font family, or several in order of preference. Default pixi's. */
  get FontFamily(): string | string[] {
    return this.#text.style.fontFamily;
  }

  set FontFamily(family: string | string[]) {
    this.#text.style.fontFamily = family;
  }

  /** The part of the text that is at Position: 0,0 upper left (default), 0.5,0.5 its middle. */
  get Anchor(): Vector2 {
    return this.#text.anchor;
  }

  set Anchor(anchor: Readonly<Vector2>) {
    this.#text.anchor.copyFrom(anchor);
  }
}
