import { expect, test } from "vitest";
import { Worker } from "node:worker_threads";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

/** Node 20 starts workers from JavaScript only, so both use the compiled ring. */
const ring = new URL("../../../dist/networking/core/ByteRing.js", import.meta.url).href;
const totalBytes = 50_000_000;

/**
 * One side of the ring. Sizes follow a little generator, so both sides meet full, empty, wrapped
 * and rewound rings; the bytes come from it too. A side that can do nothing sleeps on the other's
 * word.
 */
const code = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { createHash } = require("node:crypto");
  const { Memory, Capacity, Writes, Total, Seed } = workerData;
  const words = new Int32Array(Memory, 0, 8);
  let state = Seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const source = Buffer.alloc(100_000);
  for (let i = 0; i < source.length; i++) source[i] = random() * 256;
  import(${JSON.stringify(ring)}).then(({ ByteRing }) => {
    const at = { Head: 0, Tail: 1, Base: 2 };
    const ring = new ByteRing(words, at, new Uint8Array(Memory, 32), Capacity);
    const hash = createHash("sha256");
    const piece = new Uint8Array(source.length);
    let done = 0;
    while (done < Total) {
      const other = Writes ? 1 : 0; // the word that the other side moves
      const seen = Atomics.load(words, other);
      const wanted = Math.min(Total - done, 1 + Math.floor(random() ** 4 * Capacity * 1.5));
      const at = Math.floor(random() * (source.length - wanted));
      const count = Writes ? ring.Write(source, at, at + wanted) : ring.Read(piece, 0, wanted);
      hash.update(Writes ? source.subarray(at, at + count) : piece.subarray(0, count));
      done += count;
      Atomics.notify(words, Writes ? 0 : 1);
      if (count === 0) Atomics.wait(words, other, seen, 5);
    }
    parentPort.postMessage(hash.digest("hex"));
  });
`;

test("two threads pump 50 MB through a ring, and every byte arrives in its place", async () => {
  const capacity = 10_000;
  const memory = new SharedArrayBuffer(32 + ByteRing.StorageBytes(capacity));
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
  console.info(`ByteRingThreads: TEST_SEED=${seed}`);
  const sums: string[] = [];
  const workers = [true, false].map((writes) => {
    const workerData = {
      Memory: memory,
      Capacity: capacity,
      Writes: writes,
      Total: totalBytes,
      Seed: writes ? seed : seed + 1,
    };
    const worker = new Worker(code, { eval: true, workerData });
    worker.on("error", (error) => sums.push(error.message));
    worker.on("message", (sum: string) => sums.push(sum));
    return worker;
  });
  await WaitFor(() => sums.length === 2, "both threads");
  expect(sums[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(sums[0]).toBe(sums[1]);
  await Promise.all(workers.map((worker) => worker.terminate()));
});
