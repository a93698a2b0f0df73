import { expect, test } from "vitest";
import { ActivityWatch } from "../../../../networking/backends/node/ActivityWatch.ts";
import { NextRun } from "../../../Support/WaitFor.ts";

function setUp(): { Watch: ActivityWatch; Marks: boolean[] } {
  const marks: boolean[] = [];
  const watch = new ActivityWatch({ SetWatched: (watched) => marks.push(watched) });
  return { Watch: watch, Marks: marks };
}

test("a new handler is called once from the event loop, for what came before it", async () => {
  const { Watch, Marks } = setUp();
  let told = 0;
  Watch.Set(() => told++);
  expect([told, Marks]).toEqual([0, [true]]);
  await NextRun();
  expect(told).toBe(1);
  Watch.Tell();
  expect(told).toBe(2);
});

test("a watch that ended says nothing more, and is no mark any longer", async () => {
  const { Watch, Marks } = setUp();
  let told = 0;
  Watch.Set(() => told++);
  Watch.Set(null);
  Watch.Tell();
  await NextRun();
  expect([told, Marks]).toEqual([0, [true, false]]);
});
