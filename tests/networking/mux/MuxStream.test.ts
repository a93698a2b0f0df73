import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { GrowthWithin } from "../../../networking/mux/WindowGrowth.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { MuxStream } from "../../../networking/mux/MuxStream.ts";
import { TakeAll } from "./MuxPair.ts";

/** A stream with its rings. @param credit null for MWX. */
function attached(credit: number | null, capacity = 65_536) {
  const stream = new MuxStream(0x0403_0201, credit);
  const [source, sink] = [ByteRing.Create(capacity), ByteRing.Create(capacity)];
  stream.Attach(source, sink, GrowthWithin(0));
  return { stream, source, sink };
}

describe("NextData", () => {
  test("is a header and bytes in order, which leave the ring and the window", () => {
    const { stream, source } = attached(null);
    source.Write(Uint8Array.of(7, 8, 9));
    stream.Window.Grant(2);
    expect([...(stream.NextData(100) ?? [])]).toEqual([2, 1, 2, 3, 4, 7, 8]);
    expect([source.Used(), stream.Window.Room(), stream.Window.Total()]).toEqual([1, 0, 2]);
    expect(stream.NextData(100)).toBeNull();
  });

  test.each([
    ["the ring", 99, 1_000, 1_000, 99],
    ["the window", 1_000, 99, 1_000, 99],
    ["the peer's frame", 1_000, 1_000, 99, 99],
    ["one turn", 65_536, 65_536, 65_536, MuxLimits.quantumBytes],
  ])("is cut to %s", (_name, waiting, granted, frame, length) => {
    const { stream, source } = attached(null);
    source.Write(new Uint8Array(waiting));
    stream.Window.Grant(granted);
    expect(stream.NextData(frame)?.length).toBe(MuxLimits.headerBytes + length);
  });

  test("is null without rings, without bytes and without a grant", () => {
    const bare = new MuxStream(1, null);
    bare.Window.Grant(100);
    expect(bare.NextData(100)).toBeNull();
    const { stream, source } = attached(null);
    stream.Window.Grant(100);
    expect(stream.NextData(100)).toBeNull();
    const ungranted = attached(null);
    ungranted.source.Write(Uint8Array.of(1));
    expect([ungranted.stream.NextData(100), source.Used()]).toEqual([null, 0]);
  });

  test("in plain Wisp uses one packet of the credit, whatever its size", () => {
    const { stream, source } = attached(2);
    source.Write(new Uint8Array(3));
    const sizes = [1, 1, 1].map((frame) => stream.NextData(frame)?.length ?? null);
    expect(sizes).toEqual([6, 6, null]);
  });
});

describe("IsDrained", () => {
  test("is about the source ring, and true before there is one", () => {
    expect(new MuxStream(1, null).IsDrained()).toBe(true);
    const { stream, source, sink } = attached(null);
    sink.Write(Uint8Array.of(1));
    expect([stream.IsAttached(), stream.IsDrained()]).toEqual([true, true]);
    source.Write(Uint8Array.of(1));
    expect(stream.IsDrained()).toBe(false);
  });
});

describe("Push with MWX", () => {
  test.each([
    [99, true],
    [100, true],
    [101, false],
  ])("%d bytes at a window of 100: %s", (count, allowed) => {
    const { stream } = attached(null, 100);
    stream.NextGrant();
    expect(stream.Push(new Uint8Array(count))).toBe(allowed);
  });

  test("no byte is allowed before the first grant, nor before there is a ring", () => {
    const { stream } = attached(null);
    expect([stream.Push(new Uint8Array(0)), stream.Push(Uint8Array.of(1))]).toEqual([true, false]);
    const bare = new MuxStream(1, null);
    expect([bare.Push(new Uint8Array(0)), bare.Push(Uint8Array.of(1))]).toEqual([true, false]);
  });

  test("counts what came, waits for no ring, and grants again what was taken", () => {
    const { stream, sink } = attached(null, 100);
    expect(stream.NextGrant()).toBe(100);
    stream.Push(new Uint8Array(100));
    expect([stream.Received(), stream.WaitingCost(), stream.NextGrant()]).toEqual([100, 0, null]);
    sink.Skip(60);
    expect([stream.DrainWaiting(), stream.NextGrant()]).toEqual([false, 160]);
  });
});

describe("Push in plain Wisp", () => {
  test("is never refused: what has no room waits, in order", () => {
    const { stream, sink } = attached(1, 2);
    expect(stream.Push(Uint8Array.of(1, 2, 3))).toBe(true);
    expect(stream.WaitingCost()).toBe(1 + MuxLimits.waitingPacketBytes);
    expect(stream.DrainWaiting()).toBe(false);
    expect([...TakeAll(sink)]).toEqual([1, 2]);
    expect([stream.DrainWaiting(), [...TakeAll(sink)]]).toEqual([true, [3]]);
  });

  test("waits for the rings too, and has no count for a FIN", () => {
    const stream = new MuxStream(1, 1);
    stream.Push(Uint8Array.of(5));
    const sink = ByteRing.Create(16);
    expect([stream.DrainWaiting(), stream.Received()]).toEqual([false, 0]);
    stream.Attach(ByteRing.Create(16), sink, GrowthWithin(0));
    expect([stream.DrainWaiting(), [...TakeAll(sink)], stream.Received()]).toEqual([true, [5], 0]);
  });

  test("grants packets, not offsets", () => {
    const { stream, sink } = attached(1);
    for (let i = 0; i < MuxLimits.plainCreditPackets / 2; i++) stream.Push(Uint8Array.of(i));
    TakeAll(sink);
    expect(stream.NextGrant()).toBe(MuxLimits.plainCreditPackets);
  });
});
