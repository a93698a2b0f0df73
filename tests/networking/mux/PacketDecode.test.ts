import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { WireWriter } from "../../../networking/mux/WireWriter.ts";
import { AnyPacket, Comparable, TestSeed } from "./Packets.ts";

const seed = TestSeed("PacketDecode.test.ts");

/** Types whose payload ends where the message ends, so that many prefixes are packets too. */
const openEnded = new Set(["CONNECT", "DATA", "INFO", "LISTEN", "RESOLVE", "SECURE", "CLOSE"]);

describe.each(Object.entries(AnyPacket))("%s", (name, arbitrary) => {
  test("comes back as it went", () => {
    fc.assert(
      fc.property(arbitrary, (packet) => {
        const decoded = DecodePacket(EncodePacket(packet));
        expect(decoded.Ok && Comparable(decoded.Packet)).toEqual(Comparable(packet));
      }),
      { seed },
    );
  });

  test("every prefix is a packet or a named problem", () => {
    fc.assert(
      fc.property(arbitrary, (packet) => {
        const message = EncodePacket(packet);
        for (let length = 0; length < message.length; length++) {
          const decoded = DecodePacket(message.subarray(0, length));
          if (!openEnded.has(name)) expect(decoded).toEqual({ Ok: false, Problem: "short" });
          else if (decoded.Ok) expect(decoded.Packet.Type).toBe(packet.Type);
          else expect(["short", "value"]).toContain(decoded.Problem);
        }
      }),
      { seed, numRuns: 30 },
    );
  });
});

describe("a packet that is too long", () => {
  test.each(Object.entries(AnyPacket).filter(([name]) => !openEnded.has(name)))(
    "%s with a byte more is refused",
    (_name, arbitrary) => {
      fc.assert(
        fc.property(arbitrary, (packet) => {
          const longer = new Uint8Array([...EncodePacket(packet), 0]);
          expect(DecodePacket(longer)).toEqual({ Ok: false, Problem: "long" });
        }),
        { seed, numRuns: 20 },
      );
    },
  );
});

test("random bytes give a packet or a problem, never an exception", () => {
  const type = fc.constantFrom(...Object.values(PacketType), 0x00, 0x06, 0xcf, 0xdd, 0xff);
  fc.assert(
    fc.property(type, fc.uint8Array({ maxLength: 120 }), (first, rest) => {
      const decoded = DecodePacket(new Uint8Array([first, ...rest]));
      if (!decoded.Ok) expect(["short", "long", "value", "type"]).toContain(decoded.Problem);
      else expect(decoded.Packet.Type).toBe(first);
    }),
    { seed, numRuns: 3_000 },
  );
});

test("the layout is Wisp's: type, little-endian stream id, payload", () => {
  const connect: Packet = {
    Type: PacketType.CONNECT,
    Stream: 0x01020304,
    StreamType: 1,
    Port: 0x1234,
    Host: "é.de",
  };
  const bytes = [0x01, 4, 3, 2, 1, 1, 0x34, 0x12, 0xc3, 0xa9, 0x2e, 0x64, 0x65];
  expect([...EncodePacket(connect)]).toEqual(bytes);
});

test("DATA is a view on the message, not a copy", () => {
  const message = new Uint8Array([2, 1, 0, 0, 0, 7, 8]);
  const decoded = DecodePacket(message);
  expect(decoded.Ok && decoded.Packet.Type === PacketType.DATA && decoded.Packet.Data.buffer).toBe(
    message.buffer,
  );
});

test("CLOSE has a code only with two more bytes", () => {
  expect(DecodePacket(new Uint8Array([4, 1, 0, 0, 0, 2]))).toMatchObject({
    Packet: { Code: null },
  });
  expect(DecodePacket(new Uint8Array([4, 1, 0, 0, 0, 2, 19, 0]))).toMatchObject({
    Packet: { Code: 19 },
  });
  expect(DecodePacket(new Uint8Array([4, 1, 0, 0, 0, 2, 19]))).toMatchObject({ Problem: "short" });
  expect(DecodePacket(new Uint8Array([4, 1, 0, 0, 0, 2, 19, 0, 0]))).toMatchObject({
    Problem: "long",
  });
});

describe("values without a meaning", () => {
  const header = (type: number): WireWriter => new WireWriter().U8(type).U32(1);

  test("an offset of 2^53 is refused, one less is not", () => {
    const most = header(PacketType.WINDOW)
      .U64(2n ** 53n - 1n)
      .Take();
    expect(DecodePacket(most)).toMatchObject({ Packet: { Offset: Number.MAX_SAFE_INTEGER } });
    const more = header(PacketType.WINDOW)
      .U64(2n ** 53n)
      .Take();
    expect(DecodePacket(more)).toEqual({ Ok: false, Problem: "value" });
  });

  test("text that is not UTF-8", () => {
    const message = header(PacketType.CONNECT).U8(1).U16(80).U8(0xff).Take();
    expect(DecodePacket(message)).toEqual({ Ok: false, Problem: "value" });
  });

  test("a host of the longest length is taken, a longer one is not", () => {
    const connect = (length: number) =>
      DecodePacket(header(PacketType.CONNECT).U8(1).U16(80).Text("a".repeat(length)).Take());
    expect(connect(MuxLimits.maxHostBytes).Ok).toBe(true);
    expect(connect(MuxLimits.maxHostBytes + 1)).toEqual({ Ok: false, Problem: "value" });
  });

  test("an address of five bytes", () => {
    const message = header(PacketType.LISTENING).U8(5).U32(0).U8(0).U16(1).Take();
    expect(DecodePacket(message)).toEqual({ Ok: false, Problem: "value" });
  });

  test("a family that is none", () => {
    const message = header(PacketType.RESOLVE).U8(5).Text("a").Take();
    expect(DecodePacket(message)).toEqual({ Ok: false, Problem: "value" });
  });

  test("more addresses than there may be, or one that is unknown", () => {
    const resolved = (count: number, length: number) => {
      const writer = header(PacketType.RESOLVED).U16(0).U32(60).U8(count);
      for (let i = 0; i < count; i++) writer.U8(length).Bytes(new Uint8Array(length));
      return DecodePacket(writer.Take());
    };
    expect(resolved(MuxLimits.maxAddresses, 4).Ok).toBe(true);
    expect(resolved(MuxLimits.maxAddresses + 1, 4)).toEqual({ Ok: false, Problem: "value" });
    expect(resolved(1, 0)).toEqual({ Ok: false, Problem: "value" });
  });

  test("more extensions than there may be", () => {
    const info = (count: number) => {
      const writer = header(PacketType.INFO).U8(2).U8(0);
      for (let i = 0; i < count; i++) writer.U8(i).U32(0);
      return DecodePacket(writer.Take());
    };
    expect(info(MuxLimits.maxExtensions).Ok).toBe(true);
    expect(info(MuxLimits.maxExtensions + 1)).toEqual({ Ok: false, Problem: "value" });
  });
});
