import { expect, test } from "vitest";
import { Backoff } from "../../../networking/core/Backoff.ts";

test("ceilings double up to the limit", () => {
  const backoff = new Backoff(100, 1_000, () => 0.999_999);
  const waits = Array.from({ length: 6 }, () => Math.round(backoff.Next()));
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoff.Attempts).toBe(6);
});

test("no wait is shorter than half the first", () => {
  const backoff = new Backoff(100, 1_000, () => 0);
  expect([backoff.Next(), backoff.Next(), backoff.Next()]).toEqual([50, 50, 50]);
});

test("waits are spread over the whole range", () => {
  const backoff = new Backoff(100, 100);
  const waits = Array.from({ length: 200 }, () => backoff.Next());
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...waits)).toBeLessThanOrEqual(100);
  expect(new Set(waits).size).toBeGreaterThan(10);
});

test("Reset begins again, and very many attempts do no harm", () => {
  const backoff = new Backoff(1, 60_000, () => 0.5);
  for (let i = 0; i < 5_000; i++) expect(backoff.Next()).toBeLessThanOrEqual(30_000);
  expect(backoff.Next()).toBe(30_000);
  backoff.Reset();
  expect(backoff.Attempts).toBe(0);
  expect(backoff.Next()).toBe(0.5);
});

test("times that make no sense are programmer mistakes", () => {
  for (const [min, max] of [
    [0, 10],
    [-1, 10],
    [10, 9],
    [Number.NaN, 10],
    [10, Number.NaN],
  ] as const) {
    expect(() => new Backoff(min, max)).toThrow(TypeError);
  }
});
