/**
 * All ships and shots of one arena, and what happens between them in a step. Deterministic: the
 * same seed and the same calls give the same world. The server drives it; nothing here knows a
 * network.
 */
import { Fire, Hits, OffsetX, OffsetY, Rules, StepShip, StepShot } from "./Rules.ts";
import type { Ship, Shot } from "./Rules.ts";

/** Places that a spawn looks at; it takes the one with most room around it. */
const spawnTries = 8;

export class World {
  /** Steps done so far. */
  Tick = 0;
  readonly Ships = new Map<number, Ship>();
  Shots: Shot[] = [];
  #nextShot = 0;
  #random: number;

  /** @param seed any integer; it decides where ships appear. */
  constructor(seed: number) {
    this.#random = seed | 0;
  }

  /**
   * A new ship at a place with room around it.
   * @param id 0..65535, not in use.
   * @returns null when `Rules.maxShips` fly already.
   */
  AddShip(id: number): Ship | null {
    if (this.Ships.has(id)) throw new TypeError(`Ship ${id} flies already; use another id.`);
    if (this.Ships.size >= Rules.maxShips) return null;
    const ship: Ship = {
      Id: id,
      X: 0,
      Y: 0,
      VelocityX: 0,
      VelocityY: 0,
      Angle: 0,
      Hull: Rules.hull,
      Reload: 0,
      Shield: 0,
      Respawn: 0,
      Score: 0,
      Thrusting: false,
    };
    this.#place(ship);
    this.Ships.set(id, ship);
    return ship;
  }

  /** Takes a ship out; its shots fly on. */
  RemoveShip(id: number): void {
    this.Ships.delete(id);
  }

  /**
   * One step for everybody: ships, then shots, then hits.
   * @param buttonsOf what a ship's pilot holds down, bits of `Button`.
   */
  Step(buttonsOf: (id: number) => number): void {
    this.Tick++;
    for (const ship of this.Ships.values()) {
      if (ship.Hull === 0) this.#wait(ship);
      else if (StepShip(ship, buttonsOf(ship.Id))) this.Shots.push(Fire(ship, this.#shotId()));
    }
    this.Shots = this.Shots.filter((shot) => StepShot(shot) && !this.#strike(shot));
  }

  #wait(ship: Ship): void {
    ship.Respawn--;
    if (ship.Respawn <= 0) this.#place(ship);
  }

  /** Lets `shot` hit the first ship in its way. @returns true when there was one. */
  #strike(shot: Shot): boolean {
    for (const ship of this.Ships.values()) {
      if (!Hits(shot, ship)) continue;
      ship.Hull--;
      if (ship.Hull === 0) this.#wreck(ship, shot.Owner);
      return true;
    }
    return false;
  }

  #wreck(ship: Ship, by: number): void {
    ship.VelocityX = 0;
    ship.VelocityY = 0;
    ship.Thrusting = false;
    ship.Respawn = Rules.respawnSteps;
    const winner = this.Ships.get(by);
    if (winner !== undefined) winner.Score = Math.min(winner.Score + 1, 65_535);
  }

  #place(ship: Ship): void {
    let room = -1;
    for (let i = 0; i < spawnTries; i++) {
      const x = Math.fround(this.#next() * Rules.worldWidth);
      const y = Math.fround(this.#next() * Rules.worldHeight);
      const found = this.#roomAt(x, y, ship);
      if (found <= room) continue;
      room = found;
      ship.X = x;
      ship.Y = y;
    }
    ship.Angle = Math.fround(this.#next() * 2 * Math.PI);
    ship.Hull = Rules.hull;
    ship.Reload = 0;
    ship.Shield = Rules.shieldSteps;
    ship.Respawn = 0;
  }

  /** Distance to the nearest other ship. */
  #roomAt(x: number, y: number, except: Ship): number {
    let room: number = Rules.worldWidth;
    for (const other of this.Ships.values()) {
      if (other === except) continue;
      room = Math.min(room, Math.hypot(OffsetX(x, other.X), OffsetY(y, other.Y)));
    }
    return room;
  }

  #shotId(): number {
    this.#nextShot = (this.#nextShot + 1) & 0xffff;
    return this.#nextShot;
  }

  /** The next number of a small seeded generator (a 32-bit LCG, upper bits), in 0..1. */
  #next(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    return (this.#random >>> 8) / 2 ** 24;
  }
}
