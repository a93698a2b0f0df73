import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  BitsToHalf,
  HalfToBits,
  WireBigInt,
  WireInteger,
  WireReal,
} from "../../../networking/core/WireNumber.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`WireNumber.test.ts: TEST_SEED=${seed}`);

test("integers pass up to both ends of their range", () => {
  expect(WireInteger(-5, -5, 9)).toBe(-5);
  expect(WireInteger(9, -5, 9)).toBe(9);
  expect(() => WireInteger(-6, -5, 9)).toThrow(RangeError);
  expect(() => WireInteger(10, -5, 9)).toThrow("Pass an integer in -5..9, not 10.");
});

test.each([0.5, NaN, Infinity, -Infinity])("%d is no integer", (value) => {
  expect(() => WireInteger(value, -9, 9)).toThrow(RangeError);
});

test.each([["7"], [null], [undefined], [true], [{}]])("%j is no number", (value) => {
  expect(() => WireInteger(value as unknown as number, 0, 9)).toThrow(TypeError);
  expect(() => WireReal(value as unknown as number)).toThrow(TypeError);
  expect(() => WireBigInt(value as unknown as bigint, 0n, 9n)).toThrow(TypeError);
});

test("bigints pass up to both ends of their range, and numbers are none", () => {
  expect(WireBigInt(0n, 0n, 3n)).toBe(0n);
  expect(WireBigInt(3n, 0n, 3n)).toBe(3n);
  expect(() => WireBigInt(-1n, 0n, 3n)).toThrow(RangeError);
  expect(() => WireBigInt(4n, 0n, 3n)).toThrow(RangeError);
  expect(() => WireBigInt(3 as unknown as bigint, 0n, 3n)).toThrow(TypeError);
});

test("every real passes, NaN too", () => {
  expect(WireReal(NaN)).toBeNaN();
  expect(WireReal(-Infinity)).toBe(-Infinity);
});

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65_504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [1023 * 2 ** -24, 0x03ff],
  [1 / 3, 0x3555],
  [Infinity, 0x7c00],
  [-Infinity, 0xfc00],
])("half %d has the bits of IEEE 754", (value, bits) => {
  expect(HalfToBits(value)).toBe(bits);
});

test.each([
  ["half of the smallest half is a tie, to zero", 2 ** -25, 0x0000],
  ["a little more than that is the smallest half", 2 ** -25 * 1.000001, 0x0001],
  ["a tie above an odd last place goes up", 1 + 3 / 2048, 0x3c02],
  ["a tie above an even last place goes down", 1 + 1 / 2048, 0x3c00],
  ["a carry reaches the exponent", 2 - 2 ** -12, 0x4000],
  ["the largest subnormal rounds into the normals", 2 ** -14 - 2 ** -26, 0x0400],
  ["below 65520 stays finite", 65_519.999, 0x7bff],
  ["65520 is an infinity", 65_520, 0x7c00],
])("%s", (_, value, bits) => {
  expect(HalfToBits(value)).toBe(bits);
});

test("all 65536 halves survive", () => {
  const lost: number[] = [];
  for (let bits = 0; bits <= 0xffff; bits++) {
    const value = BitsToHalf(bits);
    if (HalfToBits(value) !== (Number.isNaN(value) ? 0x7e00 : bits)) lost.push(bits);
  }
  expect(lost).toEqual([]);
});

test("no other half is nearer than the one that is chosen", () => {
  fc.assert(
    fc.property(fc.double({ min: -65_519, max: 65_519, noNaN: true }), (value) => {
      const bits = HalfToBits(value);
      const distance = Math.abs(BitsToHalf(bits) - value);
      const others = [bits - 1, bits + 1].map((next) => BitsToHalf(next & 0xffff));
      expect(others.filter((other) => Math.abs(other - value) < distance)).toEqual([]);
    }),
    { seed, numRuns: 2_000 },
  );
});
