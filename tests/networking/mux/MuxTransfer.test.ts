/**
 * Random traffic over a pair of muxes: whatever the order of events, the bytes arrive as they
 * went.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { Mux } from "../../../networking/mux/Mux.ts";
import { GrowthWithin } from "../../../networking/mux/WindowGrowth.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { StreamEnd } from "./MuxPair.ts";
import { MuxPair, TakeAll } from "./MuxPair.ts";
import { TestSeed } from "./Packets.ts";

const seed = TestSeed("MuxTransfer.test.ts");

/** One direction of one stream: how much was written, how much was read. */
class Direction {
  written = 0;
  read = 0;
  finished = false;
  readonly total: number;
  readonly from: { mux: Mux; end: StreamEnd };
  readonly to: { mux: Mux; end: StreamEnd };

  constructor(from: Direction["from"], to: Direction["to"], total: number) {
    this.from = from;
    this.to = to;
    this.total = total;
  }

  Write(count: number): void {
    const { mux, end } = this.from;
    const size = Math.min(count, this.total - this.written);
    this.written += end.Out.Write(
      Uint8Array.from({ length: size }, (_, i) => byteAt(this.written + i)),
    );
    mux.SourceChanged(end.Stream);
    if (this.written === this.total && !this.finished) {
      this.finished = true;
      mux.Finish(end.Stream);
    }
  }

  Read(count: number): void {
    const bytes = new Uint8Array(count);
    const size = this.to.end.In.Read(bytes);
    for (let i = 0; i < size; i++) {
      if (bytes[i] !== byteAt(this.read + i)) throw new Error(`Byte ${this.read + i} is wrong.`);
    }
    this.read += size;
    this.to.mux.SinkChanged(this.to.end.Stream);
  }
}

function byteAt(index: number): number {
  return (index * 31 + (index >> 8)) & 0xff;
}

interface Step {
  readonly which: number;
  readonly act: "write" | "read" | "collect" | "toBridge" | "toPage";
  readonly count: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  which: fc.nat(5),
  act: fc.constantFrom("write", "read", "collect", "toBridge", "toPage"),
  count: fc.integer({ min: 1, max: 20_000 }),
});

function perform(
  { which, act, count }: Step,
  pair: MuxPair,
  directions: readonly Direction[],
): void {
  const direction = directions[which % directions.length] as Direction;
  if (act === "write") direction.Write(count);
  if (act === "read") direction.Read(count);
  if (act === "collect") pair.Collect();
  if (act === "toBridge") deliver(pair.ToBridge, pair.Bridge, count % 5);
  if (act === "toPage") deliver(pair.ToPage, pair.Page, count % 5);
}

function deliver(messages: Uint8Array[], mux: Mux, count: number): void {
  for (const message of messages.splice(0, count)) mux.Receive(message);
}

function overfull(ring: ByteRing): boolean {
  return ring.Used() > ring.Capacity;
}

test("bytes in are bytes out, windows hold, and both ends end in order", () => {
  const sizes = fc.array(fc.nat(60_000), { minLength: 6, maxLength: 6 });
  const capacities = fc.array(fc.integer({ min: 256, max: 65_536 }), {
    minLength: 6,
    maxLength: 6,
  });
  fc.assert(
    fc.property(sizes, capacities, fc.array(step, { maxLength: 300 }), (totals, rings, steps) => {
      const pair = new MuxPair();
      const directions: Direction[] = [];
      for (let i = 0; i < 3; i++) {
        const { page, bridge } = pair.Open(rings[2 * i], rings[2 * i + 1]);
        const [atPage, atBridge] = [
          { mux: pair.Page, end: page },
          { mux: pair.Bridge, end: bridge },
        ];
        directions.push(new Direction(atPage, atBridge, totals[2 * i] ?? 0));
        directions.push(new Direction(atBridge, atPage, totals[2 * i + 1] ?? 0));
      }
      for (const each of steps) perform(each, pair, directions);
      const isDone = (): boolean => directions.every(({ read, total }) => read === total);
      for (let round = 0; round < 2_000 && !isDone(); round++) {
        for (const direction of directions) {
          direction.Write(60_000);
          direction.Read(60_000);
          expect(overfull(direction.to.end.In)).toBe(false);
        }
        pair.Run();
      }
      for (const direction of directions) direction.Write(0);
      pair.Run();
      expect(directions.map(({ read }) => read)).toEqual(totals);
      for (const events of [pair.PageEvents, pair.BridgeEvents]) {
        const codes = events.flatMap((event) => (event.Kind === "closed" ? [event.Code] : []));
        expect(codes).toEqual([SocketError.SUCCESS, SocketError.SUCCESS, SocketError.SUCCESS]);
      }
    }),
    { seed, numRuns: 25 },
  );
});

test("random messages after a good handshake never throw out of the mux", () => {
  const type = fc.constantFrom(1, 2, 3, 4, 5, ...Array.from({ length: 14 }, (_, i) => 0xd0 + i));
  const message = fc
    .tuple(type, fc.nat(4), fc.uint8Array({ maxLength: 40 }))
    .map(([first, id, rest]) => Uint8Array.from([first, id, 0, 0, 0, ...rest]));
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 30 }),
      fc.constantFrom(1, 2),
      (messages, version) => {
        const pair = new MuxPair(version as 1 | 2);
        pair.Open(256);
        for (const each of messages) {
          pair.Bridge.Receive(each);
          pair.Page.Receive(each);
          pair.Collect();
        }
        for (const events of [pair.PageEvents, pair.BridgeEvents]) {
          expect(events.filter(({ Kind }) => Kind === "failed").length).toBeLessThanOrEqual(1);
        }
      },
    ),
    { seed, numRuns: 1_000 },
  );
});

/**
 * Carries bytes in exchanges, each of which is one way there and one back. @returns how many.
 * @param growthBytes that the bridge has for windows beyond their rings.
 */
function exchangesFor(total: number, growthBytes: number): number {
  const pair = new MuxPair(2, 0, GrowthWithin(growthBytes));
  const { page, bridge } = pair.Open();
  let [sent, read, exchanges] = [0, 0, 0];
  for (; read < total; exchanges++) {
    for (let wrote = 1; wrote > 0;) {
      wrote = page.Out.Write(new Uint8Array(Math.min(65_536, total - sent)));
      sent += wrote;
      pair.Page.SourceChanged(page.Stream);
      pair.Collect();
    }
    for (const message of pair.ToBridge.splice(0)) {
      pair.Bridge.Receive(message);
      read += TakeAll(bridge.In).length;
      pair.Bridge.SinkChanged(bridge.Stream);
      pair.Collect();
    }
    for (const message of pair.ToPage.splice(0)) pair.Page.Receive(message);
  }
  return exchanges;
}

test("far away, a growing window carries 4 MiB in a quarter of the exchanges or less", () => {
  const [fixed, growing] = [0, MuxLimits.windowMaxBytes].map((growthBytes) =>
    exchangesFor(4 * 1_048_576, growthBytes),
  );
  expect(fixed).toBeGreaterThan(60);
  expect(growing! * 4).toBeLessThanOrEqual(fixed!);
});
