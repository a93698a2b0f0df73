/**
 * What part of the world the picture shows. Bodies are drawn at their nearest image to its
 * middle.
 */
import { OffsetX, OffsetY, Rules } from "../Rules.ts";

/** About how many world units the picture's sides measure, whatever the screen. */
const viewLength = 1_000;
const minZoom = 0.62;

export class Camera {
  X = Rules.worldWidth / 2;
  Y = Rules.worldHeight / 2;
  /** The way travelled since the start, which unlike X and Y never jumps at the world's border. */
  TravelX = 0;
  TravelY = 0;
  /** Pixels per world unit. */
  Zoom = 1;

  /** Fits the picture's size in pixels. */
  Fit(width: number, height: number): void {
    this.Zoom = Math.max(minZoom, Math.sqrt(width * height) / viewLength);
  }

  /** Looks at a place; the way there is the short one. */
  LookAt(x: number, y: number): void {
    this.TravelX += OffsetX(this.X, x);
    this.TravelY += OffsetY(this.Y, y);
    this.X = x;
    this.Y = y;
  }

  /** Drifts by so many world units, while there is nothing to follow. */
  Drift(x: number, y: number): void {
    this.TravelX += x;
    this.TravelY += y;
  }

  /** From the middle of the picture to a place, in world units. */
  Offset(x: number, y: number): { x: number; y: number } {
    return { x: OffsetX(this.X, x), y: OffsetY(this.Y, y) };
  }
}
