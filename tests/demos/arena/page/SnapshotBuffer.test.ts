import { describe, expect, test } from "vitest";
import { delaySeconds, SnapshotBuffer } from "../../../../demos/arena/page/SnapshotBuffer.ts";
import type { Snapshot } from "../../../../demos/arena/Protocol.ts";
import { Rules } from "../../../../demos/arena/Rules.ts";
import type { Ship } from "../../../../demos/arena/Rules.ts";
import { TestShip } from "../Ships.ts";

function snapshot(tick: number, ...ships: Ship[]): Snapshot {
  return { Kind: "snapshot", Tick: tick, Acked: 0, Ships: ships, Shots: [] };
}

const delayTicks = delaySeconds * Rules.stepsPerSecond;

/** Snapshots of a ship that flies 10 units per tick, one per tick up to `last`. */
function filled(last: number): SnapshotBuffer {
  const buffer = new SnapshotBuffer();
  for (let tick = 1; tick <= last; tick++) {
    buffer.Add(snapshot(tick, TestShip({ X: tick * 10 })));
    if (tick < last) buffer.Advance(1 / Rules.stepsPerSecond);
  }
  return buffer;
}

describe("SnapshotBuffer", () => {
  test("is empty before the first snapshot", () => {
    const buffer = new SnapshotBuffer();
    buffer.Advance(1);
    expect(buffer.Sample()).toEqual({ Ships: [], Shots: [] });
  });

  test("draws a steady stream the given delay behind", () => {
    const x = filled(60).Sample().Ships[0]?.X ?? 0;
    expect(x).toBeGreaterThan((60 - delayTicks) * 10 - 12);
    expect(x).toBeLessThan((60 - delayTicks) * 10 + 12);
  });

  test("moves evenly between snapshots", () => {
    const buffer = filled(60);
    const before = buffer.Sample().Ships[0]?.X ?? 0;
    buffer.Advance(0.5 / Rules.stepsPerSecond);
    expect((buffer.Sample().Ships[0]?.X ?? 0) - before).toBeCloseTo(5);
  });

  test("stops at the newest snapshot when no more come", () => {
    const buffer = filled(60);
    buffer.Advance(10);
    expect(buffer.Sample().Ships[0]?.X).toBe(600);
  });

  test("jumps over a long gap instead of racing after it", () => {
    const buffer = filled(60);
    buffer.Add(snapshot(500, TestShip({ X: 1 })));
    buffer.Add(snapshot(501, TestShip({ X: 2 })));
    buffer.Advance(4 / Rules.stepsPerSecond);
    expect(buffer.Sample().Ships[0]?.X).toBeCloseTo(2);
  });

  test("ignores a snapshot that is not newer", () => {
    const buffer = filled(10);
    buffer.Add(snapshot(10, TestShip({ X: 0 })));
    expect(buffer.Newest?.Ships[0]?.X).toBe(100);
  });

  test("crosses the world's border the short way", () => {
    const buffer = new SnapshotBuffer();
    buffer.Add(snapshot(100, TestShip({ X: Rules.worldWidth - 4 })));
    buffer.Add(snapshot(101, TestShip({ X: 4 })));
    buffer.Advance((delayTicks - 0.6) / Rules.stepsPerSecond);
    const x = buffer.Sample().Ships[0]?.X ?? 0;
    expect(Math.min(x, Math.abs(x - Rules.worldWidth))).toBeLessThan(5);
  });

  test("a wreck that comes back elsewhere does not slide there", () => {
    const buffer = new SnapshotBuffer();
    buffer.Add(snapshot(100, TestShip({ X: 100, Hull: 0 })));
    buffer.Add(snapshot(101, TestShip({ X: 900 })));
    buffer.Advance((delayTicks - 0.6) / Rules.stepsPerSecond);
    expect(buffer.Sample().Ships[0]?.X).toBe(100);
  });

  test("forgets everything on Clear", () => {
    const buffer = filled(10);
    buffer.Clear();
    expect(buffer.Newest).toBeNull();
    expect(buffer.Sample().Ships).toEqual([]);
  });
});
