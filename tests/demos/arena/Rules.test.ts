import { describe, expect, test } from "vitest";
import {
  Button,
  Fire,
  Hits,
  OffsetAngle,
  OffsetX,
  Rules,
  StepShip,
  StepShot,
} from "../../../demos/arena/Rules.ts";
import type { Ship } from "../../../demos/arena/Rules.ts";
import { TestShip } from "./Ships.ts";

function shipAt(x: number, y: number, angle = 0): Ship {
  return TestShip({ X: x, Y: y, Angle: Math.fround(angle) });
}

describe("StepShip", () => {
  test("a ship without input stays where it is", () => {
    const ship = shipAt(100, 200);
    StepShip(ship, 0);
    expect(ship).toEqual(shipAt(100, 200));
  });

  test("thrust pushes where the nose points, up to the top speed", () => {
    const ship = shipAt(0, 800);
    for (let i = 0; i < 200; i++) StepShip(ship, Button.THRUST);
    expect(ship.VelocityX).toBeCloseTo(Rules.maxSpeedPerStep, 4);
    expect(ship.VelocityY).toBe(0);
    expect(ship.Thrusting).toBe(true);
  });

  test("a ship that stops thrusting glides to rest", () => {
    const ship = shipAt(0, 800);
    for (let i = 0; i < 60; i++) StepShip(ship, Button.THRUST);
    for (let i = 0; i < 600; i++) StepShip(ship, 0);
    expect(Math.abs(ship.VelocityX)).toBeLessThan(0.01);
  });

  test("left and right turn opposite ways and cancel each other", () => {
    const left = shipAt(0, 0, 1);
    const right = shipAt(0, 0, 1);
    const both = shipAt(0, 0, 1);
    StepShip(left, Button.LEFT);
    StepShip(right, Button.RIGHT);
    StepShip(both, Button.LEFT | Button.RIGHT);
    expect(left.Angle).toBeCloseTo(1 - Rules.turnPerStep);
    expect(right.Angle).toBeCloseTo(1 + Rules.turnPerStep);
    expect(both.Angle).toBe(1);
  });

  test("what leaves the world on one side comes back on the other", () => {
    const ship = shipAt(Rules.worldWidth - 1, 1);
    ship.VelocityX = 5;
    ship.VelocityY = -5;
    StepShip(ship, 0);
    expect(ship.X).toBeCloseTo(-1 + 5 * Rules.dragPerStep, 3);
    expect(ship.Y).toBeCloseTo(Rules.worldHeight + 1 - 5 * Rules.dragPerStep, 3);
  });

  test("a held trigger fires once per reload", () => {
    const ship = shipAt(0, 0);
    const fired = Array.from({ length: Rules.reloadSteps * 3 }, () => StepShip(ship, Button.FIRE));
    expect(fired.filter(Boolean)).toHaveLength(3);
    expect(fired[0]).toBe(true);
    expect(fired[Rules.reloadSteps]).toBe(true);
  });

  test("firing gives the shield up", () => {
    const ship = shipAt(0, 0);
    ship.Shield = Rules.shieldSteps;
    StepShip(ship, 0);
    expect(ship.Shield).toBe(Rules.shieldSteps - 1);
    StepShip(ship, Button.FIRE);
    expect(ship.Shield).toBe(0);
  });

  test("a wreck neither moves nor fires", () => {
    const ship = shipAt(50, 50);
    ship.Hull = 0;
    expect(StepShip(ship, Button.ALL)).toBe(false);
    expect(ship).toMatchObject({ X: 50, Y: 50, Angle: 0, Thrusting: false });
  });

  test("state is always a 32-bit float, so a snapshot carries it exactly", () => {
    const ship = shipAt(321.5, 123.25, 0.3);
    for (let i = 0; i < 100; i++) {
      StepShip(ship, i % 3 === 0 ? Button.THRUST | Button.LEFT : Button.THRUST | Button.FIRE);
      for (const value of [ship.X, ship.Y, ship.VelocityX, ship.VelocityY, ship.Angle]) {
        expect(Math.fround(value)).toBe(value);
      }
    }
  });
});

describe("shots", () => {
  test("a shot starts at the nose with the ship's own speed on top", () => {
    const ship = shipAt(100, 100);
    ship.VelocityX = 2;
    const shot = Fire(ship, 9);
    expect(shot).toMatchObject({ Id: 9, Owner: 1, X: 100 + Rules.shipRadius, Y: 100 });
    expect(shot.VelocityX).toBe(2 + Rules.shotSpeedPerStep);
  });

  test("a shot ends after its life", () => {
    const shot = Fire(shipAt(0, 0), 1);
    let steps = 1;
    while (StepShot(shot)) steps++;
    expect(steps).toBe(Rules.shotLifeSteps);
  });

  const reach = Rules.shipRadius + Rules.shotRadius;

  test.each([
    ["touches at the border of reach", reach - 0.01, true],
    ["passes just outside", reach + 0.01, false],
  ])("a shot that flies by %s", (_, gap, hit) => {
    const target = { ...shipAt(500, 500 + gap), Id: 2 };
    const shot = { ...Fire(shipAt(0, 0), 1), X: 508, Y: 500, VelocityX: 17, VelocityY: 0 };
    expect(Hits(shot, target)).toBe(hit);
  });

  test("a shot does not tunnel through a ship between two steps", () => {
    const target = { ...shipAt(500, 500), Id: 2 };
    const shot = { ...Fire(shipAt(0, 0), 1), X: 560, Y: 500, VelocityX: 120, VelocityY: 0 };
    expect(Hits(shot, target)).toBe(true);
  });

  test("a shot hits across the border of the world", () => {
    const target = { ...shipAt(Rules.worldWidth - 2, 500), Id: 2 };
    const shot = { ...Fire(shipAt(0, 0), 1), X: 3, Y: 500, VelocityX: 17, VelocityY: 0 };
    expect(Hits(shot, target)).toBe(true);
  });

  test.each([
    ["its own ship", { Id: 1 }],
    ["a shield", { Shield: 1 }],
    ["a wreck", { Hull: 0 }],
  ])("a shot does not hit %s", (_, change) => {
    const shot = { ...Fire(shipAt(0, 0), 1), X: 500, Y: 500 };
    expect(Hits(shot, { ...shipAt(500, 500), Id: 2 })).toBe(true);
    expect(Hits(shot, { ...shipAt(500, 500), Id: 2, ...change })).toBe(false);
  });
});

test("offsets take the short way around", () => {
  expect(OffsetX(10, 30)).toBe(20);
  expect(OffsetX(10, Rules.worldWidth - 10)).toBe(-20);
  expect(OffsetX(Rules.worldWidth - 10, 10)).toBe(20);
  expect(OffsetAngle(0.1, 2 * Math.PI - 0.1)).toBeCloseTo(-0.2);
});
