/** How much, how large, how long: PacketPeerUDP at its limits, over real sockets. */
import { createSocket } from "node:dgram";
import { expect, test } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Pattern, Succeed, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { NextPacket, UdpPeers } from "./UdpPeers.ts";

const network = UseNetwork();
const udp = new UdpPeers(network);

test("the longest packets of both families arrive whole", () => {
  for (const [address, most] of [
    ["127.0.0.1", Limits.maxDatagramBytesIpv4],
    ["::1", Limits.maxDatagramBytes],
  ] as const) {
    const [a, b] = udp.Pair(address);
    expect(a.PutPacket(Pattern(most + 1))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
    for (const size of [most - 1, most]) {
      expect(a.PutPacket(Pattern(size))).toBe(SocketError.SUCCESS);
      const packet = NextPacket(b);
      expect(packet === null || Buffer.compare(packet, Pattern(size))).toBe(0);
    }
    expect([a.GetRefusedPackets(), b.GetDroppedPackets()]).toEqual([0, 0]);
  }
});

test("a flood beyond the ring is counted, and the memory stays as it was", async () => {
  const capacity = 4_096;
  const victim = udp.Bound("127.0.0.1", capacity);
  const fits = Math.floor(capacity / (Limits.datagramHeaderBytes + 100));
  const flood = createSocket("udp4");
  network.Ending(() => flood.close());
  const count = 2_000;
  for (let sent = 0; sent < count;) {
    for (const end = sent + 50; sent < end; sent++) {
      flood.send(Buffer.alloc(100, sent), victim.GetLocalPort(), "127.0.0.1");
    }
    const heard = (): number => victim.GetAvailablePacketCount() + victim.GetDroppedPackets();
    await WaitFor(() => heard() >= sent, "the flood to arrive");
  }
  expect(victim.GetAvailablePacketCount()).toBe(fits);
  expect(victim.GetDroppedPackets()).toBe(count - fits);
  for (let i = 0; i < fits; i++) expect(victim.GetPacket()?.[0]).toBe(i);
  expect(victim.GetPacket()).toBeNull();
  flood.send("after", victim.GetLocalPort(), "127.0.0.1");
  await WaitFor(() => victim.GetAvailablePacketCount() === 1, "one more");
});

test("a full outbound ring is BUSY, takes nothing, and is free again soon", async () => {
  const server = udp.Bound();
  const client = udp.Peer({ OutboundBufferSize: 1_020 });
  Succeed(client.ConnectToHost("127.0.0.1", server.GetLocalPort()));
  expect(client.PutPacket(new Uint8Array(1_001))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  // The network thread may empty the ring at any moment, but not as fast as this fills it.
  let taken = 0;
  while (client.PutPacket(Pattern(490, taken)) === SocketError.SUCCESS) taken++;
  expect(client.PutPacket(Pattern(1_001))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  await WaitFor(() => client.PutPacket(new Uint8Array(1_000)) === SocketError.SUCCESS, "room");
  for (let i = 0; i < taken; i++) expect(NextPacket(server)).toEqual(Pattern(490, i));
  expect(NextPacket(server)).toHaveLength(1_000);
});

test("10,000 packets go both ways in order, sent with pacing", async () => {
  const [a, b] = udp.Pair();
  const count = 10_000;
  const inFlight = 100;
  const heard = [0, 0];
  let sent = 0;
  await WaitFor(() => {
    for (const [i, end] of [a, b].entries()) {
      for (let packet = end.GetPacket(); packet !== null; packet = end.GetPacket()) {
        expect(new DataView(packet.buffer).getUint32(0)).toBe(heard[i]);
        heard[i] = (heard[i] ?? 0) + 1;
      }
    }
    const packet = new Uint8Array(64);
    for (; sent < count && sent < Math.min(...heard) + inFlight; sent++) {
      new DataView(packet.buffer).setUint32(0, sent);
      Succeed(a.PutPacket(packet));
      Succeed(b.PutPacket(packet));
    }
    return heard[0] === count && heard[1] === count;
  }, "all packets");
  expect([a.GetDroppedPackets(), b.GetDroppedPackets()]).toEqual([0, 0]);
  expect([a.GetRefusedPackets(), b.GetRefusedPackets()]).toEqual([0, 0]);
});

test("Wait ends with a packet, with its time, or at once where there is nothing to wait for", () => {
  const [a, b] = udp.Pair();
  expect(a.Wait(0)).toBe(SocketError.TIMED_OUT);
  const before = network.Backend.Now();
  expect(a.Wait(30)).toBe(SocketError.TIMED_OUT);
  expect(network.Backend.Now() - before).toBeGreaterThanOrEqual(29);
  Succeed(b.PutPacket(Uint8Array.of(1)));
  expect(a.Wait()).toBe(SocketError.SUCCESS);
  expect(a.Wait(0)).toBe(SocketError.SUCCESS);
  expect(a.GetAvailablePacketCount()).toBe(1);
  expect(udp.Peer().Wait()).toBe(SocketError.SOCKET_INVALID);
  expect(() => a.Wait(-1)).toThrow(/milliseconds/);
  expect(() => a.Wait("1" as unknown as number)).toThrow(TypeError);
});
