/** The stand-in for vitest: what it collects, in which order it runs, and what it does not have. */
import { describe, expect, test } from "vitest";
import * as page from "./Vitest.ts";

const rows = [
  ["a", 1.5, { B: [1] }],
  [null, NaN, 2],
];
const changes = [{ Name: "x", Count: 3, Code: null }];
const expected: string[] = [];
const standIn = page as unknown as { describe: typeof describe; test: typeof test };

describe("the names of cases are vitest's", () => {
  for (const api of [{ describe, test }, standIn]) {
    api.describe("outer", () => {
      api.test("plain", () => note());
      api.test.each(rows)("%s and %d and %j", () => note());
      api.describe.each(changes)("when $Name, $Count, $Code", () => {
        api.test.each([0, "7"])("%d bytes", () => note());
      });
    });
  }

  function note(): void {
    expected.push(expect.getState().currentTestName ?? "");
  }

  test("each and every one", () => {
    const names = page.CaseNames().map((name) => `the names of cases are vitest's > ${name}`);
    expect(expected).toHaveLength(5);
    expect(names).toEqual(expected);
  });
});

test("a case gets its row, then come the hooks of all, then its own", async () => {
  const said: unknown[] = [];
  const first = page.CaseNames().length;
  page.afterEach(() => said.push("each"));
  page.test.each([[1, "two"]])("%d %s", async (...row) => {
    page.onTestFinished(() => said.push("own"));
    await Promise.resolve();
    said.push(row);
  });
  page.test("next", () => undefined);
  expect(await page.RunCase(first)).toBe("");
  expect(said.splice(0)).toEqual([[1, "two"], "each", "own"]);
  await page.RunCase(first + 1);
  expect(said).toEqual(["each"]);
});

test("whatever fails is told, and the hooks run all the same", async () => {
  const first = page.CaseNames().length;
  let finished = 0;
  page.test("fails", () => {
    page.onTestFinished(() => finished++);
    page.expect(1).toBe(2);
  });
  page.test("rejects", () => Promise.reject(new Error("late")));
  page.test("fails at its end", () => {
    page.onTestFinished(() => {
      throw new Error("at the end");
    });
  });
  expect(await page.RunCase(first)).toContain("expected 1 to be 2");
  expect(finished).toBe(1);
  expect(await page.RunCase(first + 1)).toContain("late");
  expect(await page.RunCase(first + 2)).toContain("at the end");
  expect(await page.RunCase(first + 3)).toContain("no case");
});

test("hooks inside a group are refused", () => {
  page.describe("a group", () => {
    expect(() => page.afterEach(() => undefined)).toThrow("whole suite");
    expect(() => page.afterAll(() => undefined)).toThrow("whole suite");
  });
});

test("a spy keeps the results of a method, until it is taken away", () => {
  class Counter {
    #count = 0;

    Next(by: unknown): number {
      return (this.#count += Number(by));
    }
  }
  const counter = new Counter();
  const spy = page.vi.spyOn(counter, "Next");
  expect([counter.Next(2), counter.Next(3)]).toEqual([2, 5]);
  expect(spy.mock.results.map(({ value }) => value)).toEqual([2, 5]);
  spy.mockRestore();
  expect(counter.Next(1)).toBe(6);
  expect(spy.mock.results).toHaveLength(2);
  expect(Object.hasOwn(counter, "Next")).toBe(false);
});
