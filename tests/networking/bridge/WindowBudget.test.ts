import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MemoryBudget } from "../../../networking/bridge/MemoryBudget.ts";
import { WindowBudget } from "../../../networking/bridge/WindowBudget.ts";

const limits: BridgeLimits = {
  ...BridgeLimits,
  streamLargeBytes: 400,
  streamWindowBytes: 100,
  streamFloorBytes: 10,
  sessionWindowBytes: 1_000,
  processWindowBytes: 10_000,
};

function start(changes: Partial<BridgeLimits> = {}) {
  const all = { ...limits, ...changes };
  const memory = new MemoryBudget(all.processWindowBytes);
  const windows = new WindowBudget(all, memory, 0);
  /** Takes so many. @returns their rings towards the target. */
  const take = (count: number): (number | undefined)[] =>
    Array.from({ length: count }, () => windows.Take(true, 0)?.ToTarget);
  return { memory, windows, take };
}

test("large while as much is left for others, full size after that, then the floor", () => {
  const { memory, take } = start();
  expect(take(9)).toEqual([400, 100, 100, 100, 100, 100, 100, 10, 10]);
  expect(memory.UsedBytes()).toBe(400 + 100 + 6 * 200 + 2 * 20);
});

test("what is given back is there again, at the size that fits", () => {
  const { memory, windows } = start();
  const all = Array.from({ length: 7 }, () => windows.Take(true, 0)!);
  windows.Give(all[1]!);
  expect(windows.Take(true, 0)).toEqual({ ToTarget: 100, FromTarget: 100 });
  windows.Give(all[0]!);
  expect(windows.Take(true, 0)).toEqual({ ToTarget: 100, FromTarget: 100 });
  expect(memory.UsedBytes()).toBe(7 * 200);
});

test("never large without a window that could grow", () => {
  expect(start().windows.Take(false, 0)).toEqual({ ToTarget: 100, FromTarget: 100 });
});

test("large only so often, as making a large ring costs", () => {
  const { windows } = start({ sessionWindowBytes: 1e6, largeRingsBurst: 2 });
  const sizes = [0, 0, 0, 999, 1_000].map((nowMs) => windows.Take(true, nowMs)?.ToTarget);
  expect(sizes).toEqual([400, 400, 100, 100, 400]);
});

test("large only while half of the process's memory is free", () => {
  const { take } = start({ processWindowBytes: 800 });
  expect(take(1)).toEqual([400]);
  expect(start({ processWindowBytes: 799 }).take(1)).toEqual([100]);
});

test("nothing when the process has no memory left", () => {
  const { memory, windows, take } = start({ processWindowBytes: 219 });
  const first = windows.Take(true, 0)!;
  expect(take(1)).toEqual([undefined]);
  windows.Give(first);
  expect(memory.UsedBytes()).toBe(0);
});

test("rings that are there already count in full, as long as the process has memory", () => {
  const { windows } = start({ processWindowBytes: 400 });
  const [one, two] = [windows.TakeRings(100), windows.TakeRings(100)];
  expect([one, two]).toEqual([
    { ToTarget: 100, FromTarget: 100 },
    { ToTarget: 100, FromTarget: 100 },
  ]);
  expect(windows.TakeRings(1)).toBeNull();
  windows.Give(one!);
  expect(windows.TakeRings(1)).toEqual({ ToTarget: 1, FromTarget: 1 });
});
