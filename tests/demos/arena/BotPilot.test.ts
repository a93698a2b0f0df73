import { describe, expect, test } from "vitest";
import { BotPilot } from "../../../demos/arena/BotPilot.ts";
import { Button, Rules } from "../../../demos/arena/Rules.ts";
import { World } from "../../../demos/arena/World.ts";
import { SeededRandom, TestShip } from "./Ships.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`BotPilot.test.ts: TEST_SEED=${seed}`);

/** A random source that never errs: every draw is in the middle. */
const steady = (): number => 0.5;

describe("BotPilot", () => {
  test("does nothing while it is not in the arena, or wrecked", () => {
    const pilot = new BotPilot(steady);
    expect(pilot.Decide(null, [])).toBe(0);
    expect(pilot.Decide(TestShip({ Hull: 0 }), [])).toBe(0);
  });

  test.each([
    ["below", 400, Button.RIGHT],
    ["above", -400, Button.LEFT],
  ])("turns to a ship %s it", (_, y, button) => {
    const own = TestShip();
    const target = TestShip({ Id: 2, Y: own.Y + y });
    const turning = Button.LEFT | Button.RIGHT;
    expect(new BotPilot(steady).Decide(own, [own, target]) & turning).toBe(button);
  });

  test("fires at a ship that is near and ahead, not at one far away", () => {
    const own = TestShip();
    const near = TestShip({ Id: 2, X: own.X + 200 });
    const far = TestShip({ Id: 2, X: own.X + 900 });
    expect(new BotPilot(steady).Decide(own, [own, near]) & Button.FIRE).toBe(Button.FIRE);
    expect(new BotPilot(steady).Decide(own, [own, far]) & Button.FIRE).toBe(0);
  });

  test("goes for the nearest ship that can be hit", () => {
    const own = TestShip();
    const wreck = TestShip({ Id: 2, Y: own.Y - 50, Hull: 0 });
    const shielded = TestShip({ Id: 3, Y: own.Y - 60, Shield: 9 });
    const target = TestShip({ Id: 4, Y: own.Y + 300 });
    const buttons = new BotPilot(steady).Decide(own, [wreck, shielded, own, target]);
    expect(buttons & Button.RIGHT).toBe(Button.RIGHT);
  });

  test("four of them fly about, hit each other and score within two minutes", () => {
    const world = new World(seed);
    const pilots = new Map<number, BotPilot>();
    for (let id = 1; id <= 4; id++) {
      world.AddShip(id);
      pilots.set(id, new BotPilot(SeededRandom(seed + id)));
    }
    for (let step = 0; step < 120 * Rules.stepsPerSecond; step++) {
      const ships = [...world.Ships.values()];
      world.Step((id) => pilots.get(id)?.Decide(world.Ships.get(id) ?? null, ships) ?? 0);
    }
    const score = [...world.Ships.values()].reduce((sum, ship) => sum + ship.Score, 0);
    expect(score).toBeGreaterThan(0);
  });
});
