/** The whole world in a corner: the own ship in the middle, everybody else as a dot. */
import { Shape2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import { Rules } from "../Rules.ts";
import type { Ship } from "../Rules.ts";
import type { Camera } from "./Camera.ts";
import { MoonPlaces } from "./Moon.ts";
import { Palette, ShipColor } from "./Palette.ts";

const wideWidth = 168;
const narrowWidth = 108;
/** Pictures narrower than this get the small radar, in pixels. */
const narrowPicture = 640;
/** Below the page's title; the other corners belong to panels and thumbs. */
const place = { x: 16, y: 52 };

export class Radar extends Shape2D {
  readonly #camera: Camera;
  #width = wideWidth;
  #ships: readonly Ship[] = [];
  #ownId: number | null = null;

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
    this.Alpha = 0.85;
    this.Position = place;
  }

  /** @param width of the picture, pixels. */
  Fit(width: number): void {
    this.#width = width < narrowPicture ? narrowWidth : wideWidth;
  }

  Show(ships: readonly Ship[], ownId: number | null): void {
    this.#ships = ships;
    this.#ownId = ownId;
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    const scale = this.#width / Rules.worldWidth;
    const height = Rules.worldHeight * scale;
    graphics.roundRect(0, 0, this.#width, height, 8).fill(Palette.radar);
    graphics.stroke({ width: 1, color: Palette.radarBorder });
    const dot = (x: number, y: number, size: number, color: number): void => {
      const way = this.#camera.Offset(x, y);
      const dotX = inside(this.#width / 2 + way.x * scale, size, this.#width);
      const dotY = inside(height / 2 + way.y * scale, size, height);
      graphics.circle(dotX, dotY, size).fill(color);
    };
    for (const { X, Y, Radius } of MoonPlaces) dot(X, Y, Radius * scale * 0.6, Palette.radarMoon);
    for (const ship of this.#ships) {
      if (ship.Hull > 0) dot(ship.X, ship.Y, 2.5, ShipColor(ship.Id, ship.Id === this.#ownId));
    }
  }
}

/** Keeps a dot of radius `size` off the border. */
function inside(at: number, size: number, length: number): number {
  return Math.min(length - size, Math.max(size, at));
}
