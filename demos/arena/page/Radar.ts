/** The whole world in a corner: the own ship in the middle, everybody else as a dot. */
import { Shape2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import { Rules } from "../Rules.ts";
import type { Ship } from "../Rules.ts";
import type { Camera } from "./Camera.ts";
import { Palette, ShipColor } from "./Palette.ts";

const wideWidth = 168;
const narrowWidth = 108;
/** Pictures narrower than this get the small radar, in pixels. */
const narrowPicture = 640;
const margin = 16;
const moonDot = 6;

export class Radar extends Shape2D {
  readonly #camera: Camera;
  #width = wideWidth;
  #ships: readonly Ship[] = [];
  #ownId: number | null = null;

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
    this.Alpha = 0.85;
  }

  /** Takes its corner: lower right, or below the scores on a narrow picture. Pixels. */
  Fit(width: number, height: number): void {
    const isNarrow = width < narrowPicture;
    this.#width = isNarrow ? narrowWidth : wideWidth;
    const tall = this.#width * (Rules.worldHeight / Rules.worldWidth);
    const y = isNarrow ? 56 : height - tall - margin;
    this.Position = { x: isNarrow ? margin : width - this.#width - margin, y };
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
    dot(Rules.worldWidth / 2, Rules.worldHeight / 2, moonDot, Palette.radarMoon);
    for (const ship of this.#ships) {
      if (ship.Hull > 0) dot(ship.X, ship.Y, 2.5, ShipColor(ship.Id, ship.Id === this.#ownId));
    }
  }
}

/** Keeps a dot of radius `size` off the border. */
function inside(place: number, size: number, length: number): number {
  return Math.min(length - size, Math.max(size, place));
}
