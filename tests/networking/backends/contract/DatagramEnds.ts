/** Contract: where a UDP peer is bound, whom it sends to, and whom it hears. */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { PacketPeerUDP } from "../../../../networking/core/PacketPeerUDP.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { ExpectBytes, Pattern, Succeed } from "./Bytes.ts";
import type { FarDatagrams } from "./Harness.ts";
import { Reaches, TwoAtOnce, WrongPlaces } from "./Places.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, ALREADY_INIT, ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE } = SocketError;
const { INVALID_PARAMETER, INVALID_IP_ADDRESS, CANT_RESOLVE, SOCKET_INVALID } = SocketError;

const wrongBinds: typeof WrongPlaces = [
  ...WrongPlaces,
  ["an IPv4 address of others", 0, "192.0.2.1", ADDRESS_NOT_AVAILABLE],
  ["an IPv6 address of others", 0, "2001:db8::1", ADDRESS_NOT_AVAILABLE],
];

const wrongTargets: [string, string, number, SocketError][] = [
  ["port 0", home, 0, INVALID_PARAMETER],
  ["port -1", home, -1, INVALID_PARAMETER],
  ["port 65536", home, 65_536, INVALID_PARAMETER],
  ["port 1.5", home, 1.5, INVALID_PARAMETER],
  ["no address", "", 7, INVALID_IP_ADDRESS],
  ["the wildcard", "*", 7, INVALID_IP_ADDRESS],
  ["a broken address", "127.0.0.256", 7, INVALID_IP_ADDRESS],
  ["what is no name", "no name", 7, CANT_RESOLVE],
];

export function DatagramEndCases(scene: Scene): void {
  describe("Bind", () => {
    test.each(wrongBinds)("with %s is refused, and a good one still goes", (...row) => {
      const [, port, host, code] = row;
      const peer = scene.UdpPeer();
      expect(peer.Bind(port, host)).toBe(code);
      expect([peer.IsBound(), peer.GetLocalPort()]).toEqual([false, 0]);
      expect(peer.Bind(0, home)).toBe(SUCCESS);
      expect(peer.GetLocalPort()).toBeGreaterThan(0);
    });

    test("twice is ALREADY_INIT, and the first holds", () => {
      const peer = scene.BoundPeer();
      const port = peer.GetLocalPort();
      expect(peer.Bind(0)).toBe(ALREADY_INIT);
      expect(peer.GetLocalPort()).toBe(port);
    });

    test.each(Reaches)("at %s: a packet to %s arrives: %s", async (at, host, arrives) => {
      const peer = scene.BoundPeer(at);
      const port = peer.GetLocalPort();
      (await scene.FarDatagrams(host)).Send(Pattern(1), port, host);
      // Where nothing shall arrive, a packet that does comes alone.
      const own = at === "*" || at === "0.0.0.0" ? home : at.replace(/^::$/, "::1");
      (await scene.FarDatagrams(own)).Send(Pattern(2), port, own);
      const packets = [await scene.Packet(peer)];
      if (arrives) packets.push(await scene.Packet(peer));
      await scene.NewRun();
      expect(peer.GetAvailablePacketCount()).toBe(0);
      expect(new Set(packets.map(({ length }) => length)).has(1)).toBe(arrives);
    });

    test.each(TwoAtOnce)("at %s and at %s on one port: code %d", (first, second, code) => {
      const peer = scene.BoundPeer(first);
      expect(scene.UdpPeer().Bind(peer.GetLocalPort(), second)).toBe(code);
      expect(peer.IsBound()).toBe(true);
    });

    test("with a text for a port, or a ring too small, throws", () => {
      expect(() => scene.UdpPeer().Bind("7" as never)).toThrow(TypeError);
      expect(() => scene.UdpPeer().Bind(0, home, 255)).toThrow(TypeError);
    });
  });

  describe.each(["ConnectToHost", "SetDestAddress"] as const)("%s", (call) => {
    test.each(wrongTargets)("with %s is refused, and a good one still goes", async (...row) => {
      const [, host, port, code] = row;
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer();
      expect(peer[call](host, port)).toBe(code);
      expect(peer.IsBound()).toBe(false);
      expect(peer[call](home, far.Port)).toBe(SUCCESS);
      expect(peer.PutPacket(Pattern(3))).toBe(SUCCESS);
      ExpectBytes((await scene.Heard(far)).Data, Pattern(3));
    });

    test("with a name that nobody has is CANT_RESOLVE", () => {
      expect(scene.UdpPeer()[call](scene.Traits.UnknownName, 7)).toBe(CANT_RESOLVE);
    });

    test("with a name is looked up, in the bound family", async () => {
      const far = await scene.FarDatagrams();
      const peer = scene.BoundPeer("0.0.0.0");
      expect(peer[call]("localhost", far.Port)).toBe(SUCCESS);
      expect(peer.PutPacket(Pattern(3))).toBe(SUCCESS);
      ExpectBytes((await scene.Heard(far)).Data, Pattern(3));
    });

    test("keeps an address that the caller changes", async () => {
      const far = await scene.FarDatagrams();
      const [peer, address] = [scene.UdpPeer(), new IpAddress(home)];
      expect(peer[call](address, far.Port)).toBe(SUCCESS);
      address.Clear();
      expect(peer.PutPacket(Pattern(3))).toBe(SUCCESS);
      await scene.Heard(far);
    });

    test("with a text for a port, or no host, throws", () => {
      expect(() => scene.UdpPeer()[call](home, "7" as never)).toThrow(TypeError);
      expect(() => scene.UdpPeer()[call](null as never, 7)).toThrow(TypeError);
    });
  });

  describe("a connected peer", () => {
    async function connected(): Promise<[PacketPeerUDP, FarDatagrams]> {
      const far = await scene.FarDatagrams();
      const peer = scene.UdpPeer();
      Succeed(peer.ConnectToHost(home, far.Port));
      return [peer, far];
    }

    test("is bound, and cannot be connected or sent elsewhere", async () => {
      const [peer] = await connected();
      expect([peer.IsBound(), peer.IsSocketConnected()]).toEqual([true, true]);
      expect(peer.ConnectToHost(home, 9)).toBe(ALREADY_INIT);
      expect(peer.SetDestAddress(home, 9)).toBe(ALREADY_INIT);
      expect(peer.Bind(0)).toBe(ALREADY_INIT);
      peer.Close();
      expect([peer.IsBound(), peer.IsSocketConnected()]).toEqual([false, false]);
      expect(peer.SetDestAddress(home, 9)).toBe(SUCCESS);
    });

    test("hears nobody else", async () => {
      const [peer, far] = await connected();
      const stranger = await scene.FarDatagrams();
      stranger.Send(Pattern(9), peer.GetLocalPort(), home);
      far.Send(Pattern(1), peer.GetLocalPort(), home);
      ExpectBytes(await scene.Packet(peer), Pattern(1));
      await scene.NewRun();
      expect(peer.GetPacket()).toBeNull();
    });

    test("is told once of each packet that nobody takes, and goes on", async () => {
      const gone = scene.BoundPeer();
      const port = gone.GetLocalPort();
      gone.Close();
      const peer = scene.UdpPeer();
      Succeed(peer.ConnectToHost(home, port));
      for (let round = 0; round < 2; round++) {
        Succeed(peer.PutPacket(Pattern(1)));
        await scene.Until(() => {
          return peer.GetPacket() === null && peer.GetPacketError() !== SocketError.UNAVAILABLE;
        }, "the complaint");
        expect(peer.GetPacketError()).toBe(SocketError.CONNECTION_REFUSED);
        expect(peer.GetPacket()).toBeNull();
        expect(peer.GetPacketError()).toBe(SocketError.UNAVAILABLE);
      }
      const back = scene.UdpPeer();
      Succeed(back.Bind(port, home));
      Succeed(peer.PutPacket(Pattern(3)));
      ExpectBytes(await scene.Packet(back), Pattern(3));
    });

    test.each([
      [home, "::1"],
      ["::1", home],
    ])("bound at %s cannot reach %s", (at, host) => {
      const peer = scene.BoundPeer(at);
      expect(peer.ConnectToHost(host, 7)).toBe(ADDRESS_NOT_AVAILABLE);
      expect([peer.IsBound(), peer.IsSocketConnected()]).toEqual([true, false]);
      Succeed(peer.SetDestAddress(host, 7));
      expect(peer.PutPacket(Pattern(1))).toBe(ADDRESS_NOT_AVAILABLE);
    });
  });

  test("a destination can be changed from packet to packet", async () => {
    const [one, two] = [await scene.FarDatagrams(), await scene.FarDatagrams("::1")];
    const peer = scene.UdpPeer();
    for (const [host, far] of [
      [home, one],
      ["::1", two],
      [home, one],
    ] as const) {
      Succeed(peer.SetDestAddress(host, far.Port));
      expect(peer.PutPacket(Pattern(4))).toBe(SUCCESS);
    }
    await scene.Heard(one, 2);
    await scene.Heard(two);
  });

  describe("a group", () => {
    const group = "239.255.71.9";

    test("is heard between joining and leaving", async () => {
      const far = await scene.FarDatagrams();
      const member = scene.BoundPeer("0.0.0.0");
      const port = member.GetLocalPort();
      expect(member.JoinMulticastGroup(group, home)).toBe(SUCCESS);
      expect(member.JoinMulticastGroup(group, home)).toBe(ADDRESS_IN_USE);
      far.Send(Pattern(5), port, group);
      ExpectBytes(await scene.Packet(member), Pattern(5));
      expect(member.LeaveMulticastGroup(group, home)).toBe(SUCCESS);
      expect(member.LeaveMulticastGroup(group, home)).toBe(ADDRESS_NOT_AVAILABLE);
      far.Send(Pattern(5), port, group);
      far.Send(Pattern(6), port, home);
      ExpectBytes(await scene.Packet(member), Pattern(6));
    });

    test.each([
      ["that is none", home, home, INVALID_PARAMETER],
      ["that is no address", "239.1.2", home, INVALID_IP_ADDRESS],
      ["at an interface that is not there", group, "no-such-interface", ADDRESS_NOT_AVAILABLE],
    ])("%s is refused", (_name, address, at, code) => {
      const peer = scene.BoundPeer("0.0.0.0");
      expect(peer.JoinMulticastGroup(address, at)).toBe(code);
    });

    test("of a peer that is not bound is SOCKET_INVALID", () => {
      expect(scene.UdpPeer().JoinMulticastGroup(group, "")).toBe(SOCKET_INVALID);
      expect(scene.UdpPeer().LeaveMulticastGroup(group, "")).toBe(SOCKET_INVALID);
    });
  });

  test("a broadcast needs leave, before or after binding", async () => {
    const peer = scene.BoundPeer();
    Succeed(peer.SetDestAddress("255.255.255.255", 9));
    Succeed(peer.PutPacket(Pattern(1)));
    await scene.Until(() => peer.GetRefusedPackets() === 1, "the refusal");
    expect(peer.GetPacket()).toBeNull();
    expect(peer.GetPacketError()).toBe(SocketError.PERMISSION_DENIED);
    expect(peer.SetBroadcastEnabled(true)).toBe(SUCCESS);
    expect(scene.UdpPeer().SetBroadcastEnabled(true)).toBe(SUCCESS);
    expect(() => peer.SetBroadcastEnabled(1 as never)).toThrow(TypeError);
  });
}
