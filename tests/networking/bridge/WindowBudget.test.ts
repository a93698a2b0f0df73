import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { WindowBudget } from "../../../networking/bridge/WindowBudget.ts";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";

const limits: BridgeLimits = {
  ...BridgeLimits,
  streamWindowBytes: 100,
  streamFloorBytes: 10,
  sessionWindowBytes: 1_000,
  processWindowBytes: 10_000,
};

function start(changes: Partial<BridgeLimits> = {}) {
  const all = { ...limits, ...changes };
  const memory = new MemoryBudget(all.processWindowBytes);
  const windows = new WindowBudget(all, memory, () => 0);
  /** Takes so many. @returns bytes of their rings. */
  const take = (count: number): (number | null)[] =>
    Array.from({ length: count }, () => windows.Take());
  return { memory, windows, take };
}

test("full size while the WebSocket's budget lasts, then the floor", () => {
  const { memory, take } = start();
  expect(take(7)).toEqual([100, 100, 100, 100, 100, 10, 10]);
  expect(memory.UsedBytes()).toBe(2 * (5 * 100 + 2 * 10));
});

test("what is given back is there again, at the size that fits", () => {
  const { memory, windows, take } = start();
  take(6);
  windows.Give(10);
  windows.Give(100);
  expect(take(2)).toEqual([100, 10]);
  for (let i = 0; i < 5; i++) windows.Give(100);
  windows.Give(10);
  expect(memory.UsedBytes()).toBe(0);
});

test("nothing when the process has no memory left", () => {
  const { memory, windows, take } = start({ processWindowBytes: 219 });
  expect(take(2)).toEqual([100, null]);
  windows.Give(100);
  expect(memory.UsedBytes()).toBe(0);
});

test("rings that are there already count in full, as long as the process has memory", () => {
  const { windows } = start({ processWindowBytes: 400 });
  expect([windows.TakeRings(100), windows.TakeRings(100), windows.TakeRings(1)]).toEqual([
    true,
    true,
    false,
  ]);
  windows.Give(100);
  expect(windows.TakeRings(1)).toBe(true);
});

test("windows grow by the other half, however many rings there are", () => {
  const { memory, windows, take } = start();
  take(9);
  expect([windows.Growth.Take(501), windows.Growth.Take(500), windows.Growth.Take(1)]).toEqual([
    false,
    true,
    false,
  ]);
  windows.Growth.Give(500);
  expect(windows.Growth.Take(1)).toBe(true);
  expect(memory.UsedBytes()).toBe(2 * (5 * 100 + 4 * 10) + 1);
});

test("windows grow only while half of the process's memory is free", () => {
  const { memory, windows } = start({ processWindowBytes: 800 });
  memory.Take(300);
  expect([windows.Growth.Take(101), windows.Growth.Take(100)]).toEqual([false, true]);
});
