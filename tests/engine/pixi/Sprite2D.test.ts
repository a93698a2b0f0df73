import { ViewOf } from "./Views.ts";
import { Sprite, Texture } from "pixi.js";
import { describe, expect, it } from "vitest";
import { Sprite2D } from "../../../engine/pixi/index.ts";

describe("Sprite2D", () => {
  it("shows nothing until it has a texture", () => {
    const sprite = new Sprite2D();
    expect([sprite.Texture, sprite.Centered]).toEqual([Texture.EMPTY, true]);
  });

  it("shows its texture around its position, or from there", () => {
    const sprite = new Sprite2D(Texture.WHITE);
    const view = ViewOf(sprite, Sprite);
    expect([view.texture, view.anchor.x, view.anchor.y]).toEqual([Texture.WHITE, 0.5, 0.5]);
    sprite.Centered = false;
    sprite.Texture = Texture.EMPTY;
    expect([view.texture, view.anchor.x, view.anchor.y]).toEqual([Texture.EMPTY, 0, 0]);
    expect([sprite.Centered, sprite.Texture]).toEqual([false, Texture.EMPTY]);
    sprite.Centered = true;
    expect([view.anchor.x, view.anchor.y]).toEqual([0.5, 0.5]);
  });

  it("stays centred when its texture changes", () => {
    const sprite = new Sprite2D(new Texture({ defaultAnchor: { x: 0, y: 1 } }));
    sprite.Texture = new Texture({ defaultAnchor: { x: 1, y: 0 } });
    const { anchor } = ViewOf(sprite, Sprite);
    expect([anchor.x, anchor.y]).toEqual([0.5, 0.5]);
  });

  it("leaves its texture alive when it is freed", () => {
    const texture = new Texture();
    const sprite = new Sprite2D(texture);
    const view = ViewOf(sprite, Sprite);
    sprite.QueueFree();
    expect([view.destroyed, texture.destroyed]).toEqual([true, false]);
  });
});
