import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { StreamPeer } from "../../../networking/core/StreamPeer.ts";
import { StreamPeerBuffer } from "../../../networking/core/StreamPeerBuffer.ts";
import { VariantFormat } from "../../../networking/core/Variant.ts";
import type { Variant } from "../../../networking/core/Variant.ts";
import { TrickleStream } from "./TrickleStream.ts";
import { hex, unhex } from "./VariantVectors.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`StreamPeer.test.ts: TEST_SEED=${seed}`);

type Value = number | bigint | string;
type Put = (stream: StreamPeer) => SocketError;
type Get = (stream: StreamPeer) => Value | null;

/** Name, value, how to put and get it, little-endian bytes, big-endian bytes. */
const typed: readonly (readonly [string, Value, Put, Get, string, string])[] = [
  ["8 least", -128, (s) => s.Put8(-128), (s) => s.Get8(), "80", "80"],
  ["8 most", 127, (s) => s.Put8(127), (s) => s.Get8(), "7f", "7f"],
  ["U8 most", 255, (s) => s.PutU8(255), (s) => s.GetU8(), "ff", "ff"],
  ["16 least", -32_768, (s) => s.Put16(-32_768), (s) => s.Get16(), "0080", "8000"],
  ["16", -2, (s) => s.Put16(-2), (s) => s.Get16(), "feff", "fffe"],
  ["U16", 0x1234, (s) => s.PutU16(0x1234), (s) => s.GetU16(), "3412", "1234"],
  ["U16 most", 65_535, (s) => s.PutU16(65_535), (s) => s.GetU16(), "ffff", "ffff"],
  ["32 least", -(2 ** 31), (s) => s.Put32(-(2 ** 31)), (s) => s.Get32(), "00000080", "80000000"],
  ["32", -2, (s) => s.Put32(-2), (s) => s.Get32(), "feffffff", "fffffffe"],
  ["U32", 0x12345678, (s) => s.PutU32(0x12345678), (s) => s.GetU32(), "78563412", "12345678"],
  [
    "U32 most",
    2 ** 32 - 1,
    (s) => s.PutU32(2 ** 32 - 1),
    (s) => s.GetU32(),
    "ffffffff",
    "ffffffff",
  ],
  ["64", -2n, (s) => s.Put64(-2n), (s) => s.Get64(), "feffffffffffffff", "fffffffffffffffe"],
  [
    "64 least",
    -(2n ** 63n),
    (s) => s.Put64(-(2n ** 63n)),
    (s) => s.Get64(),
    "0000000000000080",
    "8000000000000000",
  ],
  ["U64 1", 1n, (s) => s.PutU64(1n), (s) => s.GetU64(), "0100000000000000", "0000000000000001"],
  [
    "U64 most",
    2n ** 64n - 1n,
    (s) => s.PutU64(2n ** 64n - 1n),
    (s) => s.GetU64(),
    "ffffffffffffffff",
    "ffffffffffffffff",
  ],
  ["Half", 1.5, (s) => s.PutHalf(1.5), (s) => s.GetHalf(), "003e", "3e00"],
  ["Float", 1.5, (s) => s.PutFloat(1.5), (s) => s.GetFloat(), "0000c03f", "3fc00000"],
  [
    "Double",
    0.1,
    (s) => s.PutDouble(0.1),
    (s) => s.GetDouble(),
    "9a9999999999b93f",
    "3fb999999999999a",
  ],
  [
    "String",
    "hé",
    (s) => s.PutString("hé"),
    (s) => s.GetString(),
    "0300000068c3a9",
    "0000000368c3a9",
  ],
  ["empty String", "", (s) => s.PutString(""), (s) => s.GetString(), "00000000", "00000000"],
  [
    "Utf8String",
    "€",
    (s) => s.PutUtf8String("€"),
    (s) => s.GetUtf8String(),
    "03000000e282ac",
    "00000003e282ac",
  ],
  ["RawText", "abc", (s) => s.PutRawText("abc"), (s) => s.GetRawText(3), "616263", "616263"],
  ["GetString(3)", "abc", (s) => s.PutRawText("abc"), (s) => s.GetString(3), "616263", "616263"],
];

describe.each(typed)("%s", (_, value, put, get, little, big) => {
  test("has its bytes in both byte orders", () => {
    for (const [bigEndian, bytes] of [[false, little] as const, [true, big] as const]) {
      const stream = new StreamPeerBuffer();
      stream.BigEndian = bigEndian;
      expect(put(stream)).toBe(SocketError.SUCCESS);
      expect(hex(stream.GetDataArray())).toBe(bytes);
      stream.Seek(0);
      expect(get(stream)).toBe(value);
      expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
      expect(stream.GetAvailableBytes()).toBe(0);
    }
  });

  test("is null and consumes nothing until its last byte is there", () => {
    const stream = new TrickleStream();
    const bytes = unhex(little);
    for (const [index, byte] of bytes.entries()) {
      expect(get(stream)).toBeNull();
      expect(stream.GetLastError()).toBe(SocketError.BUSY);
      expect(stream.GetAvailableBytes()).toBe(index);
      stream.PutData(Uint8Array.of(byte));
    }
    expect(get(stream)).toBe(value);
    expect(stream.GetAvailableBytes()).toBe(0);
  });

  test("says FILE_EOF when the last byte will not come", () => {
    const stream = new TrickleStream();
    stream.PutData(unhex(little).subarray(0, -1));
    stream.End(SocketError.FILE_EOF);
    expect(get(stream)).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.FILE_EOF);
    expect(stream.GetAvailableBytes()).toBe(little.length / 2 - 1);
  });

  test("goes out entirely or not at all", () => {
    const size = little.length / 2;
    const exact = new TrickleStream({ Capacity: size });
    expect(put(exact)).toBe(SocketError.SUCCESS);
    expect(put(exact)).toBe(SocketError.BUSY);
    expect(exact.GetAvailableBytes()).toBe(size);
    exact.End(SocketError.FAILED);
    expect(put(exact)).toBe(SocketError.FAILED);
  });
});

test.each<readonly [string, (stream: StreamPeer) => SocketError, typeof Error]>([
  ["PutU8(300)", (s) => s.PutU8(300), RangeError],
  ["PutU8(-1)", (s) => s.PutU8(-1), RangeError],
  ["Put8(128)", (s) => s.Put8(128), RangeError],
  ["Put8(-129)", (s) => s.Put8(-129), RangeError],
  ["PutU16(65536)", (s) => s.PutU16(65_536), RangeError],
  ["Put16(32768)", (s) => s.Put16(32_768), RangeError],
  ["PutU32(2^32)", (s) => s.PutU32(2 ** 32), RangeError],
  ["Put32(2^31)", (s) => s.Put32(2 ** 31), RangeError],
  ["PutU64(2^64)", (s) => s.PutU64(2n ** 64n), RangeError],
  ["PutU64(-1)", (s) => s.PutU64(-1n), RangeError],
  ["Put64(2^63)", (s) => s.Put64(2n ** 63n), RangeError],
  ["PutU8(1.5)", (s) => s.PutU8(1.5), RangeError],
  ["Put64 of a number", (s) => s.Put64(1 as unknown as bigint), TypeError],
  ["PutU8 of text", (s) => s.PutU8("1" as unknown as number), TypeError],
  ["PutFloat of text", (s) => s.PutFloat("1" as unknown as number), TypeError],
  ["PutString of a number", (s) => s.PutString(1 as unknown as string), TypeError],
  ["PutVar of undefined", (s) => s.PutVar(undefined as unknown as Variant), TypeError],
])("%s is the script's mistake and sends nothing", (_, put, kind) => {
  const stream = new StreamPeerBuffer();
  expect(() => put(stream)).toThrow(kind);
  expect(stream.GetSize()).toBe(0);
});

test.each([-2, 1.5, 2 ** 28 + 1, NaN])("GetString(%d) is the script's mistake", (bytes) => {
  expect(() => new StreamPeerBuffer().GetString(bytes)).toThrow(RangeError);
});

describe("an announced length", () => {
  test.each([
    [9, "x".repeat(9)],
    [10, "x".repeat(10)],
    [11, null],
  ])("of %d bytes with a limit of 10", (length, text) => {
    const stream = new TrickleStream();
    stream.PutString("x".repeat(length));
    const before = stream.GetAvailableBytes();
    const error = text === null ? SocketError.PROTOCOL_ERROR : SocketError.SUCCESS;
    expect(stream.GetString(-1, 10)).toBe(text);
    expect(stream.GetLastError()).toBe(error);
    expect(stream.GetAvailableBytes()).toBe(text === null ? before : 0);
  });

  test("is limited to 64 KiB by default", () => {
    const stream = new TrickleStream({ Capacity: 2 ** 20 });
    stream.PutString("x".repeat(65_536));
    expect(stream.GetString()).toHaveLength(65_536);
    stream.PutString("x".repeat(65_537));
    expect(stream.GetUtf8String()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
    expect(stream.GetVar()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
  });

  test("of 4 GiB allocates nothing, and polling for 64 KiB does not allocate each time", () => {
    const stream = new TrickleStream();
    stream.PutU32(2 ** 32 - 1);
    const before = process.memoryUsage().arrayBuffers;
    expect(stream.GetString()).toBeNull();
    expect(stream.GetU32()).toBe(2 ** 32 - 1);
    stream.PutU32(65_536);
    for (let poll = 0; poll < 1_000; poll++) expect(stream.GetString()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.BUSY);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});

describe("variants", () => {
  test("are the bytes that Godot 3.2.3 puts, with its strings and its byte order", () => {
    const stream = new StreamPeerBuffer();
    stream.Variants = VariantFormat.GODOT_3;
    stream.PutVar({ k: [1, 2.5] });
    stream.PutString("hey");
    stream.PutUtf8String("hé");
    stream.BigEndian = true;
    stream.PutU16(0x1234);
    stream.PutFloat(1.5);
    stream.PutVar("x");
    expect(hex(stream.GetDataArray())).toBe(
      "2c000000120000000100000004000000010000006b000000130000000200000002000000010000000300000000" +
        "002040" +
        "03000000686579" +
        "0300000068c3a9" +
        "1234" +
        "3fc00000" +
        "0000000c040000000100000078000000",
    );
    stream.Seek(0);
    stream.BigEndian = false;
    expect(stream.GetVar()).toEqual(new Map([["k", [1, 2.5]]]));
  });

  test("wait for their last byte", () => {
    const whole = new StreamPeerBuffer();
    whole.PutVar([1, "two"]);
    const stream = new TrickleStream();
    for (const byte of whole.GetDataArray()) {
      expect(stream.GetVar()).toBeNull();
      expect(stream.GetLastError()).toBe(SocketError.BUSY);
      stream.PutData(Uint8Array.of(byte));
    }
    expect(stream.GetVar()).toEqual([1, "two"]);
  });

  test("tell nil from nothing", () => {
    const stream = new TrickleStream();
    stream.PutVar(null);
    expect(stream.GetVar()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
    expect(stream.GetVar()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.BUSY);
  });

  test("that are none are consumed, and the stream goes on", () => {
    const stream = new TrickleStream();
    stream.PutString("no variant");
    stream.PutVar(7);
    expect(stream.GetVar()).toBeNull();
    expect(stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
    expect(stream.GetVar()).toBe(7);
  });
});

test("a byte order mark and what is not UTF-8 are kept apart from the framing", () => {
  const stream = new StreamPeerBuffer();
  stream.PutString("\ufeffa");
  stream.PutU32(2);
  stream.PutData(Uint8Array.of(0xff, 0x62));
  stream.Seek(0);
  expect(stream.GetString()).toBe("\ufeffa");
  expect(stream.GetString()).toBe("\ufffdb");
});

test("FailProtocol is PROTOCOL_ERROR", () => {
  const stream = new StreamPeerBuffer();
  stream.FailProtocol();
  expect(stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
});

test("any sequence of values survives a stream that splits it anywhere", () => {
  const choice = fc.tuple(fc.nat({ max: typed.length - 1 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 30 }), fc.nat({ max: 8 }), (list, step) => {
      const whole = new StreamPeerBuffer();
      for (const [index, bigEndian] of list) {
        whole.BigEndian = bigEndian;
        typed[index]![2](whole);
      }
      const bytes = whole.GetDataArray();
      const stream = new TrickleStream();
      let sent = 0;
      for (const [index, bigEndian] of list) {
        stream.BigEndian = bigEndian;
        let value = typed[index]![3](stream);
        while (value === null && sent < bytes.length) {
          stream.PutData(bytes.subarray(sent, sent + step + 1));
          sent = Math.min(bytes.length, sent + step + 1);
          value = typed[index]![3](stream);
        }
        expect(value).toBe(typed[index]![1]);
      }
    }),
    { seed },
  );
});
