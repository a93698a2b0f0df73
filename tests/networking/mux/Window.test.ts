import { describe, expect, test } from "vitest";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";
import { GrowthWithin } from "../../../networking/mux/WindowGrowth.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import {
  OffsetSendWindow,
  PacketSendWindow,
  ReceiveWindow,
} from "../../../networking/mux/Window.ts";

describe("OffsetSendWindow", () => {
  test("has no room before the first grant, and none when it is used up", () => {
    const window = new OffsetSendWindow();
    expect(window.Room()).toBe(0);
    window.Grant(100);
    expect(window.Room()).toBe(100);
    window.Sent(100);
    expect([window.Room(), window.Total()]).toEqual([0, 100]);
  });

  test("a lower or repeated grant changes nothing", () => {
    const window = new OffsetSendWindow();
    window.Grant(100);
    window.Grant(40);
    window.Grant(100);
    expect(window.Room()).toBe(100);
  });
});

describe("PacketSendWindow", () => {
  test("counts packets of any size, and is replaced, not added to", () => {
    const window = new PacketSendWindow(2);
    window.Sent(1);
    expect(window.Room()).toBe(MuxLimits.quantumBytes);
    window.Sent(16_384);
    expect(window.Room()).toBe(0);
    window.Grant(1);
    window.Grant(1);
    window.Sent(5);
    expect([window.Room(), window.Total()]).toEqual([0, 16_390]);
  });

  test("infinite credit never runs out", () => {
    const window = new PacketSendWindow(Infinity);
    for (let i = 0; i < 1_000; i++) window.Sent(1);
    expect(window.Room()).toBe(MuxLimits.quantumBytes);
  });
});

describe("ReceiveWindow", () => {
  test("grants the ring's capacity first, and refuses one byte more", () => {
    const window = new ReceiveWindow(1_000, GrowthWithin(0));
    expect(window.NextGrant(0)).toBe(1_000);
    expect(window.Received(1_000)).toBe(true);
    expect(window.Received(1)).toBe(false);
  });

  /** The peer sends all that it may, and `read` says how much of it waits at each grant. */
  function sizes(capacity: number, waitingOf: (size: number) => number): number[] {
    const window = new ReceiveWindow(capacity, GrowthWithin(0));
    const seen = [];
    let [granted, waiting] = [window.NextGrant(0)!, 0];
    for (let i = 0; i < 8; i++) {
      const size = granted - window.Total() + waiting;
      seen.push(size);
      window.Received(granted - window.Total());
      waiting = waitingOf(size);
      granted = window.NextGrant(waiting)!;
    }
    return seen;
  }

  test("begins small and doubles up to the ring, while the reader keeps up", () => {
    const [first, most] = [MuxLimits.windowFirstBytes, MuxLimits.windowMaxBytes];
    const grown = [first, 2 * first, 4 * first, 8 * first, most, most, most, most];
    expect(sizes(most, () => 0)).toEqual(grown);
    expect(sizes(2 * most, () => 0)).toEqual(grown);
    expect(sizes(most, (size) => size / 4)[2]).toBe(2 * first);
    expect(sizes(3 * first, () => 0).at(-1)).toBe(3 * first);
  });

  test("does not grow while a quarter and one byte wait", () => {
    const first = MuxLimits.windowFirstBytes;
    expect(sizes(MuxLimits.windowMaxBytes, (size) => size / 4 + 1)).toEqual(
      Array.from({ length: 8 }, () => first),
    );
  });

  test("does not grow before a whole window went by", () => {
    const window = new ReceiveWindow(MuxLimits.windowMaxBytes, GrowthWithin(0));
    const first = MuxLimits.windowFirstBytes;
    window.NextGrant(0);
    window.Received(first - 1);
    expect(window.NextGrant(0)).toBe(2 * first - 1);
    window.Received(1);
    window.Received(first);
    expect(window.NextGrant(0)).toBe(2 * first + 2 * first);
  });

  test("waits for half a window while the peer has something left", () => {
    const window = new ReceiveWindow(1_000, GrowthWithin(0));
    window.NextGrant(0);
    window.Received(800);
    expect(window.NextGrant(301)).toBeNull();
    expect(window.NextGrant(300)).toBe(1_500);
    expect(window.NextGrant(300)).toBeNull();
  });

  test("grants any byte when the peer has nothing left, so a large record can arrive", () => {
    const window = new ReceiveWindow(1_000, GrowthWithin(0));
    window.NextGrant(0);
    window.Received(1_000);
    expect(window.NextGrant(1_000)).toBeNull();
    expect(window.NextGrant(999)).toBe(1_001);
  });

  test("grows beyond the ring as far as the budget goes, and gives it back", () => {
    const first = MuxLimits.windowFirstBytes;
    const budget = new MemoryBudget(4 * first);
    const growth = {
      Take: (bytes: number) => budget.Take(bytes),
      Give: (bytes: number) => budget.Give(bytes),
      Now: () => 0,
    };
    const window = new ReceiveWindow(first, growth);
    let granted = window.NextGrant(0)!;
    for (let i = 0; i < 6; i++) {
      expect(window.Received(granted - window.Total())).toBe(true);
      granted = window.NextGrant(0)!;
    }
    expect([window.Size(), budget.UsedBytes()]).toEqual([4 * first, 3 * first]);
    window.Release();
    window.Release();
    expect([window.Size(), budget.UsedBytes()]).toEqual([first, 0]);
  });

  test.each([
    [MuxLimits.windowGrowthMs, 2],
    [MuxLimits.windowGrowthMs + 1, 1],
  ])("grows when a whole window went by in time: %d ms make it %d times as large", (ms, times) => {
    const first = MuxLimits.windowFirstBytes;
    let now = 1_000;
    const growth = GrowthWithin(MuxLimits.windowMaxBytes, () => now);
    const window = new ReceiveWindow(first, growth);
    window.NextGrant(0);
    now += ms;
    window.Received(first);
    window.NextGrant(0);
    expect(window.Size()).toBe(times * first);
    // Each window is looked at by itself: a slow one before does not count for the next.
    now += MuxLimits.windowGrowthMs;
    window.Received(times * first);
    window.NextGrant(0);
    expect(window.Size()).toBe(2 * times * first);
  });
});
