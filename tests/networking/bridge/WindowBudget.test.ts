import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MemoryBudget } from "../../../networking/bridge/MemoryBudget.ts";
import { WindowBudget } from "../../../networking/bridge/WindowBudget.ts";

const limits: BridgeLimits = {
  ...BridgeLimits,
  streamWindowBytes: 100,
  streamFloorBytes: 10,
  sessionWindowBytes: 200,
};

test("full size while the budget lasts, then the floor, and full size again", () => {
  const memory = new MemoryBudget(1_000);
  const windows = new WindowBudget(limits, memory);
  expect([windows.Take(), windows.Take(), windows.Take()]).toEqual([100, 100, 10]);
  expect(memory.UsedBytes()).toBe(2 * 210);
  windows.Give(100);
  expect(windows.Take()).toBe(10);
  windows.Give(10);
  windows.Give(10);
  expect(windows.Take()).toBe(100);
});

test("nothing when the process has no memory left", () => {
  const memory = new MemoryBudget(219);
  const windows = new WindowBudget(limits, memory);
  expect([windows.Take(), windows.Take()]).toEqual([100, 0]);
  windows.Give(100);
  expect(memory.UsedBytes()).toBe(0);
});

test("rings that are there already count in full, as long as the process has memory", () => {
  const memory = new MemoryBudget(4 * BridgeLimits.streamWindowBytes);
  const windows = new WindowBudget(BridgeLimits, memory);
  expect(windows.TakeRings(BridgeLimits.streamWindowBytes)).toBe(true);
  expect(windows.TakeRings(BridgeLimits.streamWindowBytes)).toBe(true);
  expect(windows.TakeRings(1)).toBe(false);
  windows.Give(BridgeLimits.streamWindowBytes);
  expect(windows.TakeRings(1)).toBe(true);
});
