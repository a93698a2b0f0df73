/** The page's matchers, each against vitest's own: they must agree on every pair of values. */
import { expect, test } from "vitest";
import { Expectation } from "./Expect.ts";

class Point {
  readonly X: number;

  constructor(x: number) {
    this.X = x;
  }
}

const scalars = [0, -0, 1, 2, NaN, Infinity, 1n, 2n, "", "a", "1", true, false, null, undefined];
const lists = [[], [1], [2], [1, 2], [[1]], [null], [undefined]];
const records = [{}, { A: 1 }, { A: 2 }, { A: 1, B: 2 }, { A: undefined }, { A: { C: [1] } }];
const bytes = [new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(2), Int8Array.of(1)];
const maps = [new Map(), new Map([["A", 1]]), new Map([["A", 2]]), new Map([["B", 1]])];
const others = [new Map([["A", [1]]]), new Point(1), new Point(2)];
const values: unknown[] = [...scalars, ...lists, ...records, ...bytes, ...maps, ...others];
const numbers = [-1, 0, 1, 1.5, NaN, Infinity];
const acts: readonly (() => unknown)[] = [
  () => 1,
  () => {
    throw new TypeError("wrong");
  },
  () => {
    throw new RangeError("far");
  },
];

/** Matcher, the values to try, and what to expect of them. */
const uses: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ["toBe", values, values],
  ["toBeNull", values, [undefined]],
  ["toEqual", values, values],
  ["toMatchObject", records, records.slice(1)],
  ["toBeGreaterThan", numbers, numbers],
  ["toBeGreaterThanOrEqual", numbers, numbers],
  ["toBeLessThan", numbers, numbers],
  ["toBeLessThanOrEqual", numbers, numbers],
  ["toContain", lists, values],
  ["toContain", ["", "ab", "ba"], ["", "a", "ab"]],
  ["toHaveLength", lists, [0, 1, 2]],
  ["toThrow", acts, [TypeError, Error]],
];

function passes(subject: object, matcher: string, expected: unknown): boolean {
  const match = Reflect.get(subject, matcher) as (expected: unknown) => void;
  try {
    Reflect.apply(
      match,
      subject,
      expected === undefined && matcher === "toBeNull" ? [] : [expected],
    );
    return true;
  } catch {
    return false;
  }
}

test.each(uses)("%s is as strict as vitest's, both ways", (matcher, actuals, expecteds) => {
  for (const actual of actuals) {
    for (const expected of expecteds) {
      const theirs = passes(expect(actual), matcher, expected);
      const pair = [actual, expected, theirs];
      expect([actual, expected, passes(new Expectation(actual), matcher, expected)]).toEqual(pair);
      const not = [actual, expected, passes(expect(actual).not, matcher, expected)];
      expect([actual, expected, passes(new Expectation(actual).not, matcher, expected)]).toEqual(
        not,
      );
    }
  }
});

test("a matcher that is not there fails", () => {
  const subject = new Expectation(1) as unknown as { toBeCloseTo(value: number): void };
  expect(() => subject.toBeCloseTo(1)).toThrow(TypeError);
});

test("what cannot be compared is refused, not taken for equal", () => {
  expect(() => new Expectation(new Set([1])).toEqual(new Set([2]))).toThrow("cannot compare a Set");
  expect(() => new Expectation(new Date(1)).not.toEqual(new Date(2))).toThrow("a Date");
  expect(() => new Expectation("1").toBeGreaterThan(0)).toThrow("Only numbers");
  expect(() => new Expectation(new Set([1])).toContain(1)).toThrow("for arrays");
});

test("a failure says what was there and what was wanted", () => {
  expect(() => new Expectation({ A: [1] }).toEqual({ A: [2] })).toThrow(
    'expected {"A":[1]} to equal {"A":[2]}',
  );
  expect(() => new Expectation(5n).not.toBe(5n)).toThrow("expected 5n not to be 5n");
});
