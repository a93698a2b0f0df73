/**
 * The meadow with everything in it, and what happens in a step. The host drives it; nothing here
 * knows a network. Deterministic for a given source of random numbers.
 */
import { IsDashing, Rules } from "./Rules.ts";
import type { Moth, Scene, Spark, Steer } from "./Rules.ts";

const stepSeconds = 1 / Rules.stepsPerSecond;
/** How far from a moth the sparks that it drops lie. */
const scatter = { From: 40, To: 110 };

export class Meadow implements Scene {
  Tick = 0;
  Winner = 0;
  Sparks: Spark[] = [];
  readonly #moths = new Map<number, Moth>();
  readonly #random: () => number;
  #pause = 0;

  /** @param random numbers in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random;
    this.#refill();
  }

  get Moths(): readonly Moth[] {
    return [...this.#moths.values()];
  }

  /** A moth at the meadow's edge. @returns the id, 1 and up, or 0 when there is no room. */
  Add(): number {
    let id = 1;
    while (this.#moths.has(id)) id++;
    if (id > Rules.maxMoths) return 0;
    const turn = 2 * Math.PI * this.#random();
    const away = 0.8 * Rules.meadow;
    this.#moths.set(id, {
      Id: id,
      X: Math.cos(turn) * away,
      Y: Math.sin(turn) * away,
      VelocityX: 0,
      VelocityY: 0,
      Score: 0,
      Rest: 0,
      Safe: Rules.safeSteps,
    });
    return id;
  }

  Remove(id: number): void {
    this.#moths.delete(id);
  }

  /** @param steerOf what the player of a moth wants in this step. */
  Step(steerOf: (id: number) => Steer): void {
    this.Tick++;
    if (this.#pause > 0 && --this.#pause === 0) this.#beginRound();
    for (const moth of this.#moths.values()) this.#fly(moth, steerOf(moth.Id));
    for (const moth of this.#moths.values()) if (IsDashing(moth)) this.#bump(moth);
    if (this.#pause > 0) return;
    for (const moth of this.#moths.values()) this.#gather(moth);
    this.#refill();
  }

  #fly(moth: Moth, steer: Steer): void {
    const length = Math.hypot(steer.X, steer.Y);
    const [x, y] = length > 1 ? [steer.X / length, steer.Y / length] : [steer.X, steer.Y];
    if (moth.Safe > 0) moth.Safe--;
    if (moth.Rest > 0) moth.Rest--;
    else if (steer.Dash && length > 0) {
      moth.Rest = Rules.dashEverySteps;
      moth.VelocityX = (steer.X / length) * Rules.dashSpeed;
      moth.VelocityY = (steer.Y / length) * Rules.dashSpeed;
    }
    if (!IsDashing(moth)) {
      const blend = 1 - Math.exp(-Rules.agility * stepSeconds);
      moth.VelocityX += (x * Rules.speed - moth.VelocityX) * blend;
      moth.VelocityY += (y * Rules.speed - moth.VelocityY) * blend;
    }
    moth.X += moth.VelocityX * stepSeconds;
    moth.Y += moth.VelocityY * stepSeconds;
    const away = Math.hypot(moth.X, moth.Y);
    const most = Rules.meadow - Rules.mothRadius;
    if (away <= most) return;
    moth.X *= most / away;
    moth.Y *= most / away;
  }

  /** A dash takes sparks from whoever is in its way. */
  #bump(moth: Moth): void {
    for (const other of this.#moths.values()) {
      const [x, y] = [other.X - moth.X, other.Y - moth.Y];
      const apart = Math.hypot(x, y);
      if (other === moth || other.Safe > 0 || apart > 2 * Rules.mothRadius) continue;
      other.Safe = Rules.safeSteps;
      other.VelocityX = moth.VelocityX * 0.8;
      other.VelocityY = moth.VelocityY * 0.8;
      const lost = Math.min(Rules.dropped, other.Score);
      other.Score -= lost;
      for (let i = 0; i < lost; i++) this.#drop(other);
    }
  }

  #drop({ X, Y }: Moth): void {
    if (this.Sparks.length >= Rules.maxSparks) return;
    const turn = 2 * Math.PI * this.#random();
    const away = scatter.From + (scatter.To - scatter.From) * this.#random();
    this.Sparks.push(inside({ X: X + Math.cos(turn) * away, Y: Y + Math.sin(turn) * away }));
  }

  #gather(moth: Moth): void {
    const reach = Rules.mothRadius + Rules.sparkRadius;
    const left = this.Sparks.filter(({ X, Y }) => Math.hypot(X - moth.X, Y - moth.Y) > reach);
    moth.Score += this.Sparks.length - left.length;
    this.Sparks = left;
    if (moth.Score < Rules.goal || this.#pause > 0) return;
    this.Winner = moth.Id;
    this.#pause = Rules.pauseSteps;
  }

  #beginRound(): void {
    this.Winner = 0;
    this.Sparks = [];
    for (const moth of this.#moths.values()) moth.Score = 0;
    this.#refill();
  }

  /** Even over the meadow: the root makes the outer rings as dense as the inner ones. */
  #refill(): void {
    while (this.Sparks.length < Rules.sparks) {
      const turn = 2 * Math.PI * this.#random();
      const away = Rules.meadow * Math.sqrt(this.#random());
      this.Sparks.push(inside({ X: Math.cos(turn) * away, Y: Math.sin(turn) * away }));
    }
  }
}

/** The same spark, where a moth can get at it. */
function inside({ X, Y }: Spark): Spark {
  const away = Math.hypot(X, Y);
  const most = Rules.meadow - Rules.mothRadius - Rules.sparkRadius;
  return away <= most ? { X, Y } : { X: (X * most) / away, Y: (Y * most) / away };
}
