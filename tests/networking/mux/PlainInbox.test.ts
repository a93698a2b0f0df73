import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PlainInbox } from "../../../networking/mux/PlainInbox.ts";
import { TakeAll } from "./MuxPair.ts";

const fixed = MuxLimits.waitingPacketBytes;
const half = MuxLimits.plainCreditPackets / 2;

/** The numbers from..to-1 as bytes. */
function bytes(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: to - from }, (_, i) => from + i);
}

describe("Push", () => {
  test.each([
    [9, 9, 0],
    [10, 10, 0],
    [11, 10, 1 + fixed],
  ])("%d bytes at a ring of 10: %d go in, the rest costs %d", (count, used, cost) => {
    const [inbox, ring] = [new PlainInbox(), ByteRing.Create(10)];
    inbox.Push(bytes(0, count), ring);
    expect([ring.Used(), inbox.Cost()]).toEqual([used, cost]);
  });

  test("lets nothing overtake what waits, though there is room again", () => {
    const [inbox, ring] = [new PlainInbox(), ByteRing.Create(4)];
    inbox.Push(bytes(0, 6), ring);
    expect([...TakeAll(ring)]).toEqual([0, 1, 2, 3]);
    inbox.Push(bytes(6, 7), ring);
    expect(ring.Used()).toBe(0);
    inbox.Drain(ring);
    expect([...TakeAll(ring)]).toEqual([4, 5, 6]);
  });

  test("empty packets that must wait are not free", () => {
    const inbox = new PlainInbox();
    inbox.Push(new Uint8Array(0), null);
    expect(inbox.Cost()).toBe(0);
    inbox.Push(Uint8Array.of(1), null);
    inbox.Push(new Uint8Array(0), null);
    expect(inbox.Cost()).toBe(1 + fixed);
  });

  test("keeps a copy, not the message", () => {
    const [inbox, ring] = [new PlainInbox(), ByteRing.Create(256)];
    const message = Uint8Array.of(1, 2);
    inbox.Push(message, null);
    message.fill(0);
    inbox.Drain(ring);
    expect([...TakeAll(ring)]).toEqual([1, 2]);
  });
});

describe("Drain", () => {
  test("moves what fits, across packets and in the middle of one, and says whether any did", () => {
    const [inbox, ring] = [new PlainInbox(), ByteRing.Create(5)];
    for (const [from, to] of [
      [0, 3],
      [3, 6],
      [6, 9],
    ] as const)
      inbox.Push(bytes(from, to), null);
    expect([inbox.Drain(ring), inbox.Cost()]).toEqual([true, 4 + 2 * fixed]);
    expect(inbox.Drain(ring)).toBe(false);
    expect([...TakeAll(ring)]).toEqual([0, 1, 2, 3, 4]);
    expect([inbox.Drain(ring), inbox.Cost()]).toEqual([true, 0]);
    expect([...TakeAll(ring)]).toEqual([5, 6, 7, 8]);
    expect(inbox.Drain(ring)).toBe(false);
  });

  test("tens of thousands of tiny packets do not hold the process up", () => {
    const count = 32_000; // about what may wait at a bridge; one by one they take a second
    const [inbox, ring] = [new PlainInbox(), ByteRing.Create(count)];
    for (let i = 0; i < count; i++) inbox.Push(Uint8Array.of(i), null);
    const start = performance.now();
    inbox.Drain(ring);
    expect([ring.Used(), inbox.Cost()]).toEqual([count, 0]);
    expect(performance.now() - start).toBeLessThan(250);
  });
});

describe("NextCredit", () => {
  /** An inbox that has taken `count` packets, all of which wait or none of which does. */
  function inboxOf(count: number, waits: boolean): PlainInbox {
    const inbox = new PlainInbox();
    const ring = waits ? null : ByteRing.Create(1_024);
    for (let i = 0; i < count; i++) inbox.Push(Uint8Array.of(i), ring);
    return inbox;
  }

  test("comes when half of the credit is used up, once", () => {
    expect(inboxOf(half - 1, false).NextCredit()).toBeNull();
    const inbox = inboxOf(half, false);
    expect([inbox.NextCredit(), inbox.NextCredit()]).toEqual([2 * half, null]);
  });

  test("is less by what waits, and none at all while more than half of it waits", () => {
    expect(inboxOf(half, true).NextCredit()).toBe(half);
    const inbox = inboxOf(half + 1, true);
    expect(inbox.NextCredit()).toBeNull();
    inbox.Drain(ByteRing.Create(1));
    expect(inbox.NextCredit()).toBe(half);
  });
});
