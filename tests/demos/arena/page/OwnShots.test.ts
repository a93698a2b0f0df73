import { describe, expect, test } from "vitest";
import { OwnShots } from "../../../../demos/arena/page/OwnShots.ts";
import { Fire, Rules, StepShot } from "../../../../demos/arena/Rules.ts";
import type { Shot } from "../../../../demos/arena/Rules.ts";
import { TestShip } from "../Ships.ts";

/** A shot as the server has it after `steps` steps of flight. */
function flown(steps: number): Shot {
  const shot = Fire(TestShip(), 7);
  for (let i = 0; i < steps; i++) StepShot(shot);
  return shot;
}

const clocks = { Ahead: 4, Behind: 3 };

function xOf(shots: readonly Shot[]): number {
  expect(shots).toHaveLength(1);
  return shots[0]?.X ?? 0;
}

describe("OwnShots", () => {
  test("a shot is at the nose in the step in which the trigger is pulled", () => {
    const shots = new OwnShots();
    shots.Fired(TestShip(), 1);
    expect(xOf(shots.Place([], [], clocks))).toBeCloseTo(TestShip().X + Rules.shipRadius, 3);
  });

  test("the server's own shot takes over at the same place when the input is acknowledged", () => {
    const shots = new OwnShots();
    shots.Fired(TestShip(), 1);
    for (let i = 0; i < 6; i++) shots.Step();
    const predicted = xOf(shots.Place([], [], clocks));
    shots.Acknowledge(1);
    const taken = xOf(shots.Place([], [flown(6 - clocks.Ahead)], clocks));
    expect(taken).toBeCloseTo(predicted, 3);
  });

  test("the delayed shot takes over at the same place from the newest snapshot's", () => {
    const shots = new OwnShots();
    const newest = xOf(shots.Place([], [flown(5)], clocks));
    const delayed = xOf(shots.Place([flown(5 - clocks.Behind)], [flown(5)], clocks));
    expect(delayed).toBeCloseTo(newest, 3);
  });

  test("an old shot is where the others are drawn, so that it is seen to hit", () => {
    const old = flown(25);
    expect(xOf(new OwnShots().Place([old], [flown(28)], clocks))).toBeCloseTo(old.X, 3);
  });

  test.each([0, 4, 12])("a shot never flies backwards with %i steps of delay", (ahead) => {
    const slow = { Ahead: ahead, Behind: 3 };
    const places = Array.from({ length: Rules.shotLifeSteps - 1 }, (_, step) =>
      xOf(new OwnShots().Place([flown(step)], [], slow)),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test("inputs that are not acknowledged keep their shot until its life is over", () => {
    const shots = new OwnShots();
    shots.Fired(TestShip(), 2);
    shots.Acknowledge(1);
    for (let i = 1; i < Rules.shotLifeSteps; i++) shots.Step();
    expect(shots.Place([], [], clocks)).toHaveLength(1);
    shots.Step();
    expect(shots.Place([], [], clocks)).toHaveLength(0);
  });
});
