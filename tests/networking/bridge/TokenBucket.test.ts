import { expect, test } from "vitest";
import { TokenBucket } from "../../../networking/bridge/TokenBucket.ts";

test("gives the burst at once, then the rate", () => {
  const bucket = new TokenBucket(2, 3, 0);
  expect([1, 2, 3, 4].map(() => bucket.Take(0))).toEqual([true, true, true, false]);
  expect([bucket.Take(499), bucket.Take(500), bucket.Take(500)]).toEqual([false, true, false]);
});

test("never holds more than the burst, and is full again after a rest", () => {
  const bucket = new TokenBucket(1, 2, 0);
  expect(bucket.IsFull(0)).toBe(true);
  bucket.Take(0);
  expect([bucket.IsFull(999), bucket.IsFull(1_000)]).toEqual([false, true]);
  expect([1, 2, 3].map(() => bucket.Take(60_000))).toEqual([true, true, false]);
});
