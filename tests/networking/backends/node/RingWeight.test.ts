import { expect, test } from "vitest";
import { WeightOf } from "../../../../networking/backends/node/RingWeight.ts";
import { SharedSocket } from "../../../../networking/backends/node/SharedSocket.ts";
import { NextRun } from "../../../Support/WaitFor.ts";

const blockBytes = 2 ** 20;

/** The bytes of the blocks that stand for these weights. */
function blocks(weights: readonly object[]): number {
  const distinct = [...new Set(weights as readonly Uint8Array[])];
  return distinct.reduce((sum, block) => sum + block.length, 0);
}

test("weights are cut from blocks, and a block is never cut beyond its size", () => {
  for (const bytes of [1, 1_000, 131_264, blockBytes / 2, blockBytes - 1]) {
    const fit = Math.floor(blockBytes / bytes);
    const weights = Array.from({ length: 3 * Math.min(fit, 100) }, () => WeightOf(bytes));
    const total = bytes * weights.length;
    expect(blocks(weights)).toBeGreaterThanOrEqual(total);
    // The first may have come from a block that was begun, and the last is begun.
    expect(blocks(weights)).toBeLessThanOrEqual(
      (blockBytes / (fit * bytes)) * total + 2 * blockBytes,
    );
  }
});

test("what is as large as a block has one of its own", () => {
  for (const bytes of [blockBytes, blockBytes + 1, 2 ** 22]) {
    const [one, other] = [WeightOf(bytes), WeightOf(bytes)];
    expect([one === other, blocks([one, other])]).toEqual([false, 2 * bytes]);
  }
});

test("the collector knows of it, and the system is asked for no pages", () => {
  const before = process.memoryUsage();
  const kept = Array.from({ length: 1_600 }, () => WeightOf(131_264));
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeGreaterThan(190 * 2 ** 20);
  expect(after.rss - before.rss).toBeLessThan(50 * 2 ** 20);
  expect(kept.length).toBe(1_600);
});

test("sockets that are over do not pile up", async () => {
  const made = 8_000;
  const open: SharedSocket[] = [];
  const all: WeakRef<SharedSocket>[] = [];
  for (let i = 0; i < made; i++) {
    const socket = SharedSocket.Create(65_536, 65_536);
    socket.Weight = WeightOf(socket.Memory.Buffer.byteLength);
    all.push(new WeakRef(socket));
    // Old enough to be out of the nursery, as sockets are.
    if (open.push(socket) > 200) open.shift();
    if (i % 20 === 0) await NextRun();
  }
  const left = all.filter((ref) => ref.deref() !== undefined).length;
  expect(left).toBeLessThan(made / 3);
});
