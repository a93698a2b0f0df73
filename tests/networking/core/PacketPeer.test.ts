import { expect, test } from "vitest";
import { PacketPeer } from "../../../networking/core/PacketPeer.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { VariantFormat } from "../../../networking/core/Variant.ts";
import type { Variant } from "../../../networking/core/Variant.ts";
import { hex, unhex } from "./VariantVectors.ts";

/** Packets that come back as they were put, up to 16 bytes. */
class EchoPeer extends PacketPeer {
  readonly Packets: Uint8Array[] = [];

  override GetAvailablePacketCount(): number {
    return this.Packets.length;
  }

  override GetPacket(): Uint8Array | null {
    const packet = this.Packets.shift() ?? null;
    this.setPacketError(packet === null ? SocketError.UNAVAILABLE : SocketError.SUCCESS);
    return packet;
  }

  override PutPacket(data: Uint8Array): SocketError {
    if (data.length > 16) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.Packets.push(data.slice());
    return SocketError.SUCCESS;
  }
}

test("a packet holds one variant, without a length", () => {
  const peer = new EchoPeer();
  expect(peer.PutVar([7])).toBe(SocketError.SUCCESS);
  expect(peer.Packets.map(hex)).toEqual(["1c000000010000000200000007000000"]);
  expect(peer.GetVar()).toEqual([7]);
  expect(peer.GetPacketError()).toBe(SocketError.SUCCESS);
});

test("the format is chosen by the property", () => {
  const peer = new EchoPeer();
  peer.Variants = VariantFormat.GODOT_3;
  peer.PutVar([]);
  expect(peer.Packets.map(hex)).toEqual(["1300000000000000"]);
  expect(peer.GetVar()).toEqual([]);
});

test("nil and nothing differ in GetPacketError", () => {
  const peer = new EchoPeer();
  peer.PutVar(null);
  expect([peer.GetVar(), peer.GetPacketError()]).toEqual([null, SocketError.SUCCESS]);
  expect([peer.GetVar(), peer.GetPacketError()]).toEqual([null, SocketError.UNAVAILABLE]);
});

test("a packet that is no variant is consumed and told", () => {
  const peer = new EchoPeer();
  peer.PutPacket(unhex("ff"));
  peer.PutVar(true);
  expect([peer.GetVar(), peer.GetPacketError()]).toEqual([null, SocketError.PROTOCOL_ERROR]);
  expect(peer.GetVar()).toBe(true);
});

test("PutVar answers what PutPacket answers, and throws for what is no variant", () => {
  const peer = new EchoPeer();
  expect(peer.PutVar("too long for this peer")).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  expect(() => peer.PutVar(Symbol("x") as unknown as Variant)).toThrow(TypeError);
  expect(peer.Packets).toEqual([]);
});
