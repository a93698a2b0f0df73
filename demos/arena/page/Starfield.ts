/** Three layers of stars, the far ones slower. Each is one small tile that pixi repeats. */
import { Node2D } from "moonwire/engine/pixi";
import { Texture, TilingSprite } from "pixi.js";
import type { Camera } from "./Camera.ts";

const tileSize = 512;

/** Stars per tile, their radius in pixels, brightness, and how much of the camera's way they go. */
const layers = [
  { stars: 60, radius: 0.7, alpha: 0.45, speed: 0.12 },
  { stars: 26, radius: 1.1, alpha: 0.7, speed: 0.28 },
  { stars: 7, radius: 1.7, alpha: 0.95, speed: 0.5 },
];

type Layer = (typeof layers)[number];

const tints = ["#ffffff", "#cfe0ff", "#ffe9c4", "#d9ccff"];

export class Starfield extends Node2D {
  readonly #camera: Camera;
  readonly #sprites: readonly { sprite: TilingSprite; speed: number }[];

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
    this.#sprites = layers.map((layer) => ({
      sprite: new TilingSprite({ texture: Texture.from(paintTile(layer)) }),
      speed: layer.speed,
    }));
    for (const { sprite } of this.#sprites) this.Container.addChild(sprite);
  }

  /** Fills a picture of this size in pixels. */
  Fit(width: number, height: number): void {
    for (const { sprite } of this.#sprites) sprite.setSize(width, height);
  }

  override Process(): void {
    const { TravelX, TravelY, Zoom } = this.#camera;
    for (const { sprite, speed } of this.#sprites) {
      sprite.tilePosition.set(-TravelX * speed * Zoom, -TravelY * speed * Zoom);
    }
  }
}

function paintTile(layer: Layer): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = tileSize;
  canvas.height = tileSize;
  const paint = canvas.getContext("2d");
  if (paint === null) return canvas;
  for (let i = 0; i < layer.stars; i++) {
    const margin = layer.radius * 2;
    const place = (): number => margin + Math.random() * (tileSize - 2 * margin);
    paint.globalAlpha = layer.alpha * (0.5 + Math.random() / 2);
    paint.fillStyle = tints[i % tints.length] ?? "#ffffff";
    paint.beginPath();
    paint.arc(place(), place(), layer.radius * (0.7 + Math.random() * 0.6), 0, 2 * Math.PI);
    paint.fill();
  }
  return canvas;
}
