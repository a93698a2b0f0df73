import { describe, expect, test } from "vitest";
import { WireReader } from "../../../networking/mux/WireReader.ts";

/** A reader of these bytes, which lie in the middle of a larger message. */
function reader(...bytes: number[]): WireReader {
  return new WireReader(Uint8Array.from([0xee, ...bytes, 0xee]).subarray(1, 1 + bytes.length));
}

const encoder = new TextEncoder();

describe("numbers", () => {
  test("are little-endian and follow each other", () => {
    const r = reader(...Array.from({ length: 15 }, (_, i) => i + 1));
    const values = [r.U8(), r.U16(), r.U32(), r.U64()];
    expect(values).toEqual([1, 0x0302, 0x07060504, 0x0f0e0d0c0b0a0908n]);
    expect([r.Left(), r.Problem()]).toEqual([0, null]);
  });

  test.each([
    ["U8", 1, 0],
    ["U16", 2, 0],
    ["U32", 4, 0],
    ["U64", 8, 0n],
    ["Offset", 8, 0],
  ] as const)("%s needs %d bytes: one fewer is short and reads as zero", (field, size, zero) => {
    const full = Array.from({ length: size }, (_, i) => (i === 0 ? 1 : 0));
    const [enough, short] = [reader(...full), reader(...full.slice(0, -1))];
    const more = reader(...full, 1);
    expect([enough[field]() === zero, enough.Problem()]).toEqual([false, null]);
    expect([short[field](), short.Problem()]).toEqual([zero, "short"]);
    more[field]();
    expect([more.Left(), more.Problem()]).toEqual([1, "long"]);
  });

  test("are unsigned", () => {
    const r = reader(...Array.from({ length: 15 }, () => 0xff));
    expect([r.U8(), r.U16(), r.U32(), r.U64()]).toEqual([255, 65_535, 2 ** 32 - 1, 2n ** 64n - 1n]);
  });

  test("Offset goes up to 2^53 - 1, the largest that a number holds", () => {
    expect(reader(255, 255, 255, 255, 255, 255, 0x1f, 0).Offset()).toBe(Number.MAX_SAFE_INTEGER);
    const over = reader(0, 0, 0, 0, 0, 0, 0x20, 0);
    expect([over.Offset(), over.Problem()]).toEqual([0, "value"]);
  });
});

describe("problems", () => {
  test("the first one stays, and everything after it is zero and empty", () => {
    const r = reader(1, 2, 3);
    r.U32();
    r.Reject();
    expect([r.U8(), r.Left(), r.Problem()]).toEqual([0, 0, "short"]);
    expect([r.Bytes(1).length, r.Rest(9), r.Address().IsValid()]).toEqual([0, "", false]);
    const rejected = reader(1);
    rejected.Reject();
    rejected.U32();
    expect(rejected.Problem()).toBe("value");
  });

  test("nothing is one in an empty message that nobody reads", () => {
    expect(reader().Problem()).toBeNull();
  });
});

describe("Bytes and Rest", () => {
  test("Bytes is a view on the message, up to its last byte", () => {
    const message = Uint8Array.of(1, 2, 3);
    const r = new WireReader(message);
    const view = r.Bytes(3);
    message[0] = 9;
    expect([[...view], r.Problem()]).toEqual([[9, 2, 3], null]);
    expect([r.Bytes(0).length, r.Problem()]).toEqual([0, null]);
    expect([r.Bytes(1).length, r.Problem()]).toEqual([0, "short"]);
  });

  test.each([
    ["ü1", 4, "ü1", null],
    ["ü12", 4, "ü12", null],
    ["ü123", 4, "", "value"],
  ] as const)("Rest takes %j within %d bytes, not characters", (text, most, result, problem) => {
    const r = reader(...encoder.encode(text));
    expect([r.Rest(most), r.Problem()]).toEqual([result, problem]);
  });

  test("Rest refuses what is no UTF-8, and keeps a byte order mark", () => {
    const bad = reader(0x61, 0xff);
    expect([bad.Rest(9), bad.Problem()]).toEqual(["", "value"]);
    expect(reader(0xef, 0xbb, 0xbf, 0x61).Rest(9)).toBe("\ufeffa");
  });
});

describe("Address and Endpoint", () => {
  test("are unknown, IPv4 or IPv6 by their length, and no other", () => {
    expect(reader(0).Address().IsValid()).toBe(false);
    expect(reader(4, 10, 0, 0, 1).Address().ToString()).toBe("10.0.0.1");
    const v6 = Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0));
    expect(
      reader(16, ...v6)
        .Address()
        .ToString(),
    ).toBe("::1");
    for (const length of [1, 3, 5, 15, 17, 255]) {
      const r = reader(length, ...new Uint8Array(length));
      expect([r.Address().IsValid(), r.Problem()]).toEqual([false, "value"]);
    }
  });

  test("an address that is cut off is short", () => {
    const r = reader(4, 10, 0, 0);
    expect([r.Address().IsValid(), r.Problem()]).toEqual([false, "short"]);
  });

  test("an address does not change with the message it came in", () => {
    const message = Uint8Array.of(4, 10, 0, 0, 1, 80, 0);
    const { Address, Port } = new WireReader(message).Endpoint();
    message.fill(0);
    expect([Address.ToString(), Port]).toEqual(["10.0.0.1", 80]);
  });
});
