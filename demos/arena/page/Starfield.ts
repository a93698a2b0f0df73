/**
 * Stars at three depths; the far ones go less of the camera's way. Each star is a small sprite that
 * comes in again on the other side, which costs far less to draw than picture-sized layers would.
 */
import { Node2D, Sprite2D } from "moonwire/engine/pixi";
import { Texture } from "pixi.js";
import type { Camera } from "./Camera.ts";

/** How many stars, their size in pixels, brightness, and how much of the camera's way they go. */
const layers = [
  { stars: 90, size: 1.8, alpha: 0.5, speed: 0.1 },
  { stars: 45, size: 2.6, alpha: 0.75, speed: 0.25 },
  { stars: 14, size: 4, alpha: 1, speed: 0.5 },
];

const tints = [0xffffff, 0xcfe0ff, 0xffe9c4, 0xd9ccff];
/**
 * Pixels of the texture that all stars share, and beyond the picture's edge where stars turn up.
 */
const textureSize = 16;
const margin = 8;

interface Star {
  readonly node: Sprite2D;
  /** Place in the picture, 0..1. */
  readonly x: number;
  readonly y: number;
  readonly speed: number;
}

export class Starfield extends Node2D {
  readonly #camera: Camera;
  readonly #stars: readonly Star[];
  #width = 0;
  #height = 0;

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
    const texture = Texture.from(paintStar());
    this.#stars = layers.flatMap(({ stars, size, alpha, speed }) =>
      Array.from({ length: stars }, (_, i) => {
        const node = new Sprite2D(texture);
        const scale = (size * (0.7 + 0.6 * Math.random())) / textureSize;
        node.Scale = { x: scale, y: scale };
        node.Alpha = alpha * (0.5 + Math.random() / 2);
        node.Modulate = tints[i % tints.length] ?? 0xffffff;
        return { node, x: Math.random(), y: Math.random(), speed };
      }),
    );
  }

  override Ready(): void {
    for (const { node } of this.#stars) this.AddChild(node);
  }

  /** Fills a picture of this size in pixels. */
  Fit(width: number, height: number): void {
    this.#width = width + 2 * margin;
    this.#height = height + 2 * margin;
  }

  override Process(): void {
    const { TravelX, TravelY, Zoom } = this.#camera;
    for (const { node, x, y, speed } of this.#stars) {
      const way = speed * Zoom;
      node.Position.x = wrap(x * this.#width - TravelX * way, this.#width) - margin;
      node.Position.y = wrap(y * this.#height - TravelY * way, this.#height) - margin;
    }
  }
}

function wrap(value: number, size: number): number {
  return value - Math.floor(value / size) * size;
}

/** A white dot with a soft edge. */
function paintStar(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = textureSize;
  canvas.height = textureSize;
  const paint = canvas.getContext("2d");
  if (paint === null) return canvas;
  const middle = textureSize / 2;
  const light = paint.createRadialGradient(middle, middle, 0, middle, middle, middle);
  light.addColorStop(0.4, "#ffffff");
  light.addColorStop(1, "#ffffff00");
  paint.fillStyle = light;
  paint.fillRect(0, 0, textureSize, textureSize);
  return canvas;
}
