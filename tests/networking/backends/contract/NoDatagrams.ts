/** Contract: UDP where the backend has none. Every call says so, and harms nothing. */
import { expect, test } from "vitest";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { Protocol } from "../../../../networking/core/NetSocketOptions.ts";
import type { PacketPeerUDP } from "../../../../networking/core/PacketPeerUDP.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { UNAVAILABLE } = SocketError;
const one = Uint8Array.of(1);

const peerCalls: [string, (peer: PacketPeerUDP) => SocketError][] = [
  ["Bind", (peer) => peer.Bind(0)],
  ["ConnectToHost", (peer) => peer.ConnectToHost(home, 7)],
  ["ConnectToHost of a name", (peer) => peer.ConnectToHost("localhost", 7)],
  ["SetDestAddress", (peer) => peer.SetDestAddress(home, 7)],
  ["PutPacket", (peer) => peer.PutPacket(one)],
  ["PutVar", (peer) => peer.PutVar("moon")],
  ["Wait", (peer) => peer.Wait(0)],
  ["JoinMulticastGroup", (peer) => peer.JoinMulticastGroup("239.255.71.9", "")],
  ["LeaveMulticastGroup", (peer) => peer.LeaveMulticastGroup("239.255.71.9", "")],
  ["SetBroadcastEnabled", (peer) => peer.SetBroadcastEnabled(true)],
];

const socketCalls: [string, (socket: NetSocket) => SocketError][] = [
  ["Open", (socket) => socket.Open(Protocol.UDP)],
  ["Bind", (socket) => socket.Bind(0, "*", Protocol.UDP)],
  ["SendTo", (socket) => socket.SendTo(one, home, 7).Result],
  ["ReceiveFrom", (socket) => socket.ReceiveFrom(one.slice()).Result],
  ["SetBroadcast", (socket) => socket.SetBroadcast(true)],
];

/** For backends without UDP. */
export function NoDatagramCases(scene: Scene): void {
  test.each(peerCalls)("PacketPeerUDP: %s is UNAVAILABLE", (_name, call) => {
    const peer = scene.UdpPeer();
    expect(call(peer)).toBe(UNAVAILABLE);
    expect(call(peer)).toBe(UNAVAILABLE);
    expect([peer.IsBound(), peer.IsSocketConnected(), peer.GetLocalPort()]).toEqual([
      false,
      false,
      0,
    ]);
  });

  test("PacketPeerUDP: no packet ever comes, and Close is quiet", () => {
    const peer = scene.UdpPeer();
    peer.Bind(0);
    expect(peer.GetAvailablePacketCount()).toBe(0);
    expect([peer.GetPacket(), peer.GetPacketError()]).toEqual([null, UNAVAILABLE]);
    expect([peer.GetVar(), peer.GetPacketError()]).toEqual([null, UNAVAILABLE]);
    expect([peer.GetDroppedPackets(), peer.GetRefusedPackets()]).toEqual([0, 0]);
    peer.Close();
    peer.Close();
  });

  test.each(socketCalls)("NetSocket: %s is UNAVAILABLE", (_name, call) => {
    const socket = scene.Closing(new NetSocket({ Backend: scene.Harness.Backend }));
    expect(call(socket)).toBe(UNAVAILABLE);
    expect(socket.IsOpen()).toBe(false);
    expect(socket.Open(Protocol.TCP)).toBe(SocketError.SUCCESS);
  });
}
