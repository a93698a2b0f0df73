import { expect, test } from "vitest";
import { CurrentTurn } from "../../../networking/core/Turn.ts";
import { NextRun } from "../../Support/WaitFor.ts";

test("one synchronous run is one turn", () => {
  const turn = CurrentTurn();
  for (let i = 0; i < 1_000; i++) expect(CurrentTurn()).toBe(turn);
});

test("each run after a microtask, a timer or a promise is another turn", async () => {
  const turns = [CurrentTurn()];
  await Promise.resolve();
  turns.push(CurrentTurn());
  await NextRun();
  turns.push(CurrentTurn());
  await new Promise((resolve) => setImmediate(resolve));
  turns.push(CurrentTurn());
  expect(turns).toEqual([...new Set(turns)].toSorted((a, b) => a - b));
});

test("runs that do not ask cost no number", async () => {
  const before = CurrentTurn();
  for (let i = 0; i < 10; i++) await NextRun();
  expect(CurrentTurn()).toBe(before + 1);
});
