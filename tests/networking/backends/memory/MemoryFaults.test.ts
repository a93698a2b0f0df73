import { expect, test } from "vitest";
import { MemoryFaults } from "../../../../networking/backends/memory/MemoryFaults.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";

const here = "10.0.0.1";
const there = "10.0.0.2";

test("a fault stands for its time; of several the last counts", () => {
  const faults = new MemoryFaults();
  faults.Add({ Kind: "refuse", ForMs: 100 }, 0);
  faults.Add({ Kind: "silence", ForMs: 50, At: there }, 0);
  expect(faults.OfConnect(there, 49)).toBe("silence");
  expect(faults.OfConnect(here, 49)).toBe("refuse");
  expect(faults.OfConnect(there, 50)).toBe("refuse");
  expect(faults.OfConnect(there, 100)).toBeNull();
});

test("a stall concerns both directions, until the latest end", () => {
  const faults = new MemoryFaults();
  expect(faults.StalledUntil(here, there, 7)).toBe(7);
  faults.Add({ Kind: "stall", ForMs: 20, At: there }, 10);
  faults.Add({ Kind: "stall", ForMs: 5 }, 10);
  expect(faults.StalledUntil(here, there, 10)).toBe(30);
  expect(faults.StalledUntil(there, here, 10)).toBe(30);
  expect(faults.StalledUntil(here, here, 10)).toBe(15);
  expect(faults.StalledUntil(here, there, 30)).toBe(30);
});

test("names can be slow and fail, for a time", () => {
  const faults = new MemoryFaults();
  faults.Add({ Kind: "slowNames", ForMs: 10, DelayMs: 300 }, 0);
  faults.Add({ Kind: "failNames", ForMs: 5, Code: SocketError.TIMED_OUT }, 0);
  expect(faults.OfNames(4)).toEqual({ DelayMs: 300, Code: SocketError.TIMED_OUT });
  expect(faults.OfNames(5)).toEqual({ DelayMs: 300, Code: null });
  expect(faults.OfNames(10)).toEqual({ DelayMs: 0, Code: null });
});

test("Clear ends them all", () => {
  const faults = new MemoryFaults();
  faults.Add({ Kind: "unreachable", ForMs: Infinity }, 0);
  faults.Clear();
  expect(faults.OfConnect(there, 1)).toBeNull();
});

test("times have limits, and so has the number of faults", () => {
  const faults = new MemoryFaults();
  for (const ForMs of [0, -1, Number.NaN]) {
    expect(() => faults.Add({ Kind: "refuse", ForMs }, 0)).toThrow(TypeError);
  }
  expect(() => faults.Add({ Kind: "stall", ForMs: Infinity }, 0)).toThrow("finite for a stall");
  for (let i = 0; i < 4_096; i++) faults.Add({ Kind: "refuse", ForMs: 10 }, 0);
  expect(() => faults.Add({ Kind: "refuse", ForMs: 10 }, 9)).toThrow("At most 4096 faults");
  faults.Add({ Kind: "refuse", ForMs: 10 }, 10); // the old ones are over
});
