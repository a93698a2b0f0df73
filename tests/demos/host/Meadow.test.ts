import { describe, expect, test } from "vitest";
import { Meadow } from "../../../demos/host/Meadow.ts";
import { IsDashing, Rules, Still } from "../../../demos/host/Rules.ts";
import type { Moth, Steer } from "../../../demos/host/Rules.ts";

/** A moth's own numbers: 0.5 for ever puts things to the left of the middle. */
function meadow(): Meadow {
  return new Meadow(() => 0.5);
}

function moth(of: Meadow, id: number): Moth {
  return of.Moths.find(({ Id }) => Id === id)!;
}

function run(of: Meadow, steps: number, steer: Steer = Still, id = 1): void {
  for (let i = 0; i < steps; i++) of.Step((who) => (who === id ? steer : Still));
}

describe("moths", () => {
  test("come in up to the limit, and an id that is free again is given again", () => {
    const of = meadow();
    const ids = Array.from({ length: Rules.maxMoths + 1 }, () => of.Add());
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0]);
    of.Remove(3);
    expect(of.Add()).toBe(3);
  });

  test("fly where their players want, at most at their speed, and stop", () => {
    const of = meadow();
    of.Add();
    const { X } = moth(of, 1);
    run(of, 60, { X: 3, Y: 0, Dash: false });
    const flying = moth(of, 1);
    expect(flying.X).toBeGreaterThan(X + 300);
    expect(Math.hypot(flying.VelocityX, flying.VelocityY)).toBeLessThanOrEqual(Rules.speed);
    run(of, 90);
    expect(Math.hypot(moth(of, 1).VelocityX, moth(of, 1).VelocityY)).toBeLessThan(1);
  });

  test("stay in the meadow, whatever their players want", () => {
    const of = meadow();
    of.Add();
    for (let i = 0; i < 300; i++) {
      const turn = (i / 300) * 2 * Math.PI;
      of.Step(() => ({ X: Math.cos(turn), Y: Math.sin(turn), Dash: true }));
      const { X, Y } = moth(of, 1);
      expect(Math.hypot(X, Y)).toBeLessThanOrEqual(Rules.meadow);
    }
  });
});

describe("a dash", () => {
  test("is fast and short, and needs a rest", () => {
    const of = meadow();
    of.Add();
    const dash = { X: 1, Y: 0, Dash: true };
    run(of, 1, dash);
    expect([IsDashing(moth(of, 1)), moth(of, 1).VelocityX]).toEqual([true, Rules.dashSpeed]);
    run(of, Rules.dashSteps, dash);
    expect(IsDashing(moth(of, 1))).toBe(false);
    run(of, Rules.dashEverySteps - Rules.dashSteps, dash);
    expect(IsDashing(moth(of, 1))).toBe(false);
    run(of, 1, dash);
    expect(IsDashing(moth(of, 1))).toBe(true);
  });

  test("makes another drop sparks, once for a while", () => {
    const of = meadow();
    of.Add();
    of.Add();
    run(of, Rules.safeSteps);
    const [one, two] = [moth(of, 1), moth(of, 2)];
    two.Score = 5;
    one.X = two.X - 20;
    one.Y = two.Y;
    const before = of.Sparks.length;
    run(of, 1, { X: 1, Y: 0, Dash: true });
    expect([two.Score, two.Safe > 0]).toEqual([5 - Rules.dropped, true]);
    expect(of.Sparks.length).toBe(before + Rules.dropped);
    run(of, 1, { X: 1, Y: 0, Dash: true });
    expect(two.Score).toBe(5 - Rules.dropped);
  });
});

describe("sparks", () => {
  test("are gathered by touching, and come again", () => {
    const of = meadow();
    of.Add();
    const own = moth(of, 1);
    const [spark] = of.Sparks;
    [own.X, own.Y] = [spark!.X, spark!.Y];
    run(of, 1);
    expect(own.Score).toBeGreaterThan(0);
    expect(of.Sparks.length).toBe(Rules.sparks);
  });

  test("decide a round, after whose pause the next begins", () => {
    const of = meadow();
    of.Add();
    const own = moth(of, 1);
    own.Score = Rules.goal - 1;
    [own.X, own.Y] = [of.Sparks[0]!.X, of.Sparks[0]!.Y];
    run(of, 1);
    expect(of.Winner).toBe(1);
    run(of, Rules.pauseSteps - 1);
    expect([of.Winner, own.Score >= Rules.goal]).toEqual([1, true]);
    run(of, 1);
    expect(of.Winner).toBe(0);
    expect(own.Score).toBeLessThan(Rules.goal);
  });
});
