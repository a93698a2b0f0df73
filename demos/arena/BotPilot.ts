/**
 * How a beginner flies: picks the nearest ship, turns to it a little late and a little wrong,
 * thrusts when it is far, fires when it is roughly ahead. Pure: world in, buttons out; no
 * network.
 */
import { Button, OffsetAngle, OffsetX, OffsetY, Rules } from "./Rules.ts";
import type { Ship } from "./Rules.ts";

/** Steps for which a decision holds: a person needs about a quarter of a second to react. */
const reactionSteps = 8;
/** Largest error of the aim in radians; it wanders. */
const aimError = 0.45;
const closeEnough = 260;
const fireRange = 480;
const fireCone = 0.3;
/** Turning stops this close to the wished direction, or the ship would tremble. */
const deadZone = 0.1;

export class BotPilot {
  readonly #random: () => number;
  #stepsLeft = 0;
  #wish = 0;
  #thrust = false;
  #fire = false;

  /** @param random numbers in 0..1; tests give a seeded one. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * What to hold down in the next step.
   * @param own null while not in the arena.
   * @param ships everybody, the own ship among them.
   * @returns bits of `Button`.
   */
  Decide(own: Ship | null, ships: readonly Ship[]): number {
    if (own === null || own.Hull === 0) return 0;
    this.#stepsLeft--;
    if (this.#stepsLeft <= 0) this.#think(own, ships);
    const turn = OffsetAngle(own.Angle, this.#wish);
    let buttons = 0;
    if (turn > deadZone) buttons |= Button.RIGHT;
    if (turn < -deadZone) buttons |= Button.LEFT;
    if (this.#thrust) buttons |= Button.THRUST;
    if (this.#fire && Math.abs(turn) < fireCone) buttons |= Button.FIRE;
    return buttons;
  }

  #think(own: Ship, ships: readonly Ship[]): void {
    this.#stepsLeft = reactionSteps + Math.floor(this.#random() * reactionSteps);
    const target = nearest(own, ships);
    if (target === null) {
      this.#wander(own);
      return;
    }
    const x = OffsetX(own.X, target.X);
    const y = OffsetY(own.Y, target.Y);
    const distance = Math.hypot(x, y);
    const error = (this.#random() - 0.5) * 2 * aimError;
    this.#wish = Math.atan2(y, x) + error;
    this.#thrust = distance > closeEnough || this.#random() < 0.2;
    this.#fire = distance < fireRange && this.#random() < 0.6;
  }

  #wander(own: Ship): void {
    this.#wish = own.Angle + (this.#random() - 0.5) * 2;
    this.#thrust = this.#random() < 0.5;
    this.#fire = false;
  }
}

/** The nearest other ship that can be hit. */
function nearest(own: Ship, ships: readonly Ship[]): Ship | null {
  let best: Ship | null = null;
  let least = Math.max(Rules.worldWidth, Rules.worldHeight);
  for (const ship of ships) {
    if (ship.Id === own.Id || ship.Hull === 0 || ship.Shield > 0) continue;
    const distance = Math.hypot(OffsetX(own.X, ship.X), OffsetY(own.Y, ship.Y));
    if (distance >= least) continue;
    least = distance;
    best = ship;
  }
  return best;
}
