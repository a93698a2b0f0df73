import { describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { StreamPeerBuffer } from "../../../networking/core/StreamPeerBuffer.ts";
import { bytes, pair } from "./PacketPair.ts";

describe("a full stream", () => {
  test("takes a packet entirely or not at all, header included", () => {
    for (let capacity = 20; capacity <= 28; capacity++) {
      const { stream, sender } = pair({ Capacity: capacity, WriteMost: () => 3 });
      sender.PutPacket(bytes(10));
      const fits = capacity >= 14 + 14;
      expect(sender.PutPacket(bytes(10))).toBe(fits ? SocketError.SUCCESS : SocketError.BUSY);
      expect(stream.GetAvailableBytes()).toBe(fits ? 28 : 14);
    }
  });

  test("that has room again takes the same packet", () => {
    const { sender, receiver } = pair({ Capacity: 16 });
    expect(sender.PutPacket(bytes(12, 1))).toBe(SocketError.SUCCESS);
    expect(sender.PutPacket(bytes(12, 2))).toBe(SocketError.BUSY);
    expect(receiver.GetPacket()).toEqual(bytes(12, 1));
    expect(sender.PutPacket(bytes(12, 2))).toBe(SocketError.SUCCESS);
    expect(receiver.GetPacket()).toEqual(bytes(12, 2));
  });
});

describe("a packet larger than the stream's whole buffer", () => {
  test("is handed over in pieces by later calls, and others are BUSY until it has gone", () => {
    const { sender, receiver } = pair({ Capacity: 1_000, WriteMost: () => 400 });
    const large = Uint8Array.from({ length: 5_000 }, (_, i) => i & 0xff);
    expect(sender.PutPacket(large)).toBe(SocketError.SUCCESS);
    expect(sender.PutPacket(bytes(1))).toBe(SocketError.BUSY);
    expect(sender.Flush()).toBe(SocketError.BUSY);
    const packets: Uint8Array[] = [];
    for (let round = 0; round < 20 && packets.length === 0; round++) {
      const packet = receiver.GetPacket();
      if (packet !== null) packets.push(packet);
      sender.Flush();
    }
    expect(packets).toEqual([large]);
    expect(sender.Flush()).toBe(SocketError.SUCCESS);
    expect(sender.PutPacket(bytes(1, 9))).toBe(SocketError.SUCCESS);
    expect(receiver.GetPacket()).toEqual(bytes(1, 9));
  });

  test("is pushed on by every call", () => {
    for (const call of ["GetPacket", "GetAvailablePacketCount", "GetVar", "Flush"] as const) {
      const { stream, sender } = pair({ Capacity: 16 });
      sender.PutPacket(bytes(17));
      stream.GetData(new Uint8Array(16));
      sender[call]();
      expect(sender.Flush()).toBe(SocketError.SUCCESS);
    }
  });

  test("is a copy, so the script may reuse its array", () => {
    const { sender, receiver } = pair({ Capacity: 100 });
    const data = bytes(150, 1);
    sender.PutPacket(data);
    data.fill(2);
    expect(receiver.GetPacket()).toBeNull();
    sender.Flush();
    expect(receiver.GetPacket()).toEqual(bytes(150, 1));
  });

  test("is BUSY with nothing stored when the stream takes nothing at all", () => {
    const { stream, sender, receiver } = pair({ Capacity: 16 });
    stream.PutData(bytes(16, 0));
    expect(sender.PutPacket(bytes(100))).toBe(SocketError.BUSY);
    expect(sender.Flush()).toBe(SocketError.SUCCESS);
    for (let i = 0; i < 4; i++) expect(receiver.GetPacket()).toEqual(bytes(0));
    expect(sender.PutPacket(bytes(100))).toBe(SocketError.SUCCESS);
  });

  test("loses its tail when the stream fails, and the code is told", () => {
    const { stream, sender } = pair({ Capacity: 16 });
    expect(sender.PutPacket(bytes(100))).toBe(SocketError.SUCCESS);
    stream.End(SocketError.CONNECTION_RESET);
    expect(sender.PutPacket(bytes(1))).toBe(SocketError.CONNECTION_RESET);
    expect(sender.Flush()).toBe(SocketError.SUCCESS);
    expect(sender.PutPacket(bytes(1))).toBe(SocketError.CONNECTION_RESET);
  });

  test("leaves a memory stream that cannot hold it as it was", () => {
    const buffer = new StreamPeerBuffer(100);
    const sender = new PacketPeerStream();
    sender.StreamPeer = buffer;
    expect(sender.PutPacket(bytes(97))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
    expect(buffer.GetSize()).toBe(0);
    expect(sender.PutPacket(bytes(96))).toBe(SocketError.SUCCESS);
  });
});
