import { StreamPeerBuffer } from "moonwire/networking";
import { describe, expect, test } from "vitest";
import { Pilot } from "../../../demos/arena/Pilot.ts";
import { Rules } from "../../../demos/arena/Rules.ts";

function pilot(): Pilot {
  return new Pilot(1, new StreamPeerBuffer());
}

describe("a pilot's inputs", () => {
  test("are taken one per step, and the last one is held when none comes", () => {
    const luna = pilot();
    luna.AddInput(1, 4);
    luna.AddInput(2, 8);
    const buttons = [1, 2, 3].map(() => {
      luna.Step();
      return luna.Buttons;
    });
    expect(buttons).toEqual([4, 8, 8]);
  });

  test.each([3, 4, 5])("%i at once: at most four wait, the oldest leave", (count) => {
    const luna = pilot();
    for (let sequence = 1; sequence <= count; sequence++) luna.AddInput(sequence, sequence);
    luna.Step();
    expect(luna.Buttons).toBe(count - Math.min(count, 4) + 1);
  });

  test("must count up", () => {
    const luna = pilot();
    expect(luna.AddInput(5, 0)).toBe(true);
    expect(luna.AddInput(5, 0)).toBe(false);
    expect(luna.AddInput(4, 0)).toBe(false);
    expect(luna.AddInput(9, 0)).toBe(true);
  });

  test("that always wait without need are caught up with, one per second", () => {
    const luna = pilot();
    let sequence = 0;
    const add = (): boolean => luna.AddInput(++sequence, sequence & 15);
    add();
    add();
    const delays = Array.from({ length: 2 * Rules.stepsPerSecond }, () => {
      add();
      luna.Step();
      return (sequence - luna.Buttons) & 15;
    });
    expect(delays[0]).toBe(2);
    expect(delays[Rules.stepsPerSecond]).toBe(1);
    expect(delays.at(-1)).toBe(0);
  });
});
