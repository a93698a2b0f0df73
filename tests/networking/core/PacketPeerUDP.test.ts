import { createSocket } from "node:dgram";
import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import type { NetSocketOptions } from "../../../networking/core/NetSocketOptions.ts";
import { PacketPeerUDP } from "../../../networking/core/PacketPeerUDP.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Pattern, Succeed, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { DatagramBackend, NoUdp } from "./FakeDatagram.ts";
import { NextPacket, UdpPeers } from "./UdpPeers.ts";

const network = UseNetwork();
const udp = new UdpPeers(network);

test("a server answers whom it heard from, in one synchronous run", () => {
  const server = udp.Bound();
  const client = udp.Peer();
  expect(client.IsBound()).toBe(false);
  expect(client.SetDestAddress("127.0.0.1", server.GetLocalPort())).toBe(SocketError.SUCCESS);
  expect(client.PutPacket(Uint8Array.of(1, 2, 3))).toBe(SocketError.SUCCESS);
  expect(client.IsBound()).toBe(true);
  expect(NextPacket(server)).toEqual(Uint8Array.of(1, 2, 3));
  expect(server.GetPacketIp().ToString()).toBe("127.0.0.1");
  expect(server.GetPacketPort()).toBe(client.GetLocalPort());
  Succeed(server.SetDestAddress(server.GetPacketIp(), server.GetPacketPort()));
  expect(server.PutVar({ hp: 7, name: "Ada" })).toBe(SocketError.SUCCESS);
  Succeed(client.Wait(5_000));
  expect(client.GetVar()).toEqual(
    new Map<string, unknown>([
      ["hp", 7],
      ["name", "Ada"],
    ]),
  );
  expect(client.GetPacketError()).toBe(SocketError.SUCCESS);
});

test("nothing here is quiet: null and UNAVAILABLE", () => {
  for (const made of [udp.Peer(), udp.Bound()]) {
    expect([made.GetPacket(), made.GetPacketError()]).toEqual([null, SocketError.UNAVAILABLE]);
    expect(made.GetAvailablePacketCount()).toBe(0);
    expect([made.GetPacketIp().IsValid(), made.GetPacketPort()]).toEqual([false, 0]);
  }
});

test("packets keep their borders, empty ones too, over both families", () => {
  for (const address of ["127.0.0.1", "::1"]) {
    const [a, b] = udp.Pair(address);
    const sizes = [0, 1, 20, 1_200, 1_500, 40_000];
    for (const size of sizes) {
      expect(a.PutPacket(Pattern(size))).toBe(SocketError.SUCCESS);
      expect(NextPacket(b)).toEqual(Pattern(size));
    }
    expect(b.GetPacketIp().ToString()).toBe(address);
    expect(b.GetPacket()).toBeNull();
  }
});

test("a wildcard port hears both families, and answers in kind", () => {
  const server = udp.Bound("*");
  for (const address of ["127.0.0.1", "::1"]) {
    const client = udp.Peer();
    Succeed(client.ConnectToHost(address, server.GetLocalPort()));
    Succeed(client.PutPacket(Uint8Array.of(1)));
    expect(NextPacket(server)).toEqual(Uint8Array.of(1));
    expect(server.GetPacketIp().ToString()).toBe(address);
    Succeed(server.SetDestAddress(server.GetPacketIp(), server.GetPacketPort()));
    Succeed(server.PutPacket(Uint8Array.of(2)));
    expect(NextPacket(client)).toEqual(Uint8Array.of(2));
  }
});

test("a connected peer hears nobody else", () => {
  const [a, b] = udp.Pair();
  const stranger = udp.Peer();
  Succeed(stranger.SetDestAddress("127.0.0.1", a.GetLocalPort()));
  Succeed(stranger.PutPacket(Uint8Array.of(6)));
  Succeed(b.PutPacket(Uint8Array.of(1)));
  expect(NextPacket(a)).toEqual(Uint8Array.of(1));
  expect(a.Wait(20)).toBe(SocketError.TIMED_OUT);
  expect(a.IsSocketConnected()).toBe(true);
  expect(a.SetDestAddress("127.0.0.1", 9)).toBe(SocketError.ALREADY_INIT);
  expect(a.ConnectToHost("127.0.0.1", 9)).toBe(SocketError.ALREADY_INIT);
});

test("a name is a destination, too", () => {
  const server = udp.Bound("*");
  const [connected, sending] = [udp.Peer(), udp.Peer()];
  Succeed(connected.ConnectToHost("localhost", server.GetLocalPort()));
  Succeed(sending.SetDestAddress("localhost", server.GetLocalPort()));
  for (const client of [connected, sending]) {
    Succeed(client.PutPacket(Uint8Array.of(1)));
    expect(NextPacket(server)).toEqual(Uint8Array.of(1));
  }
});

test("a name is looked up in the bound family, and an address is copied", () => {
  const server = udp.Bound("0.0.0.0");
  const client = udp.Bound("127.0.0.1");
  Succeed(client.SetDestAddress("localhost", server.GetLocalPort()));
  Succeed(client.PutPacket(Uint8Array.of(1)));
  expect(NextPacket(server)).toEqual(Uint8Array.of(1));
  const address = new IpAddress("127.0.0.1");
  Succeed(client.SetDestAddress(address, server.GetLocalPort()));
  address.Clear();
  Succeed(client.PutPacket(Uint8Array.of(2)));
  expect(NextPacket(server)).toEqual(Uint8Array.of(2));
});

test("nobody at the peer's port is said once and harms nothing", async () => {
  const gone = udp.Bound();
  const port = gone.GetLocalPort();
  gone.Close();
  const client = udp.Peer();
  Succeed(client.ConnectToHost("127.0.0.1", port));
  for (let round = 0; round < 3; round++) {
    Succeed(client.PutPacket(Uint8Array.of(1)));
    await WaitFor(() => {
      return client.GetPacket() === null && client.GetPacketError() !== SocketError.UNAVAILABLE;
    }, "the complaint");
    expect(client.GetPacketError()).toBe(SocketError.CONNECTION_REFUSED);
    expect([client.GetPacket(), client.GetPacketError()]).toEqual([null, SocketError.UNAVAILABLE]);
  }
  const back = udp.Peer();
  Succeed(back.Bind(port, "127.0.0.1"));
  Succeed(client.PutPacket(Uint8Array.of(2)));
  expect(NextPacket(back)).toEqual(Uint8Array.of(2));
});

test("Bind tells the system's answer, and Close gives the port back at once", async () => {
  const [first, second] = [udp.Bound(), udp.Peer()];
  const port = first.GetLocalPort();
  expect(second.Bind(port, "127.0.0.1")).toBe(SocketError.ADDRESS_IN_USE);
  expect(second.Bind(0, "192.0.2.77")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(first.Bind(0)).toBe(SocketError.ALREADY_INIT);
  first.Close();
  first.Close();
  expect([first.IsBound(), first.GetLocalPort()]).toEqual([false, 0]);
  expect(second.Bind(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
  expect(first.PutPacket(Uint8Array.of(1))).toBe(SocketError.SOCKET_INVALID);
  second.Close();
  await WaitFor(() => network.Backend.HeldCount() === 0, "the thread to give everything back");
});

test("what was put before Close is sent", async () => {
  const server = udp.Bound();
  const client = udp.Peer();
  Succeed(client.ConnectToHost("127.0.0.1", server.GetLocalPort()));
  for (let i = 0; i < 100; i++) Succeed(client.PutPacket(Uint8Array.of(i)));
  client.Close();
  await WaitFor(() => server.GetAvailablePacketCount() === 100, "a hundred packets");
});

test("a group on the loopback interface is heard between joining and leaving", async () => {
  const group = "239.255.71.7";
  const member = udp.Bound("0.0.0.0");
  expect(udp.Peer().JoinMulticastGroup(group, "")).toBe(SocketError.SOCKET_INVALID);
  Succeed(member.JoinMulticastGroup(group, "127.0.0.1"));
  expect(member.JoinMulticastGroup(group, "127.0.0.1")).toBe(SocketError.ADDRESS_IN_USE);
  const source = createSocket("udp4");
  network.Ending(() => source.close());
  await new Promise<void>((resolve) => source.bind(0, "127.0.0.1", resolve));
  source.setMulticastInterface("127.0.0.1"); // so that nothing leaves this machine
  source.send("all", member.GetLocalPort(), group);
  await WaitFor(() => member.GetAvailablePacketCount() === 1, "what was sent to the group");
  expect(member.GetPacket()).toEqual(new Uint8Array(Buffer.from("all")));
  Succeed(member.LeaveMulticastGroup(group, "127.0.0.1"));
  expect(member.LeaveMulticastGroup(group, "127.0.0.1")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  source.send("gone", member.GetLocalPort(), group);
  source.send("direct", member.GetLocalPort(), "127.0.0.1");
  await WaitFor(() => member.GetAvailablePacketCount() === 1, "what was sent to the port");
  expect(member.GetPacket()).toEqual(new Uint8Array(Buffer.from("direct")));
});

test("a broadcast without permission is refused, counted and said", async () => {
  const made = udp.Bound();
  Succeed(made.SetDestAddress("255.255.255.255", 9));
  Succeed(made.PutPacket(Uint8Array.of(1)));
  await WaitFor(() => made.GetRefusedPackets() === 1, "the refusal");
  expect([made.GetPacket(), made.GetPacketError()]).toEqual([null, SocketError.PERMISSION_DENIED]);
  expect(made.SetBroadcastEnabled(true)).toBe(SocketError.SUCCESS);
  expect(made.SetBroadcastEnabled(false)).toBe(SocketError.SUCCESS);
});

test("bad arguments: codes for values, a TypeError for types", () => {
  const made = udp.Peer();
  expect(made.PutPacket(Uint8Array.of(1))).toBe(SocketError.SOCKET_INVALID);
  expect(made.SetDestAddress("127.0.0.1", 0)).toBe(SocketError.INVALID_PARAMETER);
  expect(made.SetDestAddress("127.0.0.1", 65_536)).toBe(SocketError.INVALID_PARAMETER);
  expect(made.SetDestAddress("*", 7)).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(made.SetDestAddress("no host", 7)).toBe(SocketError.CANT_RESOLVE);
  Succeed(made.Bind(0, "127.0.0.1"));
  Succeed(made.SetDestAddress("::1", 7));
  expect(made.PutPacket(Uint8Array.of(1))).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(() => made.PutPacket("x" as unknown as Uint8Array)).toThrow(/Uint8Array/);
  expect(() => made.SetDestAddress("::1", null as unknown as number)).toThrow(/port number/);
  expect(() => udp.Peer().Bind(0, "*", 255)).toThrow(/buffer size/);
  expect(() => udp.Peer({ OutboundBufferSize: 2 ** 28 + 1 })).toThrow(/buffer size/);
  expect(() => new PacketPeerUDP(null as unknown as NetSocketOptions)).toThrow(/options/);
});

test("without UDP everything is UNAVAILABLE", () => {
  const page = new PacketPeerUDP({ Backend: NoUdp() });
  expect([
    page.Bind(0),
    page.ConnectToHost("127.0.0.1", 7),
    page.SetDestAddress("127.0.0.1", 7),
    page.PutPacket(Uint8Array.of(1)),
    page.Wait(),
    page.JoinMulticastGroup("239.1.2.3", ""),
    page.LeaveMulticastGroup("239.1.2.3", ""),
    page.SetBroadcastEnabled(true),
  ]).toEqual(Array.from({ length: 8 }, () => SocketError.UNAVAILABLE));
  expect([page.GetPacket(), page.GetPacketError()]).toEqual([null, SocketError.UNAVAILABLE]);
  page.Close();
});

test("a peer whose network thread died says so and can begin again", () => {
  const backend = new DatagramBackend();
  const made = new PacketPeerUDP({ Backend: backend.AsBackend() });
  made.Bind(7);
  const fake = backend.Latest();
  fake.Inbound.Put(Uint8Array.of(1), new IpAddress("::1").ToBytes(), 9);
  fake.End = SocketError.UNAVAILABLE;
  expect(made.GetPacket()).toEqual(Uint8Array.of(1));
  expect([made.GetPacket(), made.GetPacketError()]).toEqual([null, SocketError.UNAVAILABLE]);
  made.Close();
  expect(made.Bind(7)).toBe(SocketError.SUCCESS);
  expect(fake.Told).toEqual([`close ${Limits.lingerMs}`]);
  const handler = (): void => undefined;
  made.OnActivity(handler);
  expect(backend.Latest().Handler).toBe(handler);
});
