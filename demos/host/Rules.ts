/**
 * The numbers and shapes of the game "Moths": moths gather sparks in a round meadow; one that
 * dashes into another makes it drop some. Shared by the host, its guests and the picture.
 */

/** Lengths in units of the meadow, times in seconds unless a name says otherwise. */
export const Rules = Object.freeze({
  stepsPerSecond: 30,
  maxMoths: 8,
  /** The meadow's radius; nothing flies out of it. */
  meadow: 480,
  mothRadius: 18,
  sparkRadius: 7,
  /** Speed that a steering moth tends to, per second, and how fast it gets there. */
  speed: 260,
  agility: 5,
  /** A dash: its speed, how long it lasts, and how long until the next one; steps. */
  dashSpeed: 720,
  dashSteps: 7,
  dashEverySteps: 45,
  /** Sparks that a moth loses to a dash, and steps in which it cannot be hit again. */
  dropped: 3,
  safeSteps: 30,
  /** Sparks that lie in the meadow, at least. */
  sparks: 16,
  /** Most sparks; what is dropped beyond them is gone. */
  maxSparks: 60,
  /** Sparks to gather for a round, and the pause after it, in steps. */
  goal: 20,
  pauseSteps: 150,
});

export interface Moth {
  readonly Id: number;
  X: number;
  Y: number;
  VelocityX: number;
  VelocityY: number;
  Score: number;
  /** Steps until it may dash again; above `dashEverySteps - dashSteps` it dashes now. */
  Rest: number;
  /** Steps in which nobody can make it drop sparks. */
  Safe: number;
}

export interface Spark {
  X: number;
  Y: number;
}

/** What a player wants: a direction with a length of at most 1, and whether to dash. */
export interface Steer {
  readonly X: number;
  readonly Y: number;
  readonly Dash: boolean;
}

/** All that is to be seen in one step. */
export interface Scene {
  readonly Tick: number;
  /** Who won the last round, while its pause lasts; else 0. */
  readonly Winner: number;
  readonly Moths: readonly Moth[];
  readonly Sparks: readonly Spark[];
}

export const Still: Steer = Object.freeze({ X: 0, Y: 0, Dash: false });

export function IsDashing(moth: Moth): boolean {
  return moth.Rest > Rules.dashEverySteps - Rules.dashSteps;
}
