import { describe, expect, it } from "vitest";
import { ManualClock } from "../../engine/index.ts";

describe("ManualClock", () => {
  it("runs a frame per step, and many at a time", () => {
    const clock = new ManualClock();
    const deltas: number[] = [];
    clock.Start((delta) => deltas.push(delta));
    expect(clock.Step(0.5)).toBe(1);
    expect(clock.Step(0.25, 2)).toBe(2);
    expect(deltas).toEqual([0.5, 0.25, 0.25]);
  });

  it("runs nothing before Start and after Stop, even in the middle of a Step", () => {
    const clock = new ManualClock();
    expect(clock.Step(1)).toBe(0);
    clock.Start(() => clock.Stop());
    expect(clock.Step(1, 5)).toBe(1);
    expect(clock.Step(1)).toBe(0);
  });

  it("drives one loop at a time", () => {
    const clock = new ManualClock();
    clock.Start(() => {});
    expect(() => clock.Start(() => {})).toThrow("drives a loop already");
    clock.Stop();
    expect(() => clock.Start(() => {})).not.toThrow();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a step of %d", (seconds) => {
    expect(() => new ManualClock().Step(seconds)).toThrow(RangeError);
  });
});
