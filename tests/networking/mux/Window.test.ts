import { describe, expect, test } from "vitest";
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
    const window = new ReceiveWindow(1_000);
    expect(window.NextGrant(0)).toBe(1_000);
    expect(window.Received(1_000)).toBe(true);
    expect(window.Received(1)).toBe(false);
  });

  test("a ring larger than the largest window is granted only that much", () => {
    expect(new ReceiveWindow(MuxLimits.windowMaxBytes + 1).NextGrant(0)).toBe(
      MuxLimits.windowMaxBytes,
    );
  });

  test("waits for half a window while the peer has something left", () => {
    const window = new ReceiveWindow(1_000);
    window.NextGrant(0);
    window.Received(800);
    expect(window.NextGrant(301)).toBeNull();
    expect(window.NextGrant(300)).toBe(1_500);
    expect(window.NextGrant(300)).toBeNull();
  });

  test("grants any byte when the peer has nothing left, so a large record can arrive", () => {
    const window = new ReceiveWindow(1_000);
    window.NextGrant(0);
    window.Received(1_000);
    expect(window.NextGrant(1_000)).toBeNull();
    expect(window.NextGrant(999)).toBe(1_001);
  });
});
