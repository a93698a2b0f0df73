/**
 * The arena's physics for one ship and one shot: pure functions on plain data.
 *
 * The server and every page run exactly this code at 30 steps per second. All state is rounded to
 * 32-bit floats after each step, which is also how a snapshot carries it, so a page that replays
 * its own inputs on a snapshot gets what the server will get. (Exactly so where both have the same
 * sine; another browser engine may differ in a last bit, and the next snapshot puts it right.)
 * Lengths are world units, about a pixel; times are steps; angles are radians, 0 to the right and
 * clockwise positive.
 */
export const Rules = Object.freeze({
  stepsPerSecond: 30,
  worldWidth: 2_400,
  worldHeight: 1_600,
  /** Ships at once; one more is turned away with `ByeReason.FULL`. */
  maxShips: 32,

  shipRadius: 14,
  hull: 3,
  turnPerStep: 0.125,
  thrustPerStep: 0.42,
  dragPerStep: 0.982,
  maxSpeedPerStep: 11,
  reloadSteps: 7,
  /** A ship that just appeared cannot be hit for this long, or until it fires. */
  shieldSteps: 75,
  respawnSteps: 75,

  shotRadius: 3,
  shotSpeedPerStep: 17,
  shotLifeSteps: 38,
});

/** What a pilot holds down during one step, as bits of one byte. */
export const Button = Object.freeze({ LEFT: 1, RIGHT: 2, THRUST: 4, FIRE: 8, ALL: 15 } as const);

/** A ship's whole state; numbers that count steps run down to 0. */
export interface Ship {
  readonly Id: number;
  X: number;
  Y: number;
  VelocityX: number;
  VelocityY: number;
  Angle: number;
  /** Hits that it can still take; 0 is wrecked. */
  Hull: number;
  Reload: number;
  Shield: number;
  /** Steps until a wreck flies again. */
  Respawn: number;
  Score: number;
  Thrusting: boolean;
}

export interface Shot {
  readonly Id: number;
  /** The ship that fired it, which it cannot hit. */
  readonly Owner: number;
  X: number;
  Y: number;
  readonly VelocityX: number;
  readonly VelocityY: number;
  /** Steps that it still flies. */
  Life: number;
}

/**
 * Moves `ship` by one step.
 * @param buttons bits of `Button`; others are ignored.
 * @returns true when the ship fires in this step.
 */
export function StepShip(ship: Ship, buttons: number): boolean {
  if (ship.Hull === 0) {
    ship.Thrusting = false;
    return false;
  }
  const turn = Number((buttons & Button.RIGHT) !== 0) - Number((buttons & Button.LEFT) !== 0);
  ship.Angle = Math.fround(wrap(ship.Angle + turn * Rules.turnPerStep, 2 * Math.PI));
  ship.Thrusting = (buttons & Button.THRUST) !== 0;
  const thrust = ship.Thrusting ? Rules.thrustPerStep : 0;
  const x = (ship.VelocityX + Math.cos(ship.Angle) * thrust) * Rules.dragPerStep;
  const y = (ship.VelocityY + Math.sin(ship.Angle) * thrust) * Rules.dragPerStep;
  const slow = Math.min(1, Rules.maxSpeedPerStep / Math.max(Math.hypot(x, y), 1e-9));
  ship.VelocityX = Math.fround(x * slow);
  ship.VelocityY = Math.fround(y * slow);
  move(ship);

  ship.Reload = Math.max(0, ship.Reload - 1);
  ship.Shield = Math.max(0, ship.Shield - 1);
  if ((buttons & Button.FIRE) === 0 || ship.Reload > 0) return false;
  ship.Reload = Rules.reloadSteps;
  ship.Shield = 0;
  return true;
}

/** The shot that `ship` fires from its nose; it keeps the ship's own speed. */
export function Fire(ship: Ship, id: number): Shot {
  const x = Math.cos(ship.Angle);
  const y = Math.sin(ship.Angle);
  return {
    Id: id,
    Owner: ship.Id,
    X: wrapX(ship.X + x * Rules.shipRadius),
    Y: wrapY(ship.Y + y * Rules.shipRadius),
    VelocityX: Math.fround(ship.VelocityX + x * Rules.shotSpeedPerStep),
    VelocityY: Math.fround(ship.VelocityY + y * Rules.shotSpeedPerStep),
    Life: Rules.shotLifeSteps,
  };
}

/** Moves `shot` by one step. @returns false when its flight is over. */
export function StepShot(shot: Shot): boolean {
  move(shot);
  shot.Life--;
  return shot.Life > 0;
}

/**
 * True when `shot` touched `ship` on the way of its last step. The whole way counts, because a shot
 * flies further in a step than a ship is wide.
 */
export function Hits(shot: Shot, ship: Ship): boolean {
  if (ship.Hull === 0 || ship.Shield > 0 || ship.Id === shot.Owner) return false;
  const x = OffsetX(shot.X, ship.X);
  const y = OffsetY(shot.Y, ship.Y);
  const way = shot.VelocityX ** 2 + shot.VelocityY ** 2;
  const back = way === 0 ? 0 : -(x * shot.VelocityX + y * shot.VelocityY) / way;
  const t = Math.min(1, Math.max(0, back));
  const gap = Math.hypot(x + t * shot.VelocityX, y + t * shot.VelocityY);
  return gap <= Rules.shipRadius + Rules.shotRadius;
}

/** The short way from one x to another around the world, in -worldWidth/2 .. worldWidth/2. */
export function OffsetX(from: number, to: number): number {
  return offset(from, to, Rules.worldWidth);
}

/** The short way from one y to another around the world, in -worldHeight/2 .. worldHeight/2. */
export function OffsetY(from: number, to: number): number {
  return offset(from, to, Rules.worldHeight);
}

/** The short turn from one angle to another, in -PI .. PI. */
export function OffsetAngle(from: number, to: number): number {
  return offset(from, to, 2 * Math.PI);
}

function offset(from: number, to: number, size: number): number {
  return wrap(to - from + size / 2, size) - size / 2;
}

function move(body: Ship | Shot): void {
  body.X = wrapX(body.X + body.VelocityX);
  body.Y = wrapY(body.Y + body.VelocityY);
}

function wrapX(x: number): number {
  return Math.fround(wrap(x, Rules.worldWidth));
}

function wrapY(y: number): number {
  return Math.fround(wrap(y, Rules.worldHeight));
}

/** `value` modulo `size`, in 0..size also for negative values. */
function wrap(value: number, size: number): number {
  const rest = value % size;
  return rest < 0 ? rest + size : rest;
}
