import { expect, test } from "vitest";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";

test("takes up to the limit and not a byte more, and can be given back", () => {
  const budget = new MemoryBudget(100);
  expect([budget.Take(60), budget.Take(41), budget.Take(40), budget.Take(1)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  budget.Give(60);
  expect([budget.UsedBytes(), budget.Take(60)]).toEqual([40, true]);
});
