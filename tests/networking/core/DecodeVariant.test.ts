import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeVariant } from "../../../networking/core/DecodeVariant.ts";
import type { DecodedVariant } from "../../../networking/core/DecodeVariant.ts";
import { EncodeVariant } from "../../../networking/core/EncodeVariant.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import {
  Color,
  maxVariantDepth,
  VariantFormat,
  Vector2,
  Vector3,
} from "../../../networking/core/Variant.ts";
import type { Variant } from "../../../networking/core/Variant.ts";
import { differentVectors, sharedVectors, unhex } from "./VariantVectors.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`DecodeVariant.test.ts: TEST_SEED=${seed}`);

const formats = [VariantFormat.GODOT_3, VariantFormat.GODOT_4] as const;

const refused = { Result: SocketError.PROTOCOL_ERROR, Value: null };

function decode(bytes: string, format: VariantFormat = VariantFormat.GODOT_4): DecodedVariant {
  return DecodeVariant(unhex(bytes), format);
}

test.each(sharedVectors)("%s is read as Godot means it", (_, value, bytes) => {
  for (const format of formats) {
    const decoded = DecodeVariant(unhex(bytes), format);
    expect(decoded.Result).toBe(SocketError.SUCCESS);
    expect(decoded.Value).toEqual(value);
  }
});

test.each(differentVectors)("%s is read in both numberings", (_, value, godot3, godot4) => {
  expect(DecodeVariant(unhex(godot3), VariantFormat.GODOT_3).Value).toEqual(value);
  expect(DecodeVariant(unhex(godot4), VariantFormat.GODOT_4).Value).toEqual(value);
});

test.each([...sharedVectors, ...differentVectors])("%s cut anywhere is refused", (...row) => {
  const bytes = unhex(row[3] ?? row[2]);
  for (let length = 0; length < bytes.length; length++) {
    expect(DecodeVariant(bytes.subarray(0, length)).Result).toBe(SocketError.PROTOCOL_ERROR);
  }
});

test("bytes left over are refused", () => {
  expect(decode("0000000000")).toEqual(refused);
  expect(decode("0000000000000000")).toEqual(refused);
});

test.each([
  ["an unknown type", "ff000000"],
  ["a type outside the list (Rect2)", "0700000000000000000000000000000000000000"],
  ["an object", "1800010000000000"],
  ["text longer than the rest", "040000000500000061626364"],
  ["text of 2^32-1 bytes", "04000000ffffffff"],
  ["text without its padding", "0400000003000000616263"],
  ["a byte array of 2^31 bytes", "1d00000000000080"],
  ["an array of more than the rest can hold", "1c000000020000000000000000"],
  ["an array of 2^31-1", "1c000000ffffff7f"],
  ["a dictionary of 2^31-1", "1b000000ffffff7f"],
  ["a dictionary whose value is missing", "1b0000000100000000000000"],
  ["an array of a class", "1c00020000000000"],
  ["a dictionary to scripts", "1b000c0000000000"],
])("%s is refused", (_, bytes) => {
  expect(decode(bytes)).toEqual(refused);
});

test("the other format's numbers are refused, not taken for something else", () => {
  expect(decode("1c00000000000000", VariantFormat.GODOT_3)).toEqual(refused);
  expect(decode("1200000000000000", VariantFormat.GODOT_4)).toEqual(refused);
});

test.each([
  ["any number but 0 is true", "0100000000000100", true],
  ["ints that a number holds are numbers", "02000100ffffffffffff1f00", Number.MAX_SAFE_INTEGER],
  ["others are bigints", "020001000000000000002000", 2n ** 53n],
  ["a typed array", "1c0001000200000001000000020000002a000000", [42]],
  ["an array that was marked as shared", "1c0000000100008000000000", [null]],
  [
    "a Vector2 in double precision",
    "05000100000000000000f83f00000000000000c0",
    new Vector2(1.5, -2),
  ],
])("%s", (_, bytes, value) => {
  expect(decode(bytes).Value).toEqual(value);
});

test("a typed dictionary is read as any other", () => {
  const bytes = "1b00050004000000020000000100000004000000010000006b0000000200000007000000";
  expect(decode(bytes).Value).toEqual(new Map([["k", 7]]));
});

test("a later value of the same key wins", () => {
  const bytes = "1b0000000200000002000000010000000000000002000000010000000100000001000000";
  expect(decode(bytes).Value).toEqual(new Map([[1, true]]));
});

test("text that is not UTF-8 gets U+FFFD", () => {
  expect(decode("0400000002000000ff410000").Value).toEqual("\ufffdA");
});

test("a byte array is a copy", () => {
  const bytes = unhex("1d0000000100000005000000");
  const { Value } = DecodeVariant(bytes);
  bytes.fill(0);
  expect(Value).toEqual(Uint8Array.of(5));
});

test("a view into a larger block is read at its place", () => {
  const block = new Uint8Array(40);
  block.set(unhex("0200000007000000"), 13);
  expect(DecodeVariant(block.subarray(13, 21)).Value).toBe(7);
});

function nested(levels: number, header: string, footer: string): string {
  return header.repeat(levels) + footer;
}

test("nesting is allowed up to the limit, in arrays, values and keys", () => {
  for (const header of ["1c00000001000000", "1b0000000100000000000000"]) {
    for (const levels of [maxVariantDepth - 1, maxVariantDepth]) {
      const decoded = DecodeVariant(unhex(nested(levels, header, "00000000")));
      expect(decoded.Result).toBe(SocketError.SUCCESS);
    }
    expect(decode(nested(maxVariantDepth + 1, header, "00000000"))).toEqual(refused);
    expect(decode(nested(100_000, header, "00000000"))).toEqual(refused);
  }
});

const single = fc.float({ noDefaultInfinity: true });
const leaves = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 9 }),
  fc.tuple(single, single).map(([x, y]) => new Vector2(x, y)),
  fc.tuple(single, single, single).map(([x, y, z]) => new Vector3(x, y, z)),
  fc.tuple(single, single, single, single).map(([r, g, b, a]) => new Color(r, g, b, a)),
);
const variants = fc.letrec<{ value: Variant }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.array(tie("value"), { maxLength: 5 }),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.integer()), tie("value")), { maxLength: 5 })
      .map((entries) => new Map<Variant, Variant>(entries)),
  ),
})).value;

test("whatever is written is read again", () => {
  fc.assert(
    fc.property(variants, fc.constantFrom(...formats), (value, format) => {
      const bytes = EncodeVariant(value, format);
      expect(bytes.length % 4).toBe(0);
      expect(DecodeVariant(bytes, format)).toEqual({ Result: SocketError.SUCCESS, Value: value });
    }),
    { seed, numRuns: 300 },
  );
});

/** Values in a variant, containers included; a decoder that makes things up would have more. */
function countValues(value: Variant): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countValues(item), 1);
  if (!(value instanceof Map)) return 1;
  let sum = 1;
  for (const [key, item] of value)
    sum += countValues(key as Variant) + countValues(item as Variant);
  return sum;
}

const words = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 9, 14, 18, 19, 20, 27, 28, 29),
  fc.constantFrom(0x10002, 0x10003, 0x1001c, 0x5001b, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.nat({ max: 12 }),
);

test("no words make the decoder throw, or give more values than they can hold", () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), fc.constantFrom(...formats), (list, format) => {
      const bytes = new Uint8Array(Uint32Array.from(list).buffer);
      const { Result, Value } = DecodeVariant(bytes, format);
      expect(Result === SocketError.SUCCESS || Value === null).toBe(true);
      expect(countValues(Value) * 4).toBeLessThanOrEqual(Math.max(4, bytes.length));
    }),
    { seed, numRuns: 3_000 },
  );
});

test("changed bytes of a real variant never make the decoder throw", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(variants, changes, (value, edits) => {
      const bytes = EncodeVariant(value).slice();
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      const { Result } = DecodeVariant(bytes);
      expect([SocketError.SUCCESS, SocketError.PROTOCOL_ERROR]).toContain(Result);
    }),
    { seed, numRuns: 500 },
  );
});

test("an announcement of 2 GiB allocates nothing", () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 100; i++) expect(decode("1d00000000000080")).toEqual(refused);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
});
