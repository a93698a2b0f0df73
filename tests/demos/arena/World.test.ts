import { describe, expect, test } from "vitest";
import { Button, Rules } from "../../../demos/arena/Rules.ts";
import type { Ship } from "../../../demos/arena/Rules.ts";
import { World } from "../../../demos/arena/World.ts";

const idle = (): number => 0;

function addShip(world: World, id: number): Ship {
  const ship = world.AddShip(id);
  if (ship === null) throw new Error("The world is full.");
  return ship;
}

/** Two ships nose to back, the first aiming at the second, shields gone. */
function duel(): { world: World; hunter: Ship; prey: Ship } {
  const world = new World(1);
  const hunter = addShip(world, 1);
  const prey = addShip(world, 2);
  Object.assign(hunter, { X: 500, Y: 500, Angle: 0, Shield: 0 });
  Object.assign(prey, { X: 600, Y: 500, Angle: 0, Shield: 0 });
  return { world, hunter, prey };
}

function stepUntil(world: World, buttons: (id: number) => number, done: () => boolean): number {
  for (let steps = 0; steps < 1_000; steps++) {
    if (done()) return steps;
    world.Step(buttons);
  }
  throw new Error("It did not happen within 1,000 steps.");
}

/** Everything in a world of six ships after 500 steps. */
function busyWorld(seed: number): unknown[] {
  const world = new World(seed);
  for (let id = 1; id <= 6; id++) addShip(world, id);
  for (let i = 0; i < 500; i++) world.Step((id) => (i * id * 5 + (i >> 3)) & Button.ALL);
  return [...world.Ships.values(), ...world.Shots];
}

describe("World", () => {
  test("the same seed and inputs give the same world", () => {
    expect(busyWorld(7)).toEqual(busyWorld(7));
    expect(busyWorld(7)).not.toEqual(busyWorld(8));
  });

  test("takes ships up to the limit and not one more", () => {
    const world = new World(1);
    for (let id = 1; id <= Rules.maxShips; id++) expect(world.AddShip(id)).not.toBeNull();
    expect(world.AddShip(99)).toBeNull();
    world.RemoveShip(1);
    expect(world.AddShip(99)).not.toBeNull();
  });

  test("an id that flies already is a programmer's mistake", () => {
    const world = new World(1);
    addShip(world, 1);
    expect(() => world.AddShip(1)).toThrow(TypeError);
  });

  test("a hit costs hull and takes the shot away", () => {
    const { world, prey } = duel();
    world.Step((id) => (id === 1 ? Button.FIRE : 0));
    expect(world.Shots).toHaveLength(1);
    stepUntil(world, idle, () => prey.Hull < Rules.hull);
    expect(prey.Hull).toBe(Rules.hull - 1);
    expect(world.Shots).toHaveLength(0);
  });

  test("the last hit wrecks, scores, and the wreck returns shielded after its time", () => {
    const { world, hunter, prey } = duel();
    stepUntil(
      world,
      (id) => (id === 1 ? Button.FIRE : 0),
      () => prey.Hull === 0,
    );
    expect(hunter.Score).toBe(1);
    expect(prey.Respawn).toBe(Rules.respawnSteps);
    const waited = stepUntil(world, idle, () => prey.Hull > 0);
    expect(waited).toBe(Rules.respawnSteps);
    expect(prey).toMatchObject({ Hull: Rules.hull, Shield: Rules.shieldSteps, Score: 0 });
  });

  test("a shot whose owner left flies on and scores for nobody", () => {
    const { world, prey } = duel();
    prey.Hull = 1;
    world.Step((id) => (id === 1 ? Button.FIRE : 0));
    world.RemoveShip(1);
    stepUntil(world, idle, () => prey.Hull === 0);
    expect(prey.Score).toBe(0);
  });

  test("a new ship appears away from the others", () => {
    for (let seed = 0; seed < 50; seed++) {
      const world = new World(seed);
      const a = addShip(world, 1);
      const b = addShip(world, 2);
      const gap = Math.hypot(a.X - b.X, a.Y - b.Y);
      expect(gap, `seed ${seed}`).toBeGreaterThan(200);
    }
  });

  test("a full arena in which all fire stays within what a snapshot can count", () => {
    const world = new World(3);
    for (let id = 1; id <= Rules.maxShips; id++) addShip(world, id);
    for (let i = 0; i < 300; i++) {
      world.Step(() => Button.FIRE | Button.LEFT);
      expect(world.Shots.length).toBeLessThanOrEqual(255);
    }
  });
});
