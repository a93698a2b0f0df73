import { expect, test } from "vitest";
import { Scheduler } from "../../../networking/mux/Scheduler.ts";

test("gives streams in turn, each once however often it is added", () => {
  const scheduler = new Scheduler<string>();
  for (const name of ["a", "b", "a", "c", "b"]) scheduler.Add(name);
  expect([1, 2, 3, 4].map(() => scheduler.Next())).toEqual(["a", "b", "c", null]);
});

test("one that is added again waits behind the others", () => {
  const scheduler = new Scheduler<string>();
  scheduler.Add("busy");
  scheduler.Add("small");
  const first = scheduler.Next();
  if (first !== null) scheduler.Add(first);
  expect([first, scheduler.Next(), scheduler.Next()]).toEqual(["busy", "small", "busy"]);
});

test("one that is removed has no turn", () => {
  const scheduler = new Scheduler<string>();
  scheduler.Add("a");
  scheduler.Add("b");
  scheduler.Remove("a");
  expect([scheduler.Next(), scheduler.Next()]).toEqual(["b", null]);
});
