import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { bytes, pair } from "./PacketPair.ts";
import { hex, unhex } from "./VariantVectors.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`PacketPeerStream.test.ts: TEST_SEED=${seed}`);

test("a packet is a u32 little-endian length and its bytes", () => {
  const { stream, sender } = pair();
  expect(sender.PutPacket(unhex("616263"))).toBe(SocketError.SUCCESS);
  const wire = new Uint8Array(7);
  expect(stream.GetData(wire)).toBe(SocketError.SUCCESS);
  expect(hex(wire)).toBe("03000000616263");
});

test("packets come out in order, whole, and counted", () => {
  const { sender, receiver } = pair();
  for (const length of [1, 300, 2]) sender.PutPacket(bytes(length, length & 0xff));
  expect(receiver.GetAvailablePacketCount()).toBe(3);
  expect(receiver.GetPacket()).toEqual(bytes(1, 1));
  sender.PutPacket(bytes(4, 4));
  expect(receiver.GetAvailablePacketCount()).toBe(3);
  const rest = [receiver.GetPacket(), receiver.GetPacket(), receiver.GetPacket()];
  expect(rest).toEqual([bytes(300, 44), bytes(2, 2), bytes(4, 4)]);
  expect(receiver.GetPacketError()).toBe(SocketError.SUCCESS);
  expect(receiver.GetAvailablePacketCount()).toBe(0);
});

test("nothing available is null and UNAVAILABLE, half a packet too", () => {
  const { stream, receiver } = pair();
  for (const part of ["", "02", "000000", "61"]) {
    stream.PutData(unhex(part));
    expect(receiver.GetPacket()).toBeNull();
    expect(receiver.GetPacketError()).toBe(SocketError.UNAVAILABLE);
    expect(receiver.GetAvailablePacketCount()).toBe(0);
  }
  stream.PutData(unhex("62"));
  expect(receiver.GetPacket()).toEqual(unhex("6162"));
});

test("without a stream nothing can be had or put", () => {
  const peer = new PacketPeerStream();
  expect(peer.StreamPeer).toBeNull();
  expect(peer.GetPacket()).toBeNull();
  expect(peer.GetPacketError()).toBe(SocketError.UNAVAILABLE);
  expect(peer.GetAvailablePacketCount()).toBe(0);
  expect(peer.PutPacket(bytes(1))).toBe(SocketError.FAILED);
  expect(peer.Flush()).toBe(SocketError.SUCCESS);
});

test("variants travel as packets", () => {
  const { sender, receiver } = pair();
  expect(sender.PutVar({ hp: 7, at: [1.5, null] })).toBe(SocketError.SUCCESS);
  expect(receiver.GetVar()).toEqual(
    new Map<string, unknown>([
      ["hp", 7],
      ["at", [1.5, null]],
    ]),
  );
});

test("an empty packet is refused, and received from others", () => {
  const { stream, sender, receiver } = pair();
  expect(sender.PutPacket(bytes(0))).toBe(SocketError.INVALID_PARAMETER);
  expect(stream.GetAvailableBytes()).toBe(0);
  stream.PutU32(0);
  expect(receiver.GetAvailablePacketCount()).toBe(1);
  expect(receiver.GetPacket()).toEqual(bytes(0));
  expect(receiver.GetPacketError()).toBe(SocketError.SUCCESS);
});

test("what is no byte array is the script's mistake", () => {
  expect(() => pair().sender.PutPacket("text" as unknown as Uint8Array)).toThrow(TypeError);
});

describe("the buffer sizes", () => {
  test("are 64 KiB, and the largest packet of a default sender suits a default receiver", () => {
    const { sender, receiver } = pair();
    expect([sender.OutputBufferMaxSize, receiver.InputBufferMaxSize]).toEqual([65_536, 65_536]);
    for (const length of [65_531, 65_532]) {
      expect(sender.PutPacket(bytes(length))).toBe(SocketError.SUCCESS);
      expect(receiver.GetPacket()).toHaveLength(length);
    }
    expect(sender.PutPacket(bytes(65_533))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  });

  test.each([256, 512, 2 ** 20, 2 ** 28])("may be %d", (size) => {
    const peer = new PacketPeerStream();
    peer.InputBufferMaxSize = size;
    peer.OutputBufferMaxSize = size;
    expect([peer.InputBufferMaxSize, peer.OutputBufferMaxSize]).toEqual([size, size]);
  });

  test.each([0, -1, 128, 257, 65_535, 65_537, 2 ** 29, 1.5, NaN])("may not be %d", (size) => {
    const peer = new PacketPeerStream();
    expect(() => (peer.InputBufferMaxSize = size)).toThrow(RangeError);
    expect(() => (peer.OutputBufferMaxSize = size)).toThrow(RangeError);
    expect([peer.InputBufferMaxSize, peer.OutputBufferMaxSize]).toEqual([65_536, 65_536]);
  });

  test.each([
    [251, SocketError.SUCCESS, SocketError.SUCCESS],
    [252, SocketError.SUCCESS, SocketError.SUCCESS],
    [253, SocketError.OUT_OF_BUFFER_MEMORY, SocketError.PROTOCOL_ERROR],
  ])("of 256 and a packet of %d", (length, put, got) => {
    const { stream, sender, receiver } = pair();
    sender.OutputBufferMaxSize = 256;
    receiver.InputBufferMaxSize = 256;
    expect(sender.PutPacket(bytes(length))).toBe(put);
    if (put !== SocketError.SUCCESS) stream.PutU32(length);
    expect(receiver.GetPacket()?.length ?? 0).toBe(got === SocketError.SUCCESS ? length : 0);
    expect(receiver.GetPacketError()).toBe(got);
  });

  test("bound what is decoded and not taken; the rest stays in the stream", () => {
    const { stream, sender, receiver } = pair({ Capacity: 10_000 });
    receiver.InputBufferMaxSize = 256;
    for (let i = 0; i < 10; i++) sender.PutPacket(bytes(60, i));
    expect(receiver.GetAvailablePacketCount()).toBe(4);
    expect(stream.GetAvailableBytes()).toBe(640 - 4 * 64 - 4);
    for (let i = 0; i < 10; i++) expect(receiver.GetPacket()).toEqual(bytes(60, i));
    expect(receiver.GetPacket()).toBeNull();
  });

  test("that shrink leave a packet under way its room", () => {
    const { stream, receiver } = pair();
    stream.PutU32(1_000);
    expect(receiver.GetAvailablePacketCount()).toBe(0);
    receiver.InputBufferMaxSize = 256;
    stream.PutData(bytes(1_000));
    expect(receiver.GetAvailablePacketCount()).toBe(1);
    expect(receiver.GetPacket()).toHaveLength(1_000);
  });
});

describe("a frame over the limit", () => {
  test.each([65_533, 2 ** 31, 2 ** 32 - 1])("of %d ends the stream once", (length) => {
    const { stream, receiver } = pair();
    stream.PutU32(length);
    stream.PutData(bytes(10));
    for (let call = 0; call < 3; call++) {
      expect(receiver.GetPacket()).toBeNull();
      expect(receiver.GetPacketError()).toBe(SocketError.PROTOCOL_ERROR);
    }
    expect(stream.ProtocolFailures).toBe(1);
    expect(stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
    expect(receiver.PutPacket(bytes(1))).toBe(SocketError.PROTOCOL_ERROR);
  });

  test("does not take away the packets before it", () => {
    const { stream, sender, receiver } = pair();
    sender.PutPacket(bytes(2));
    sender.PutPacket(bytes(3));
    stream.PutU32(2 ** 31);
    expect(receiver.GetAvailablePacketCount()).toBe(2);
    expect(stream.ProtocolFailures).toBe(1);
    expect([receiver.GetPacket(), receiver.GetPacket()]).toEqual([bytes(2), bytes(3)]);
    expect(receiver.GetPacket()).toBeNull();
    expect(receiver.GetPacketError()).toBe(SocketError.PROTOCOL_ERROR);
  });
});

test("the end of the stream is told after the packets before it", () => {
  const { stream, sender, receiver } = pair();
  sender.PutPacket(bytes(2));
  stream.PutData(unhex("0900"));
  stream.End(SocketError.FILE_EOF);
  expect(receiver.GetPacket()).toEqual(bytes(2));
  expect(receiver.GetPacket()).toBeNull();
  expect(receiver.GetPacketError()).toBe(SocketError.FILE_EOF);
});

test("assigning a stream, even the same one, starts afresh", () => {
  const { stream, sender, receiver } = pair({ Capacity: 64 });
  sender.PutPacket(bytes(5));
  sender.PutPacket(bytes(100));
  expect(receiver.GetAvailablePacketCount()).toBe(1);
  sender.StreamPeer = stream;
  receiver.StreamPeer = stream;
  expect(sender.Flush()).toBe(SocketError.SUCCESS);
  expect(receiver.GetAvailablePacketCount()).toBe(0);
  expect(stream.GetAvailableBytes()).toBe(0);
  sender.PutPacket(bytes(1));
  expect(receiver.GetPacket()).toEqual(bytes(1));
});

test("any packets survive any stream, in order and whole", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 });
  const amounts = fc.infiniteStream(fc.nat({ max: 90 }));
  const capacity = fc.integer({ min: 1, max: 900 });
  fc.assert(
    fc.property(sizes, amounts, capacity, fc.boolean(), (lengths, amount, Capacity, count) => {
      const most = (): number => amount.next().value ?? 1;
      const { sender, receiver } = pair({ Capacity, ReadMost: most, WriteMost: most });
      sender.OutputBufferMaxSize = 1_024;
      receiver.InputBufferMaxSize = 1_024;
      const waiting = lengths.map((length, i) => bytes(length, i));
      const got: Uint8Array[] = [];
      for (let round = 0; round < 1_000_000 && got.length < lengths.length; round++) {
        const next = waiting[0];
        if (next !== undefined && sender.PutPacket(next) === SocketError.SUCCESS) waiting.shift();
        sender.Flush();
        if (count) receiver.GetAvailablePacketCount();
        const packet = receiver.GetPacket();
        if (packet !== null) got.push(packet);
      }
      expect(got).toEqual(lengths.map((length, i) => bytes(length, i)));
      expect(sender.Flush()).toBe(SocketError.SUCCESS);
    }),
    { seed },
  );
});
