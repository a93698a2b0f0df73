/** What UDP sockets count. */
import { expect, test } from "vitest";
import { NetSocket } from "../../../networking/core/NetSocket.ts";
import { Protocol } from "../../../networking/core/NetSocketOptions.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import type { StatisticsSource } from "../../../networking/core/NetStatistics.ts";
import { PacketPeerUDP } from "../../../networking/core/PacketPeerUDP.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { DatagramBackend } from "./FakeDatagram.ts";

const of = (source: StatisticsSource): NetStatistics => NetStatistics.Of(source);
const bytes = (count: number): Uint8Array => new Uint8Array(count);

/** A bound peer, and its system. */
function bound() {
  const backend = new DatagramBackend();
  const peer = new PacketPeerUDP({ Backend: backend.AsBackend() });
  peer.Bind(0);
  return { peer, backend, system: backend.Latest() };
}

test("datagrams count when they are taken, their bytes when they come", () => {
  const { peer, system } = bound();
  system.Inbound.Put(bytes(100), bytes(16), 7);
  system.Inbound.Put(bytes(0), bytes(16), 7);
  system.Inbound.Put(bytes(30), bytes(16), 7);
  expect(of(peer)).toMatchObject({ PacketsIn: 0, BytesIn: 130, BufferedIn: 130 });
  peer.GetPacket();
  peer.GetPacket();
  expect(of(peer)).toMatchObject({ PacketsIn: 2, BytesIn: 130, BufferedIn: 30 });
});

test("datagrams count when they are accepted, and wait until the system takes them", () => {
  const { peer, system } = bound();
  peer.SetDestAddress("10.0.0.1", 7);
  peer.PutPacket(bytes(100));
  peer.PutPacket(bytes(65_508));
  expect(of(peer)).toMatchObject({ PacketsOut: 1, BytesOut: 100, BufferedOut: 100 });
  system.Sent(() => "");
  expect(of(peer)).toMatchObject({ PacketsOut: 1, BytesOut: 100, BufferedOut: 0 });
});

test("a datagram that is cut counts with all that came", () => {
  const backend = new DatagramBackend();
  const socket = new NetSocket({ Backend: backend.AsBackend() });
  socket.Bind(0, "*", Protocol.UDP);
  backend.Latest().Inbound.Put(bytes(50), bytes(16), 7);
  expect(socket.Receive(bytes(10)).Result).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  expect(of(socket)).toMatchObject({ BytesIn: 50, PacketsIn: 1, BufferedIn: 0, Opened: 0 });
});

test("what was dropped, refused or complained of counts, also after Close", () => {
  const { peer, system } = bound();
  system.Lost = 3;
  system.Complaint = SocketError.CONNECTION_REFUSED;
  expect([peer.GetPacket(), peer.GetPacket()]).toEqual([null, null]);
  system.Inbound.Put(bytes(10), bytes(16), 7);
  const figures = { PacketsDropped: 3, PacketsRefused: 6, BytesIn: 10, ErrorCount: 1 };
  expect(of(peer)).toMatchObject({ ...figures, BufferedIn: 10 });
  expect([...of(peer).Errors]).toEqual([[SocketError.CONNECTION_REFUSED, 1]]);
  peer.Close();
  expect(of(peer)).toMatchObject({ ...figures, BufferedIn: 0 });
  peer.Bind(0);
  expect(of(peer)).toMatchObject(figures);
});
