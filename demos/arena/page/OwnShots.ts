/**
 * The own shots, from the moment the trigger is pulled.
 *
 * The own ship is shown ahead of the server and everybody else behind it, so a shot has to travel
 * from one time to the other: it starts at the nose at once, and while it flies its clock runs a
 * little slower until it is on the others' time, where it is seen to hit. A predicted shot stands
 * in until the server's own appears. At most as many are kept as a ship can fire in the time of a
 * flight.
 *
 *     predicted (now)  --- young shot --->  --- older shot --->  delayed (where others are drawn)
 */
import { Fire, Rules, StepShot } from "../Rules.ts";
import type { Ship, Shot } from "../Rules.ts";

/** Least time of the change from one clock to the other, in steps. */
const minBlendSteps = 15;

interface PredictedShot {
  readonly sequence: number;
  readonly shot: Shot;
}

/** How far the three times lie apart, in steps. */
export interface Clocks {
  /** From the newest snapshot to the own ship. */
  readonly Ahead: number;
  /** From the others to the newest snapshot. */
  readonly Behind: number;
}

export class OwnShots {
  #predicted: PredictedShot[] = [];

  /** The own ship fires with this input. */
  Fired(ship: Ship, sequence: number): void {
    this.#predicted.push({ sequence, shot: Fire(ship, 0) });
  }

  /** One step of the own ship. */
  Step(): void {
    this.#predicted = this.#predicted.filter(({ shot }) => StepShot(shot));
  }

  /** The server has this input: what it fired comes with the snapshots from now on. */
  Acknowledge(sequence: number): void {
    this.#predicted = this.#predicted.filter((entry) => entry.sequence > sequence);
  }

  Clear(): void {
    this.#predicted = [];
  }

  /**
   * Where to draw the own shots.
   * @param delayed the own shots at the time at which the others are drawn.
   * @param newest the own shots of the newest snapshot.
   */
  Place(delayed: readonly Shot[], newest: readonly Shot[], clocks: Clocks): Shot[] {
    const { Ahead, Behind } = clocks;
    const known = new Set(delayed.map((shot) => shot.Id));
    const young = newest.filter((shot) => !known.has(shot.Id));
    return [
      ...delayed.map((shot) => shift(shot, Ahead + Behind, 0, clocks)),
      ...young.map((shot) => shift(shot, Ahead, Behind, clocks)),
      ...this.#predicted.map(({ shot }) => shift(shot, 0, Ahead + Behind, clocks)),
    ];
  }
}

/**
 * @param toNow steps from the time that `shot` is given in to the own ship's.
 * @param toDelayed steps from the others' time to the one that `shot` is given in.
 */
function shift(shot: Shot, toNow: number, toDelayed: number, { Ahead, Behind }: Clocks): Shot {
  const way = Ahead + Behind;
  const age = Rules.shotLifeSteps - shot.Life + toNow;
  const lead = way * Math.max(0, 1 - age / Math.max(minBlendSteps, 2 * way));
  const steps = lead - toDelayed;
  return { ...shot, X: shot.X + shot.VelocityX * steps, Y: shot.Y + shot.VelocityY * steps };
}
