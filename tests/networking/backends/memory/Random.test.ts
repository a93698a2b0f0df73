import { expect, test } from "vitest";
import { Random } from "../../../../networking/backends/memory/Random.ts";

function draw(seed: number, count: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.Next());
}

test("a seed repeats its numbers, another gives others", () => {
  expect(draw(5, 50)).toEqual(draw(5, 50));
  expect(draw(5, 50)).not.toEqual(draw(6, 50));
  expect(draw(5 + 2 ** 32, 3)).toEqual(draw(5, 3));
});

test("numbers are spread over 0..1, 1 not included", () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const number of draw(1, 10_000)) {
    expect(number).toBeGreaterThanOrEqual(0);
    expect(number).toBeLessThan(1);
    tenths[Math.floor(number * 10)]! += 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test("integers reach both ends, and Pick every choice", () => {
  const random = new Random(2);
  const integers = new Set(Array.from({ length: 200 }, () => random.Integer(-1, 2)));
  expect([...integers].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  expect(random.Integer(4, 4)).toBe(4);
  const picks = new Set(Array.from({ length: 100 }, () => random.Pick(["a", "b"])));
  expect([...picks].sort()).toEqual(["a", "b"]);
  expect(() => random.Pick([])).toThrow(TypeError);
  expect(() => new Random(0.5)).toThrow("A seed is an integer.");
});
