/**
 * The own ship, shown before the server has answered.
 *
 * Each step applies the pilot's buttons to a copy of the own ship at once. When a snapshot
 * arrives, the copy starts again from the server's truth and replays the inputs that the server
 * had not seen. Where the two disagree the difference is kept as an offset that fades, so the
 * ship never jumps.
 *
 *     snapshot, acked 41:   [truth] --42--> --43--> --44--> [shown now]
 *
 * At most `maxPending` inputs wait for an ack; older ones are forgotten and the server's word
 * stands.
 */
import { OffsetAngle, OffsetX, OffsetY, Rules, StepShip } from "../Rules.ts";
import type { Ship } from "../Rules.ts";

interface PendingInput {
  readonly Sequence: number;
  readonly Buttons: number;
}

/** Two seconds of inputs; beyond that a connection is no fun anyway. */
const maxPending = 2 * Rules.stepsPerSecond;
/** Time in which two thirds of a wrong guess fade, in seconds. */
const fadeSeconds = 0.1;
/** A wrong guess beyond this (a respawn) is shown at once, in world units. */
const jumpDistance = 200;

/** Where to draw the own ship. */
export interface Pose {
  readonly X: number;
  readonly Y: number;
  readonly Angle: number;
}

export class Prediction {
  /** The predicted ship, null until the first snapshot that has it. */
  Ship: Ship | null = null;
  #before: Pose = { X: 0, Y: 0, Angle: 0 };
  #pending: PendingInput[] = [];
  #offsetX = 0;
  #offsetY = 0;
  #offsetAngle = 0;

  /** Inputs that the server has not acknowledged yet. */
  get PendingCount(): number {
    return this.#pending.length;
  }

  /** How far the shown ship is from the predicted one, in world units. */
  get CorrectionDistance(): number {
    return Math.hypot(this.#offsetX, this.#offsetY);
  }

  /** One step with the pilot's buttons. @returns true when the ship fires in it. */
  Step(sequence: number, buttons: number): boolean {
    this.#pending.push({ Sequence: sequence, Buttons: buttons });
    if (this.#pending.length > maxPending) this.#pending.shift();
    if (this.Ship === null) return false;
    this.#before = poseOf(this.Ship);
    return StepShip(this.Ship, buttons);
  }

  /** Takes the server's truth about the own ship. */
  Correct(truth: Ship, acked: number): void {
    this.#pending = this.#pending.filter((input) => input.Sequence > acked);
    const guess = this.Ship;
    const ship = { ...truth };
    for (const input of this.#pending) {
      this.#before = poseOf(ship);
      StepShip(ship, input.Buttons);
    }
    if (this.#pending.length === 0) this.#before = poseOf(ship);
    this.Ship = ship;
    if (guess !== null) this.#keepOffset(guess, ship);
  }

  /** Lets a wrong guess fade. @param delta seconds. */
  Fade(delta: number): void {
    const rest = Math.exp(-delta / fadeSeconds);
    this.#offsetX *= rest;
    this.#offsetY *= rest;
    this.#offsetAngle *= rest;
  }

  /** Where to draw, `part` (0..1) of a step after the last but one. Null before the first truth. */
  At(part: number): Pose | null {
    if (this.Ship === null) return null;
    const { X, Y, Angle } = this.#before;
    return {
      X: X + OffsetX(X, this.Ship.X) * part + this.#offsetX,
      Y: Y + OffsetY(Y, this.Ship.Y) * part + this.#offsetY,
      Angle: Angle + OffsetAngle(Angle, this.Ship.Angle) * part + this.#offsetAngle,
    };
  }

  #keepOffset(guess: Ship, truth: Ship): void {
    this.#offsetX += OffsetX(truth.X, guess.X);
    this.#offsetY += OffsetY(truth.Y, guess.Y);
    this.#offsetAngle += OffsetAngle(truth.Angle, guess.Angle);
    const respawned = guess.Hull === 0 && truth.Hull > 0;
    if (!respawned && this.CorrectionDistance < jumpDistance) return;
    this.#offsetX = 0;
    this.#offsetY = 0;
    this.#offsetAngle = 0;
  }
}

function poseOf(ship: Ship): Pose {
  return { X: ship.X, Y: ship.Y, Angle: ship.Angle };
}
