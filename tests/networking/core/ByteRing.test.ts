import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { Pattern } from "../../Support/Network.ts";

/** Where the three words of a ring stand in these tests. */
const at = { Head: 0, Tail: 1, Base: 2 };

function take(ring: ByteRing, count: number): number[] {
  const into = new Uint8Array(count);
  return [...into.subarray(0, ring.Read(into))];
}

test("an empty ring gives nothing, a full one takes nothing", () => {
  const ring = ByteRing.Create(4);
  expect([ring.Used(), ring.Free(), ring.Capacity]).toEqual([0, 4, 4]);
  expect(take(ring, 3)).toEqual([]);
  expect(ring.Front()).toHaveLength(0);
  expect(ring.Write(Uint8Array.of(1, 2, 3, 4, 5))).toBe(4);
  expect(ring.Write(Uint8Array.of(9))).toBe(0);
  expect([ring.Used(), ring.Free()]).toEqual([4, 0]);
  expect(take(ring, 9)).toEqual([1, 2, 3, 4]);
});

test("writes around the capacity take exactly what fits", () => {
  for (const capacity of [1, 2, 3, 47, 48, 49, 64, 100]) {
    for (const count of [0, 1, capacity - 1, capacity, capacity + 1]) {
      const ring = ByteRing.Create(capacity);
      expect(ring.Write(Pattern(count))).toBe(Math.min(count, capacity));
      expect(take(ring, count)).toEqual([...Pattern(Math.min(count, capacity))]);
    }
  }
});

test("parts of arrays are written and read in place", () => {
  const ring = ByteRing.Create(8);
  expect(ring.Write(Uint8Array.of(0, 1, 2, 3, 4), 1, 4)).toBe(3);
  const into = new Uint8Array(5);
  expect(ring.Read(into, 2, 4)).toBe(2);
  expect([...into]).toEqual([0, 0, 1, 2, 0]);
  expect(ring.Read(into, 3, 3)).toBe(0);
  expect(ring.Used()).toBe(1);
});

test("bytes pass the storage's end in order, and Front stops at it", () => {
  const ring = ByteRing.Create(8);
  ring.Write(Pattern(6));
  expect(take(ring, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(ring.Write(Pattern(7, 6))).toBe(7);
  expect([...ring.Front()]).toEqual([5, 6, 7]);
  expect([...ring.Front(2)]).toEqual([5, 6]);
  ring.Skip(3);
  expect([...ring.Front()]).toEqual([8, 9, 10, 11, 12]);
  expect(take(ring, 8)).toEqual([8, 9, 10, 11, 12]);
});

test("a ring that was emptied begins at the start of its storage again", () => {
  const storage = new Uint8Array(64);
  const ring = new ByteRing(new Int32Array(3), at, storage, 64);
  for (let round = 1; round < 20; round++) {
    expect(ring.Write(Uint8Array.of(round, round, round))).toBe(3);
    expect(take(ring, 3)).toEqual([round, round, round]);
  }
  expect([...storage.subarray(0, 4)]).toEqual([19, 19, 19, 0]);
});

test("the counters may wrap", () => {
  for (const start of [2 ** 31 - 3, -3]) {
    const words = new Int32Array([start, start, start]);
    const ring = new ByteRing(words, at, new Uint8Array(16), 10);
    for (let i = 0; i < 5; i++) {
      expect(ring.Write(Pattern(12, i))).toBe(10);
      expect([ring.Used(), ring.Free()]).toEqual([10, 0]);
      expect(take(ring, 7)).toEqual([...Pattern(7, i)]);
      expect(ring.Write(Pattern(2, i + 10))).toBe(2);
      expect(take(ring, 99)).toEqual([...Pattern(5, i + 7)]);
    }
    expect(words[0]).not.toBe(start);
  }
});

test("Clear drops what is there and nothing that comes later", () => {
  const ring = ByteRing.Create(4);
  ring.Write(Pattern(3));
  ring.Clear();
  expect(ring.Used()).toBe(0);
  ring.Write(Pattern(4, 9));
  expect(take(ring, 4)).toEqual([9, 10, 11, 12]);
});

test("sizes are checked", () => {
  for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 28 + 1]) {
    expect(() => ByteRing.Create(wrong)).toThrow(TypeError);
  }
  expect(ByteRing.StorageBytes(2 ** 28)).toBe(2 ** 28);
  expect(ByteRing.StorageBytes(65)).toBe(128);
  const words = new Int32Array(3);
  expect(() => new ByteRing(words, at, new Uint8Array(100), 100)).toThrow(/StorageBytes\(100\)/);
});

test("any order of calls behaves like a plain array", () => {
  const step = fc.tuple(
    fc.constantFrom("write", "read", "peek", "skip", "front", "clear"),
    fc.nat({ max: 140 }),
  );
  const property = fc.property(
    fc.integer({ min: 1, max: 130 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.array(step, { maxLength: 120 }),
    (capacity, start, steps) => {
      const storage = new Uint8Array(ByteRing.StorageBytes(capacity));
      const ring = new ByteRing(new Int32Array([start, start, start]), at, storage, capacity);
      const model: number[] = [];
      let written = 0;
      for (const [call, count] of steps) {
        if (call === "write") {
          const data = Pattern(count, written);
          const taken = ring.Write(data);
          expect(taken).toBe(Math.min(count, capacity - model.length));
          model.push(...data.subarray(0, taken));
          written += taken;
        } else if (call === "read") {
          expect(take(ring, count)).toEqual(model.splice(0, count));
        } else if (call === "peek") {
          const into = new Uint8Array(count);
          expect([...into.subarray(0, ring.Peek(into))]).toEqual(model.slice(0, count));
        } else if (call === "skip") {
          const skipped = Math.min(count, model.length);
          ring.Skip(skipped);
          model.splice(0, skipped);
        } else if (call === "front") {
          const front = [...ring.Front(count)];
          expect(front).toEqual(model.slice(0, front.length));
          expect(front.length > 0).toBe(model.length > 0 && count > 0);
        } else {
          ring.Clear();
          model.length = 0;
        }
        expect(ring.Used()).toBe(model.length);
        expect(ring.Free()).toBe(capacity - model.length);
      }
    },
  );
  const given = Number(process.env.TEST_SEED ?? Number.NaN);
  fc.assert(property, { numRuns: 300, ...(Number.isNaN(given) ? {} : { seed: given }) });
});
