import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameDecoder, FrameEncoder } from "../../../networking/core/FrameCodec.ts";
import type { FrameOptions } from "../../../networking/core/FrameCodec.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { TrickleStream } from "./TrickleStream.ts";
import { hex, unhex } from "./VariantVectors.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`FrameCodec.test.ts: TEST_SEED=${seed}`);

/** As PacketPeerStream uses it. */
const godot: FrameOptions = {
  PrefixBytes: 4,
  BigEndian: false,
  MinPayload: 0,
  MaxPayload: 65_532,
};
/** As GridMate's driver uses it. */
const gridMate: FrameOptions = {
  PrefixBytes: 2,
  BigEndian: true,
  MinPayload: 1,
  MaxPayload: 65_535,
};

function streamOf(bytes: Uint8Array | string, readMost?: () => number): TrickleStream {
  const Capacity = 2 ** 20;
  const stream = new TrickleStream(readMost ? { Capacity, ReadMost: readMost } : { Capacity });
  stream.PutData(typeof bytes === "string" ? unhex(bytes) : bytes);
  return stream;
}

function encode(options: FrameOptions, payloads: readonly Uint8Array[]): Uint8Array {
  const encoder = new FrameEncoder(options);
  const parts = payloads.flatMap((payload) => {
    const header = new Uint8Array(encoder.HeaderBytes);
    encoder.WriteHeader(payload.length, header);
    return [header, payload];
  });
  return Uint8Array.from(Buffer.concat(parts));
}

test.each<[string, Partial<FrameOptions>, string]>([
  ["u16 big-endian", { PrefixBytes: 2, BigEndian: true }, "1234"],
  ["u16 little-endian", { PrefixBytes: 2, BigEndian: false }, "3412"],
  ["u32 big-endian", { PrefixBytes: 4, BigEndian: true }, "00001234"],
  ["u32 little-endian", { PrefixBytes: 4, BigEndian: false }, "34120000"],
])("a header in %s", (_, shape, bytes) => {
  const options = { ...godot, ...shape };
  const header = new Uint8Array(options.PrefixBytes);
  expect(new FrameEncoder(options).WriteHeader(0x1234, header)).toBe(SocketError.SUCCESS);
  expect(hex(header)).toBe(bytes);
  expect(new FrameDecoder(options).Announced(streamOf(bytes))).toBe(0x1234);
});

describe.each([
  ["Godot's", godot],
  ["GridMate's", gridMate],
])("%s limits", (_, options) => {
  const { MinPayload: least, MaxPayload: most } = options;

  test("hold for the sender", () => {
    const encoder = new FrameEncoder(options);
    const header = new Uint8Array(4);
    expect(encoder.WriteHeader(most - 1, header)).toBe(SocketError.SUCCESS);
    expect(encoder.WriteHeader(most, header)).toBe(SocketError.SUCCESS);
    expect(encoder.WriteHeader(least, header)).toBe(SocketError.SUCCESS);
    const kept = hex(header);
    expect(encoder.WriteHeader(most + 1, header)).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
    expect(encoder.WriteHeader(least - 1, header)).toBe(SocketError.INVALID_PARAMETER);
    expect(hex(header)).toBe(kept);
  });

  test("are given to the receiver", () => {
    for (const length of [least, least + 1, most - 1, most]) {
      const payload = new Uint8Array(length).fill(7);
      const stream = streamOf(encode(options, [payload]));
      const decoder = new FrameDecoder(options);
      expect(decoder.Read(stream)).toEqual(payload);
      expect(decoder.GetError()).toBe(SocketError.SUCCESS);
      expect(decoder.Read(stream)).toBeNull();
      expect(decoder.GetError()).toBe(SocketError.UNAVAILABLE);
    }
  });
});

test.each([
  ["one over the limit", godot, "fdff0000"],
  ["2^31-1", godot, "ffffff7f"],
  ["2^31", godot, "00000080"],
  ["2^32-1", godot, "ffffffff"],
  ["2^31, big-endian", { ...godot, BigEndian: true }, "80000000"],
  ["zero where it is forbidden", gridMate, "0000"],
])("a length of %s breaks the decoder for ever, and allocates nothing", (_, options, header) => {
  const stream = streamOf(header);
  const before = process.memoryUsage().arrayBuffers;
  const decoder = new FrameDecoder(options);
  expect(decoder.Read(stream)).toBeNull();
  expect(decoder.GetError()).toBe(SocketError.PROTOCOL_ERROR);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(65_536);
  stream.PutData(encode(options, [Uint8Array.of(1)]));
  const left = stream.GetAvailableBytes();
  expect(decoder.Announced(stream)).toBe(-1);
  expect(decoder.Read(stream)).toBeNull();
  expect(decoder.GetError()).toBe(SocketError.PROTOCOL_ERROR);
  expect(stream.GetAvailableBytes()).toBe(left);
});

test("an empty frame is a frame where it is allowed", () => {
  const decoder = new FrameDecoder(godot);
  const stream = streamOf("000000000100000041");
  expect(decoder.Read(stream)).toEqual(new Uint8Array(0));
  expect(decoder.Read(stream)).toEqual(Uint8Array.of(0x41));
});

test("Announced reads the header only, once", () => {
  const decoder = new FrameDecoder(gridMate);
  const stream = streamOf("0003616263");
  expect(decoder.Announced(stream)).toBe(3);
  expect(decoder.Announced(stream)).toBe(3);
  expect(stream.GetAvailableBytes()).toBe(3);
  expect(decoder.Read(stream)).toEqual(unhex("616263"));
});

test("an announcement alone gets no more than 1 KiB, and memory follows what arrives", () => {
  const options = { ...godot, MaxPayload: 2 ** 28 };
  const stream = streamOf("00000010");
  const decoder = new FrameDecoder(options);
  const before = process.memoryUsage().arrayBuffers;
  expect(decoder.Read(stream)).toBeNull();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 16);
  stream.PutData(new Uint8Array(2 ** 19));
  expect(decoder.Read(stream)).toBeNull();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  expect(decoder.Announced(stream)).toBe(2 ** 28);
});

test("a source that fails in the middle of a frame ends that frame, and its code is told", () => {
  for (const begun of ["05", "05000000", "0500000061"]) {
    const decoder = new FrameDecoder(godot);
    const stream = streamOf(begun);
    expect(decoder.Read(stream)).toBeNull();
    expect(decoder.GetError()).toBe(SocketError.UNAVAILABLE);
    stream.End(SocketError.CONNECTION_RESET);
    expect(decoder.Read(stream)).toBeNull();
    expect(decoder.GetError()).toBe(SocketError.CONNECTION_RESET);
    expect(decoder.Read(streamOf("0100000042"))).toEqual(Uint8Array.of(0x42));
  }
});

test("a source that is busy has nothing yet", () => {
  const decoder = new FrameDecoder(godot);
  const stream = streamOf("0100");
  decoder.Read(stream);
  stream.End(SocketError.BUSY);
  expect(decoder.Read(stream)).toBeNull();
  expect(decoder.GetError()).toBe(SocketError.UNAVAILABLE);
  expect(decoder.Read(streamOf("000042"))).toEqual(Uint8Array.of(0x42));
});

test("a new limit is for the headers that follow", () => {
  const decoder = new FrameDecoder(godot);
  const stream = streamOf("0300000061");
  expect(decoder.Read(stream)).toBeNull();
  decoder.SetMaxPayload(2);
  stream.PutData(unhex("626302000000616203000000616263"));
  expect(decoder.Read(stream)).toEqual(unhex("616263"));
  expect(decoder.Read(stream)).toEqual(unhex("6162"));
  expect(decoder.Read(stream)).toBeNull();
  expect(decoder.GetError()).toBe(SocketError.PROTOCOL_ERROR);
});

test.each([
  ["0", { ...godot, MaxPayload: 0 }],
  ["more than 16 bits say", { ...gridMate, MaxPayload: 65_536 }],
  ["more than 256 MiB", { ...godot, MaxPayload: 2 ** 28 + 1 }],
  ["a fraction", { ...godot, MaxPayload: 1.5 }],
])("a MaxPayload of %s is the script's mistake", (_, options) => {
  expect(() => new FrameEncoder(options)).toThrow(RangeError);
  expect(() => new FrameDecoder(options)).toThrow(RangeError);
  expect(() => new FrameDecoder(gridMate).SetMaxPayload(options.MaxPayload + 2 ** 29)).toThrow(
    RangeError,
  );
});

test("frames survive every way of splitting them", () => {
  const payloads = [new Uint8Array(1).fill(1), new Uint8Array(5).fill(2), new Uint8Array(3)];
  for (const options of [godot, gridMate]) {
    const bytes = encode(options, payloads);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = new FrameDecoder(options);
      const stream = streamOf(bytes.subarray(0, cut));
      const frames: Uint8Array[] = [];
      for (const rest of [bytes.subarray(cut), new Uint8Array(0)]) {
        for (let frame; (frame = decoder.Read(stream)) !== null;) frames.push(frame);
        stream.PutData(rest);
      }
      expect(frames).toEqual(payloads);
    }
  }
});

test("any frames survive any reads, short ones and none", () => {
  const sizes = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 5_000 }));
  const reads = fc.infiniteStream(fc.nat({ max: 1_500 }));
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 12 }), reads, (lengths, most) => {
      const payloads = lengths.map((length, i) => new Uint8Array(length).fill(i + 1));
      const stream = streamOf(encode(godot, payloads), () => most.next().value ?? 1);
      const decoder = new FrameDecoder(godot);
      const frames: Uint8Array[] = [];
      for (let call = 0; call < 1_000_000 && frames.length < payloads.length; call++) {
        const frame = decoder.Read(stream);
        if (frame !== null) frames.push(frame);
      }
      expect(frames).toEqual(payloads);
      expect(decoder.Read(stream)).toBeNull();
      expect(decoder.GetError()).toBe(SocketError.UNAVAILABLE);
    }),
    { seed },
  );
});

test("no bytes make the decoder throw or give what was not sent", () => {
  const noise = fc.uint8Array({ maxLength: 200 });
  const anyOptions = fc.constantFrom(godot, gridMate, { ...godot, MaxPayload: 16 });
  fc.assert(
    fc.property(noise, anyOptions, (bytes, options) => {
      const stream = streamOf(bytes);
      const decoder = new FrameDecoder(options);
      const frames: Uint8Array[] = [];
      for (let frame; (frame = decoder.Read(stream)) !== null;) frames.push(frame);
      const echoed = encode(options, frames);
      expect(bytes.subarray(0, echoed.length)).toEqual(echoed);
    }),
    { seed, numRuns: 500 },
  );
});
