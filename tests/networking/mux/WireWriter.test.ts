import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { WireWriter } from "../../../networking/mux/WireWriter.ts";

describe("WireWriter", () => {
  test("writes fields one after another, little-endian", () => {
    const bytes = new WireWriter()
      .U8(0x01)
      .U16(0x0302)
      .U32(0x07060504)
      .U64(0x0f0e0d0c0b0a0908n)
      .Take();
    expect([...bytes]).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });

  test("writes the largest value of each field", () => {
    const bytes = new WireWriter()
      .U8(255)
      .U16(65_535)
      .U32(2 ** 32 - 1)
      .U64(2n ** 64n - 1n)
      .Take();
    expect([...bytes]).toEqual(Array.from({ length: 15 }, () => 255));
  });

  test.each([
    [0, [0, 0, 0, 0, 0, 0, 0, 0]],
    [2 ** 32 - 1, [255, 255, 255, 255, 0, 0, 0, 0]],
    [2 ** 32, [0, 0, 0, 0, 1, 0, 0, 0]],
    [Number.MAX_SAFE_INTEGER, [255, 255, 255, 255, 255, 255, 0x1f, 0]],
  ])("writes the offset %d as u64", (offset, bytes) => {
    expect([...new WireWriter().Offset(offset).Take()]).toEqual(bytes);
  });

  test.each([63, 64, 65, 128, 129, 1_000])("keeps %d bytes, however they come", (count) => {
    const all = Uint8Array.from({ length: count }, (_, i) => i % 251);
    const single = new WireWriter();
    for (const byte of all) single.U8(byte);
    expect(single.Take()).toEqual(all);
    expect(new WireWriter().Bytes(all).Take()).toEqual(all);
    const behind = new WireWriter().U8(7).Bytes(all).U16(0x0908).Take();
    expect(behind).toEqual(Uint8Array.of(7, ...all, 8, 9));
  });

  test("Take gives bytes of its own, which later writes do not touch", () => {
    const writer = new WireWriter().U8(1);
    const taken = writer.Take();
    taken[0] = 9;
    writer.U8(2);
    expect([[...taken], [...writer.Take()], taken.buffer.byteLength]).toEqual([[9], [1, 2], 1]);
  });

  test("writes text as UTF-8, without a length or an end", () => {
    expect([...new WireWriter().Text("aü").Take()]).toEqual([0x61, 0xc3, 0xbc]);
  });

  test.each([
    ["", [0]],
    ["10.0.0.1", [4, 10, 0, 0, 1]],
    ["::ffff:10.0.0.1", [4, 10, 0, 0, 1]],
    ["::1", [16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])("writes the address %j with its length, and its port behind it", (text, bytes) => {
    const Address = new IpAddress(text);
    expect([...new WireWriter().Address(Address).Take()]).toEqual(bytes);
    const endpoint = new WireWriter().Endpoint({ Address, Port: 0x0201 }).Take();
    expect([...endpoint]).toEqual([...bytes, 1, 2]);
  });
});
