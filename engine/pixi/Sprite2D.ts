/**
 * Sprite2D: a picture (Godot 4's Sprite2D). Load textures with pixi's `Assets.load`.
 */

import { Sprite, Texture } from "pixi.js";
import { Node2D } from "./Node2D.ts";

export class Sprite2D extends Node2D {
  readonly #sprite = new Sprite();

  /** @param texture belongs to the caller; freeing the node leaves it alive */
  constructor(texture: Texture = Texture.EMPTY, name?: string) {
    super(name);
    this.#sprite.texture = texture;
    this.Centered = true;
    this.Container.addChild(this.#sprite);
  }

  get Texture(): Texture {
    return this.#sprite.texture;
  }

  set Texture(texture: Texture) {
    this.#sprite.texture = texture;
  }

  /** Whether Position is the middle of the picture (default) or its upper left corner. */
  get Centered(): boolean {
    return this.#sprite.anchor.x === 0.5;
  }

  set Centered(centered: boolean) {
    this.#sprite.anchor.set(centered ? 0.5 : 0);
  }
}
