import { expect, test } from "vitest";
import { EncodeVariant } from "../../../networking/core/EncodeVariant.ts";
import { maxVariantDepth, VariantFormat } from "../../../networking/core/Variant.ts";
import type { Variant } from "../../../networking/core/Variant.ts";
import { differentVectors, hex, sharedVectors } from "./VariantVectors.ts";

test.each(sharedVectors)("%s is written as Godot writes it", (_, value, bytes) => {
  expect(hex(EncodeVariant(value, VariantFormat.GODOT_3))).toBe(bytes);
  expect(hex(EncodeVariant(value))).toBe(bytes);
});

test.each(differentVectors)("%s is written in both numberings", (_, value, godot3, godot4) => {
  expect(hex(EncodeVariant(value, VariantFormat.GODOT_3))).toBe(godot3);
  expect(hex(EncodeVariant(value))).toBe(godot4);
});

test.each([
  ["NaN", NaN, "03000100000000000000f87f"],
  ["the largest safe integer", Number.MAX_SAFE_INTEGER, "02000100ffffffffffff1f00"],
  ["an integer that is not safe", 2 ** 53, "030000000000005a"],
  ["a small bigint", 5n, "020001000500000000000000"],
  ["the largest int", 2n ** 63n - 1n, "02000100ffffffffffffff7f"],
  ["the smallest int", -(2n ** 63n), "020001000000000000000080"],
])("%s", (_, value, bytes) => {
  expect(hex(EncodeVariant(value))).toBe(bytes);
});

test("a plain object and a Map say the same", () => {
  const object = { b: 1, a: [null] };
  expect(EncodeVariant(object)).toEqual(EncodeVariant(new Map(Object.entries(object))));
  const bare = Object.assign(Object.create(null) as Record<string, Variant>, object);
  expect(EncodeVariant(bare)).toEqual(EncodeVariant(object));
});

test("the lead is left free in front", () => {
  expect(hex(EncodeVariant(true, VariantFormat.GODOT_4, 4))).toBe("000000000100000001000000");
});

test("values that make the memory grow come out whole", () => {
  const text = "ä".repeat(50_000);
  const bytes = EncodeVariant([text, new Uint8Array(70_000).fill(9), text]);
  expect(bytes.length).toBe(8 + 2 * (8 + 100_000) + 8 + 70_000);
  expect(hex(bytes.subarray(-4))).toBe("c3a4c3a4");
});

function nested(levels: number): Variant {
  let value: Variant = 7;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { in: value };
  return value;
}

test("nesting is allowed up to the limit", () => {
  expect(() => EncodeVariant(nested(maxVariantDepth - 1))).not.toThrow();
  expect(() => EncodeVariant(nested(maxVariantDepth))).not.toThrow();
  expect(() => EncodeVariant(nested(maxVariantDepth + 1))).toThrow(RangeError);
});

test("a value inside itself is refused", () => {
  const loop: Variant[] = [];
  loop.push(loop);
  expect(() => EncodeVariant(loop)).toThrow(RangeError);
});

test("few values that unfold into many are refused at 256 MiB", () => {
  let value: Variant = new Uint8Array(2 ** 20);
  for (let i = 0; i < 9; i++) value = [value, value];
  expect(() => EncodeVariant(value)).toThrow("256 MiB");
});

test.each([
  ["undefined", undefined],
  ["a function", (): void => undefined],
  ["a symbol", Symbol("x")],
  ["a date", new Date(0)],
  ["another typed array", new Float32Array(1)],
  ["a hole in an array", [1, undefined]],
])("%s is no variant", (_, value) => {
  expect(() => EncodeVariant(value as unknown as Variant)).toThrow(TypeError);
});

test.each([2n ** 63n, -(2n ** 63n) - 1n])("%d has more than 64 bits", (value) => {
  expect(() => EncodeVariant(value)).toThrow(RangeError);
});
