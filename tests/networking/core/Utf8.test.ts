import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  DecodeUtf8,
  EncodeUtf8,
  EncodeUtf8Into,
  maxUtf8BytesPerUnit,
} from "../../../networking/core/Utf8.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`Utf8.test.ts: TEST_SEED=${seed}`);

test.each([
  ["", []],
  ["A", [0x41]],
  ["\u007f", [0x7f]],
  ["\u0080", [0xc2, 0x80]],
  ["\u07ff", [0xdf, 0xbf]],
  ["\u0800", [0xe0, 0xa0, 0x80]],
  ["\uffff", [0xef, 0xbf, 0xbf]],
  ["\u{10000}", [0xf0, 0x90, 0x80, 0x80]],
  ["\u{10ffff}", [0xf4, 0x8f, 0xbf, 0xbf]],
  ["\ufeffbom", [0xef, 0xbb, 0xbf, 0x62, 0x6f, 0x6d]],
  ["a\0b", [0x61, 0x00, 0x62]],
])("%j has its bytes in both directions", (text, bytes) => {
  expect([...EncodeUtf8(text)]).toEqual(bytes);
  expect(DecodeUtf8(Uint8Array.from(bytes))).toBe(text);
});

test.each([
  ["a byte that starts nothing", [0xff], "\ufffd"],
  ["a lone continuation", [0x80, 0x41], "\ufffdA"],
  ["a sequence cut short", [0xe2, 0x82], "\ufffd"],
  ["an overlong zero", [0xc0, 0x80], "\ufffd\ufffd"],
  ["a surrogate", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
])("%s reads as U+FFFD", (_, bytes, text) => {
  expect(DecodeUtf8(Uint8Array.from(bytes))).toBe(text);
});

test("a lone surrogate is written as U+FFFD", () => {
  expect([...EncodeUtf8("\ud800")]).toEqual([0xef, 0xbf, 0xbd]);
});

test("EncodeUtf8Into writes whole characters only and leaves the rest alone", () => {
  const to = new Uint8Array(4).fill(7);
  expect(EncodeUtf8Into("€€", to)).toBe(3);
  expect([...to]).toEqual([0xe2, 0x82, 0xac, 7]);
});

test("text survives, in the room that the limit promises", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const room = new Uint8Array(text.length * maxUtf8BytesPerUnit);
      const written = EncodeUtf8Into(text, room);
      expect(room.subarray(0, written)).toEqual(EncodeUtf8(text));
      expect(DecodeUtf8(room.subarray(0, written))).toBe(text);
    }),
    { seed },
  );
});

test("no bytes make the decoder throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(DecodeUtf8(bytes).length).toBeLessThanOrEqual(bytes.length);
    }),
    { seed },
  );
});
