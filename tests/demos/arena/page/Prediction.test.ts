import { describe, expect, test } from "vitest";
import { Prediction } from "../../../../demos/arena/page/Prediction.ts";
import { Button, StepShip } from "../../../../demos/arena/Rules.ts";
import { TestShip } from "../Ships.ts";

const flying = (step: number): number =>
  Button.THRUST | (step % 5 === 0 ? Button.LEFT : 0) | (step % 3 === 0 ? Button.FIRE : 0);

describe("Prediction", () => {
  test("shows nothing before the first truth", () => {
    const prediction = new Prediction();
    expect(prediction.Step(1, Button.FIRE)).toBe(false);
    expect(prediction.At(1)).toBeNull();
  });

  test("answers a step at once, and says when the ship fires", () => {
    const prediction = new Prediction();
    prediction.Correct(TestShip(), 0);
    expect(prediction.Step(1, Button.FIRE)).toBe(true);
    expect(prediction.Step(2, Button.FIRE)).toBe(false);
    prediction.Step(3, Button.THRUST);
    expect(prediction.At(1)?.X).toBeGreaterThan(TestShip().X);
  });

  test("truth that is six steps late changes nothing when the guess was right", () => {
    const prediction = new Prediction();
    const truth = TestShip();
    prediction.Correct(truth, 0);
    for (let step = 1; step <= 60; step++) {
      prediction.Step(step, flying(step));
      if (step <= 6) continue;
      StepShip(truth, flying(step - 6));
      const before = prediction.At(1);
      prediction.Correct(truth, step - 6);
      expect(prediction.At(1)).toEqual(before);
      expect(prediction.PendingCount).toBe(6);
    }
    expect(prediction.CorrectionDistance).toBe(0);
  });

  test("a wrong guess fades instead of jumping", () => {
    const prediction = new Prediction();
    prediction.Correct(TestShip(), 0);
    prediction.Step(1, 0);
    prediction.Correct(TestShip({ X: 1_040 }), 1);
    expect(prediction.At(1)?.X).toBeCloseTo(1_000);
    const distances = Array.from({ length: 30 }, () => {
      prediction.Fade(1 / 60);
      return prediction.CorrectionDistance;
    });
    expect(distances).toEqual(distances.toSorted((a, b) => b - a));
    expect(distances.at(-1)).toBeLessThan(1);
    expect(prediction.At(1)?.X).toBeCloseTo(1_040, 0);
  });

  test("a respawn is shown at once", () => {
    const prediction = new Prediction();
    prediction.Correct(TestShip({ Hull: 0 }), 0);
    prediction.Correct(TestShip({ X: 1_100 }), 0);
    expect(prediction.At(1)?.X).toBe(1_100);
  });

  test("draws between two steps", () => {
    const prediction = new Prediction();
    prediction.Correct(TestShip({ VelocityX: 10 }), 0);
    prediction.Step(1, 0);
    const [start, middle, end] = [0, 0.5, 1].map((part) => prediction.At(part)?.X ?? 0);
    expect(start).toBe(1_000);
    expect(middle).toBeCloseTo(((start ?? 0) + (end ?? 0)) / 2);
  });

  test.each([59, 60, 61])("with %i inputs unanswered keeps 60 at most", (count) => {
    const prediction = new Prediction();
    prediction.Correct(TestShip(), 0);
    for (let step = 1; step <= count; step++) prediction.Step(step, 0);
    expect(prediction.PendingCount).toBe(Math.min(count, 60));
  });
});
