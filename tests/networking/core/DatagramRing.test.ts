import fc from "fast-check";
import { expect, test } from "vitest";
import { DatagramRing } from "../../../networking/core/DatagramRing.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { Pattern } from "../../Support/Network.ts";

const header = Limits.datagramHeaderBytes;
const here = new IpAddress("127.0.0.1").ToBytes();
const there = new IpAddress("2001:db8::7").ToBytes();

/** The oldest datagram as [payload, address, port], or null. */
function take(ring: DatagramRing, most = 65_535): [number[], string, number] | null {
  if (!ring.Next()) return null;
  const [address, port] = [IpAddress.FromBytes(ring.Address).ToString(), ring.Port];
  const into = new Uint8Array(most);
  return [[...into.subarray(0, ring.Take(into))], address, port];
}

test("datagrams keep their borders, their order and their ends", () => {
  const ring = DatagramRing.Create(256);
  expect(take(ring)).toBeNull();
  expect(ring.Put(Uint8Array.of(1, 2), here, 65_535)).toBe(true);
  expect(ring.Put(new Uint8Array(0), there, 0)).toBe(true);
  expect(ring.Put(Uint8Array.of(3), there, 258)).toBe(true);
  expect(ring.Count()).toBe(3);
  expect(take(ring)).toEqual([[1, 2], "127.0.0.1", 65_535]);
  expect(take(ring)).toEqual([[], "2001:db8::7", 0]);
  expect(take(ring)).toEqual([[3], "2001:db8::7", 258]);
  expect([take(ring), ring.Count()]).toEqual([null, 0]);
});

test("what is looked at stays until it is taken", () => {
  const ring = DatagramRing.Create(256);
  ring.Put(Pattern(9), here, 7);
  expect([ring.Next(), ring.Length, ring.Port]).toEqual([true, 9, 7]);
  expect([ring.Next(), ring.Count()]).toEqual([true, 1]);
  expect(take(ring)).toEqual([[...Pattern(9)], "127.0.0.1", 7]);
});

test("a datagram that is too long for its taker is cut, and the next one is whole", () => {
  const ring = DatagramRing.Create(256);
  ring.Put(Pattern(10), here, 1);
  ring.Put(Pattern(10), here, 2);
  ring.Put(Pattern(10), here, 3);
  expect(take(ring, 9)).toEqual([[...Pattern(9)], "127.0.0.1", 1]);
  expect(take(ring, 0)).toEqual([[], "127.0.0.1", 2]);
  expect(take(ring, 10)).toEqual([[...Pattern(10)], "127.0.0.1", 3]);
});

test("a datagram goes in whole or not at all", () => {
  const ring = DatagramRing.Create(256);
  const fits = 256 - header;
  expect(ring.MaxPayload).toBe(fits);
  expect(ring.Put(Pattern(fits + 1), here, 1)).toBe(false);
  expect(ring.Put(Pattern(fits), here, 1)).toBe(true);
  expect(ring.Put(new Uint8Array(0), here, 1)).toBe(false);
  expect(take(ring)?.[0]).toEqual([...Pattern(fits)]);

  expect(ring.Put(Pattern(fits - header - 5), here, 1)).toBe(true);
  expect(ring.Put(Pattern(6), here, 2)).toBe(false);
  expect(ring.Put(Pattern(5), here, 2)).toBe(true);
  expect(ring.Count()).toBe(2);
});

test("the longest datagram of all is 65,527 bytes, in a ring of any size", () => {
  const ring = DatagramRing.Create(Limits.datagramBufferBytes);
  expect(ring.MaxPayload).toBe(65_527);
  expect(ring.Put(new Uint8Array(65_528), here, 1)).toBe(false);
  expect(ring.Put(Pattern(65_527), here, 1)).toBe(true);
  ring.Next();
  expect(ring.Length).toBe(65_527);
});

test("Clear drops what is there, and the ring goes on", () => {
  const ring = DatagramRing.Create(256);
  ring.Put(Pattern(50), here, 1);
  ring.Put(Pattern(50), here, 2);
  ring.Clear();
  expect(ring.Count()).toBe(0);
  expect(ring.Put(Pattern(256 - header), here, 3)).toBe(true);
});

test("any run of puts and takes is a queue of datagrams", () => {
  const step = fc.record({
    Put: fc.boolean(),
    Bytes: fc.integer({ min: 0, max: 140 }),
    Port: fc.integer({ min: 0, max: 65_535 }),
  });
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
  console.info(`DatagramRing: TEST_SEED=${seed}`);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const ring = DatagramRing.Create(333);
      const queue: [number[], string, number][] = [];
      let used = 0;
      for (const { Put, Bytes, Port } of steps) {
        const payload = Pattern(Bytes, Port);
        if (Put) {
          const fits = used + header + Bytes <= 333;
          expect(ring.Put(payload, there, Port)).toBe(fits);
          if (!fits) continue;
          queue.push([[...payload], "2001:db8::7", Port]);
          used += header + Bytes;
        } else {
          const expected = queue.shift() ?? null;
          expect(take(ring, Bytes)).toEqual(
            expected && [expected[0].slice(0, Bytes), expected[1], expected[2]],
          );
          used -= expected === null ? 0 : header + expected[0].length;
        }
        expect(ring.Count()).toBe(queue.length);
      }
    }),
    { seed },
  );
});
