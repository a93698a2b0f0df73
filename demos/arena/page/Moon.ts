/** Moons at fixed places of the world, to know by where one is. Ships fly in front of them. */
import { Sprite2D } from "moonwire/engine/pixi";
import { Texture } from "pixi.js";
import { Rules } from "../Rules.ts";
import type { Camera } from "./Camera.ts";

export interface MoonPlace {
  readonly X: number;
  readonly Y: number;
  /** World units. */
  readonly Radius: number;
  /** Multiplied with the moon's own bluish light. */
  readonly Tint: number;
}

export const MoonPlaces: readonly MoonPlace[] = [
  { X: Rules.worldWidth / 2, Y: Rules.worldHeight / 2, Radius: 190, Tint: 0xffffff },
  { X: 380, Y: 330, Radius: 78, Tint: 0xffc4b0 },
  { X: 2_010, Y: 1_270, Radius: 104, Tint: 0xd0fff0 },
];

/** Pixels of the texture. */
const size = 512;

/** x, y and radius of each crater, in parts of the moon's radius. */
const craters = [
  [-0.32, -0.4, 0.2],
  [0.34, -0.12, 0.29],
  [-0.12, 0.36, 0.16],
  [0.16, -0.66, 0.09],
  [-0.62, 0.08, 0.11],
  [0.46, 0.52, 0.12],
  [-0.44, 0.66, 0.07],
  [0.02, -0.1, 0.06],
  [0.72, 0.2, 0.07],
] as const;

export class Moon extends Sprite2D {
  readonly #camera: Camera;
  readonly #place: MoonPlace;

  constructor(camera: Camera, place: MoonPlace) {
    super(Texture.from(paintMoon()));
    this.#camera = camera;
    this.#place = place;
    const scale = (2 * place.Radius) / size;
    this.Scale = { x: scale, y: scale };
    this.Modulate = place.Tint;
  }

  override Process(): void {
    this.Position = this.#camera.Offset(this.#place.X, this.#place.Y);
  }
}

/** Lit from the upper left; its colours stay dark, so that ships are seen before it. */
function paintMoon(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const paint = canvas.getContext("2d");
  if (paint === null) return canvas;
  const half = size / 2;
  paint.translate(half, half);
  paint.scale(half - 2, half - 2);
  const light = paint.createRadialGradient(-0.4, -0.45, 0.1, 0, 0, 1);
  light.addColorStop(0, "#3b4780");
  light.addColorStop(0.6, "#252e5a");
  light.addColorStop(1, "#131936");
  disc(paint, 0, 0, 1, light);
  for (const [x, y, r] of craters) {
    disc(paint, x, y, r, "#0d122880");
    disc(paint, x + 0.018, y + 0.02, r * 0.9, "#2a346480");
  }
  return canvas;
}

function disc(
  paint: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  fill: string | CanvasGradient,
): void {
  paint.fillStyle = fill;
  paint.beginPath();
  paint.arc(x, y, r, 0, 2 * Math.PI);
  paint.fill();
}
