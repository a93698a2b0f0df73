/** Contract: packets over UDP, where the backend has it: whole, with their borders and senders. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { ExpectBytes, Pattern, Succeed, small } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, BUSY, UNAVAILABLE, OUT_OF_BUFFER_MEMORY, SOCKET_INVALID, TIMED_OUT } = SocketError;

/** Where, and how many bytes. */
const sizes: [string, number][] = [
  ...[0, 1, 1_200, 1_500, 9_000, 65_506, 65_507].map((size): [string, number] => [home, size]),
  ...[0, 1, 1_200, 65_526, 65_527].map((size): [string, number] => ["::1", size]),
];

/** What the smallest ring can hold: 20 bytes stand in front of each datagram. */
const roomiest = small - 20;

export function DatagramCases(scene: Scene): void {
  describe("a packet", () => {
    test.each(sizes)("to %s of %d bytes arrives whole", async (host, size) => {
      const far = await scene.FarDatagrams(host);
      const peer = scene.UdpPeer();
      Succeed(peer.SetDestAddress(host, far.Port));
      expect(peer.IsBound()).toBe(false);
      expect(peer.PutPacket(Pattern(size))).toBe(SUCCESS);
      const heard = await scene.Heard(far);
      ExpectBytes(heard.Data, Pattern(size));
      expect(heard.Port).toBe(peer.GetLocalPort());
      expect(peer.GetRefusedPackets()).toBe(0);
    });

    test.each(sizes)("from %s of %d bytes comes in whole", async (host, size) => {
      const far = await scene.FarDatagrams(host);
      const peer = scene.BoundPeer(host);
      far.Send(Pattern(size), peer.GetLocalPort(), host);
      ExpectBytes(await scene.Packet(peer), Pattern(size));
      expect(peer.GetPacketError()).toBe(SUCCESS);
      expect(peer.GetPacketIp().ToString()).toBe(host);
      expect(peer.GetPacketPort()).toBe(far.Port);
    });

    test.each([
      [home, 65_508],
      ["::1", 65_528],
    ])("to %s of %d bytes is OUT_OF_BUFFER_MEMORY, and harms nothing", async (host, size) => {
      const far = await scene.FarDatagrams(host);
      const peer = scene.UdpPeer();
      Succeed(peer.SetDestAddress(host, far.Port));
      expect(peer.PutPacket(new Uint8Array(size))).toBe(OUT_OF_BUFFER_MEMORY);
      expect(peer.PutPacket(Pattern(3))).toBe(SUCCESS);
      ExpectBytes((await scene.Heard(far)).Data, Pattern(3));
    });

    test("that is not there is null and UNAVAILABLE, bound or not", () => {
      for (const peer of [scene.UdpPeer(), scene.BoundPeer()]) {
        expect(peer.GetPacket()).toBeNull();
        expect(peer.GetPacketError()).toBe(UNAVAILABLE);
        expect(peer.GetAvailablePacketCount()).toBe(0);
        expect(peer.GetPacketIp().IsValid()).toBe(false);
        expect(peer.GetPacketPort()).toBe(0);
      }
    });

    test("knows its sender, each its own", async () => {
      const peer = scene.BoundPeer("*");
      for (const host of [home, "::1", home]) {
        const far = await scene.FarDatagrams(host);
        far.Send(Pattern(4), peer.GetLocalPort(), host);
        await scene.Packet(peer);
        expect(peer.GetPacketIp().ToString()).toBe(host);
        expect(peer.GetPacketPort()).toBe(far.Port);
        Succeed(peer.SetDestAddress(peer.GetPacketIp(), peer.GetPacketPort()));
        expect(peer.PutPacket(Pattern(2))).toBe(SUCCESS);
        ExpectBytes((await scene.Heard(far)).Data, Pattern(2));
      }
    });

    test("can be a variant", async () => {
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer();
      Succeed(peer.SetDestAddress(home, far.Port));
      Succeed(peer.PutVar(["moon", 7, null]));
      far.Send((await scene.Heard(far)).Data, peer.GetLocalPort(), home);
      await scene.Until(() => peer.GetAvailablePacketCount() === 1, "its return");
      expect(peer.GetVar()).toEqual(["moon", 7, null]);
    });

    test("without a destination is SOCKET_INVALID, and no bytes are a mistake", () => {
      const peer = scene.UdpPeer();
      expect(peer.PutPacket(Pattern(1))).toBe(SOCKET_INVALID);
      expect(() => peer.PutPacket("text" as never)).toThrow(TypeError);
    });
  });

  test("packets keep their borders and their order, on the loopback", async () => {
    const far = await scene.FarDatagrams();
    const peer = scene.UdpPeer();
    const packets = [3, 0, 1, 500, 0, 2].map((size, i) => Pattern(size, i));
    Succeed(peer.SetDestAddress(home, far.Port));
    for (const packet of packets) Succeed(peer.PutPacket(packet));
    await scene.Heard(far, packets.length);
    for (const [i, packet] of packets.entries()) ExpectBytes(far.Heard[i]!.Data, packet);
    for (const packet of packets) far.Send(packet, peer.GetLocalPort(), home);
    for (const packet of packets) ExpectBytes(await scene.Packet(peer), packet);
    expect(peer.GetPacket()).toBeNull();
  });

  describe("the ring for what arrives", () => {
    test.each([
      [roomiest - 1, 0],
      [roomiest, 0],
      [roomiest + 1, 1],
    ])("of 256 bytes, and a packet of %d: %d dropped", async (size, dropped) => {
      const far = await scene.FarDatagrams();
      const peer = scene.BoundPeer(home, small);
      far.Send(Pattern(size), peer.GetLocalPort(), home);
      const heard = (): number => peer.GetAvailablePacketCount() + peer.GetDroppedPackets();
      await scene.Until(() => heard() > 0, "the packet");
      expect(peer.GetDroppedPackets()).toBe(dropped);
      if (dropped === 0) ExpectBytes(await scene.Packet(peer), Pattern(size));
    });

    test("drops the newest when it is full, counts them, and goes on", async () => {
      const far = await scene.FarDatagrams();
      const peer = scene.BoundPeer(home, small);
      for (let i = 0; i < 5; i++) far.Send(Pattern(100, i), peer.GetLocalPort(), home);
      await scene.Until(() => peer.GetDroppedPackets() === 3, "the drops");
      expect(peer.GetAvailablePacketCount()).toBe(2);
      for (const i of [0, 1]) ExpectBytes(await scene.Packet(peer), Pattern(100, i));
      far.Send(Pattern(100, 9), peer.GetLocalPort(), home);
      ExpectBytes(await scene.Packet(peer), Pattern(100, 9));
      expect(peer.GetDroppedPackets()).toBe(3);
    });
  });

  describe("the ring for what is sent", () => {
    test.each([
      [roomiest - 1, SUCCESS],
      [roomiest, SUCCESS],
      [roomiest + 1, OUT_OF_BUFFER_MEMORY],
    ])("of 256 bytes, and a packet of %d: code %d", async (size, code) => {
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer({ OutboundBufferSize: small });
      Succeed(peer.SetDestAddress(home, far.Port));
      expect(peer.PutPacket(Pattern(size))).toBe(code);
      await scene.Until(() => peer.PutPacket(Pattern(1)) === SUCCESS, "room");
      const mark = code === SUCCESS ? 2 : 1;
      ExpectBytes((await scene.Heard(far, mark)).Data, Pattern(1));
    });

    test("is BUSY when it is full, with nothing taken", async () => {
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer({ OutboundBufferSize: small });
      Succeed(peer.SetDestAddress(home, far.Port));
      let taken = 0;
      while (taken < 1_000 && peer.PutPacket(Pattern(100, taken)) === SUCCESS) taken++;
      expect(peer.PutPacket(Pattern(roomiest))).toBe(BUSY);
      await scene.Until(() => peer.PutPacket(Pattern(roomiest)) === SUCCESS, "room");
      ExpectBytes((await scene.Heard(far, taken + 1)).Data, Pattern(roomiest));
      for (let i = 0; i < taken; i++) ExpectBytes(far.Heard[i]!.Data, Pattern(100, i));
    });
  });

  describe("Wait", () => {
    test.each([0, 1, 30])("gives TIMED_OUT after %d ms", (timeoutMs) => {
      const peer = scene.BoundPeer();
      const from = scene.Harness.Backend.Now();
      expect(peer.Wait(timeoutMs)).toBe(TIMED_OUT);
      expect(scene.Harness.Backend.Now() - from).toBeGreaterThanOrEqual(timeoutMs - 1);
    });

    test("ends with the packet, in the same run, and does not take it", () => {
      const [peer, other] = [scene.BoundPeer(), scene.UdpPeer()];
      Succeed(other.SetDestAddress(home, peer.GetLocalPort()));
      Succeed(other.PutPacket(Pattern(5)));
      expect(peer.Wait()).toBe(SUCCESS);
      expect(peer.Wait(0)).toBe(SUCCESS);
      ExpectBytes(peer.GetPacket()!, Pattern(5));
    });

    test("of a peer that is not bound is SOCKET_INVALID, and of no time a mistake", () => {
      expect(scene.UdpPeer().Wait()).toBe(SOCKET_INVALID);
      expect(() => scene.UdpPeer().Wait(-1)).toThrow(TypeError);
      expect(() => scene.UdpPeer().Wait(NaN)).toThrow(TypeError);
    });
  });

  test("a handler hears of packets, from the event loop, until it is taken away", async () => {
    const far = await scene.FarDatagrams();
    const peer = scene.UdpPeer();
    let calls = 0;
    peer.OnActivity(() => calls++);
    Succeed(peer.Bind(0, home));
    const before = calls;
    far.Send(Pattern(1), peer.GetLocalPort(), home);
    await scene.Until(() => calls > before && peer.GetAvailablePacketCount() === 1, "a call");
    peer.OnActivity(null);
    const last = calls;
    far.Send(Pattern(1), peer.GetLocalPort(), home);
    await scene.Until(() => peer.GetAvailablePacketCount() === 2, "another packet");
    expect(calls).toBe(last);
  });

  describe("Close", () => {
    test("sends what was put before", async () => {
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer();
      Succeed(peer.SetDestAddress(home, far.Port));
      for (let i = 0; i < 50; i++) Succeed(peer.PutPacket(Pattern(10, i)));
      peer.Close();
      await scene.Heard(far, 50);
      for (const [i, { Data }] of far.Heard.entries()) ExpectBytes(Data, Pattern(10, i));
    });

    test("twice makes it as new, and its port is free at once", async () => {
      const far = await scene.FarDatagrams();
      const [peer, other] = [scene.BoundPeer(), scene.UdpPeer()];
      const port = peer.GetLocalPort();
      far.Send(Pattern(1), port, home);
      await scene.Packet(peer);
      Succeed(peer.SetDestAddress(home, far.Port));
      peer.Close();
      peer.Close();
      expect([peer.IsBound(), peer.GetLocalPort(), peer.GetPacketPort()]).toEqual([false, 0, 0]);
      expect(peer.PutPacket(Pattern(1))).toBe(SOCKET_INVALID);
      Succeed(other.Bind(port, home));
      far.Send(Pattern(2), port, home);
      ExpectBytes(await scene.Packet(other), Pattern(2));
      Succeed(peer.Bind(0, home));
      expect(peer.GetAvailablePacketCount()).toBe(0);
    });
  });
}
