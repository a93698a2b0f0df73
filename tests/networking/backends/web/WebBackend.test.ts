import { describe, expect, test, vi } from "vitest";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { BackendSocket } from "../../../../networking/core/NetBackend.ts";
import { SocketOption, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../networking/core/Status.ts";
import { MuxLimits } from "../../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../../networking/mux/PacketEncode.ts";
import { local, remote } from "../../mux/MuxPair.ts";
import { FarEnd, NextRun } from "./FarEnd.ts";
import { FakeWebSocket as Fake, Latest } from "./FakeWebSocket.ts";
import { UseWebBackend } from "./UseFakes.ts";

const stage = UseWebBackend();

function connect(TimeoutMs = 60_000): BackendSocket {
  const socket = stage.Backend.OpenSocket({
    InboundBufferBytes: 1_024,
    OutboundBufferBytes: 1_024,
  });
  socket.Connect({ Host: "arena", Port: 7_350, TimeoutMs, Source: null });
  return socket;
}

describe("the link", () => {
  test("opens at the first use, with both subprotocols, once for all", () => {
    expect(Fake.Made).toHaveLength(0);
    connect();
    connect();
    expect(Fake.Made).toHaveLength(1);
    expect([Latest().Url, Latest().Protocols]).toEqual([
      "ws://bridge.example/bridge/",
      ["mwx1", "wisp-v2"],
    ]);
  });

  test("a server that knows no subprotocol is tried once more without, as v1", async () => {
    const socket = connect();
    Latest().Die();
    expect(Latest().Protocols).toEqual([]);
    Latest().Accept("");
    Latest().Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
    await NextRun();
    expect(socket.Phase()).toBe(SocketPhase.OPEN);
    expect(Latest().Sent[0]?.[0]).toBe(PacketType.CONNECT);
  });

  test("when both attempts fail, who waits is told HOST_UNREACHABLE", () => {
    const socket = connect();
    Latest().Die();
    Latest().Die();
    expect([socket.Phase(), socket.Failure()]).toEqual([
      SocketPhase.CLOSED,
      SocketError.HOST_UNREACHABLE,
    ]);
    expect(Fake.Made).toHaveLength(2);
  });

  test("a server that breaks the protocol loses the link", async () => {
    const socket = connect();
    await new FarEnd().Open();
    Latest().Say(Uint8Array.of(1, 2, 3));
    expect(socket.Failure()).toBe(SocketError.PROTOCOL_ERROR);
    expect(Latest().readyState).toBe(2);
  });

  test("another URL ends the link and is used next, without a wait", async () => {
    const socket = connect();
    await new FarEnd().Open();
    stage.Backend.SetBridgeUrl("ws://other.example/");
    expect(socket.Failure()).toBe(SocketError.CONNECTION_RESET);
    connect();
    expect(Latest().Url).toBe("ws://other.example/");
  });
});

describe("a socket", () => {
  test("opens when the bridge says so, and knows both ends", async () => {
    const socket = connect();
    expect([socket.Phase(), socket.Local()]).toEqual([SocketPhase.CONNECTING, null]);
    await new FarEnd().Open();
    expect([socket.Phase(), socket.Remote()?.Port, socket.Local()?.Port]).toEqual([
      SocketPhase.OPEN,
      remote.Port,
      local.Port,
    ]);
  });

  test("what is written in one run leaves in one packet", async () => {
    const socket = connect();
    const far = new FarEnd();
    await far.Open();
    for (const byte of [1, 2, 3]) {
      socket.Outbound.Write(Uint8Array.of(byte));
      socket.OutboundChanged();
    }
    expect(Latest().Sent).toHaveLength(0);
    await NextRun();
    expect(Latest().Sent.map((message) => [...message])).toEqual([[2, 1, 0, 0, 0, 1, 2, 3]]);
  });

  test("activity is told from the event loop, never inside a call", async () => {
    const socket = connect();
    let told = 0;
    socket.OnActivity(() => told++);
    const far = new FarEnd();
    const stream = await far.Open();
    const before = told;
    far.Out.Write(Uint8Array.of(1));
    far.Mux.SourceChanged(stream);
    Latest().Say(far.Mux.NextMessage() ?? new Uint8Array(0));
    expect([socket.Inbound.Used(), told]).toEqual([1, before]);
    await NextRun();
    expect(told).toBe(before + 1);
    socket.Abort();
    await NextRun();
    expect(told).toBe(before + 1);
  });

  test("its deadline covers the link, and gives the connection up at the bridge", async () => {
    const waiting = connect(50);
    vi.advanceTimersByTime(50);
    expect([waiting.Failure(), waiting.Reason()]).toEqual([
      SocketError.TIMED_OUT,
      CloseReason.TIMEOUT,
    ]);
    const asking = connect(50);
    const far = new FarEnd();
    await far.Run();
    vi.advanceTimersByTime(50);
    await far.Run();
    expect(asking.Failure()).toBe(SocketError.TIMED_OUT);
    expect(far.Mux.StreamCount()).toBe(0);
  });

  test("options set before the link is there reach the bridge", async () => {
    const socket = stage.Backend.OpenSocket({ InboundBufferBytes: 256, OutboundBufferBytes: 256 });
    socket.SetOption(SocketOption.KEEP_ALIVE, true);
    socket.Connect({ Host: "a", Port: 1, TimeoutMs: 1_000, Source: null });
    const far = new FarEnd();
    await far.Run();
    expect(far.Events.findLast(({ Kind }) => Kind === "option")).toMatchObject({
      Option: SocketOption.KEEP_ALIVE,
      Value: true,
    });
  });

  test("Close sends the tail, and resets when nobody takes it in time", async () => {
    const socket = connect();
    const far = new FarEnd();
    await far.Open();
    socket.Outbound.Write(Uint8Array.of(7));
    socket.Close(500);
    await far.Run();
    expect([far.In.Used(), far.Events.at(-1)]).toMatchObject([1, { Code: SocketError.SUCCESS }]);
    const second = connect();
    const stream = await far.Open();
    for (let i = 0; i < 3; i++) {
      second.Outbound.Write(new Uint8Array(1_024));
      second.OutboundChanged();
      await far.Run();
    }
    second.Close(500);
    await far.Run();
    expect(far.Mux.StreamCount()).toBe(1);
    vi.advanceTimersByTime(500);
    await far.Run();
    expect([far.Mux.StreamCount(), stream.Id]).toEqual([0, 2]);
  });

  test("more than may wait are LIMIT_REACHED", () => {
    for (let i = 0; i < WebLimits.maxWaiting; i++) {
      expect(connect().Phase()).toBe(SocketPhase.CONNECTING);
    }
    expect(connect().Failure()).toBe(SocketError.LIMIT_REACHED);
  });
});

describe("what a page cannot do", () => {
  test("waiting tests once", () => {
    expect([stage.Backend.Block(() => false), stage.Backend.Block(() => true)]).toEqual([
      false,
      true,
    ]);
    expect(stage.Backend.LocalAddresses()).toEqual([]);
  });
});

describe("lookups", () => {
  test("are answered by the bridge", async () => {
    const lookup = stage.Backend.Lookup("game.example.com", 4);
    let told = 0;
    lookup.OnDone(() => told++);
    const far = new FarEnd();
    await far.Run();
    const asked = far.Events.findLast((event) => event.Kind === "resolve");
    if (asked?.Kind !== "resolve") throw new Error("Nobody asked.");
    far.Mux.Resolved(asked.Id, SocketError.SUCCESS, 60, [new IpAddress("8.8.8.8")]);
    await far.Run();
    expect([lookup.Done(), lookup.Failure(), told]).toEqual([true, SocketError.SUCCESS, 1]);
    expect(lookup.Addresses().map(String)).toEqual(["8.8.8.8"]);
  });

  test("end with the link, at a server without MWX, and in time", async () => {
    const lost = stage.Backend.Lookup("a", 0);
    Latest().Die();
    Latest().Die();
    expect(lost.Failure()).toBe(SocketError.HOST_UNREACHABLE);
    const plain = stage.Backend.Lookup("a", 0);
    vi.advanceTimersByTime(WebLimits.backoffMinMs);
    Latest().Accept("");
    Latest().Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
    await NextRun();
    expect(plain.Failure()).toBe(SocketError.UNAVAILABLE);
    stage.Backend.SetBridgeUrl("ws://slow.example/");
    const slow = stage.Backend.Lookup("a", 0);
    vi.advanceTimersByTime(5_000);
    expect(slow.Failure()).toBe(SocketError.TIMED_OUT);
  });

  test("beyond what one link may ask at a time are LIMIT_REACHED", async () => {
    stage.Backend.Lookup("a", 0);
    await new FarEnd().Run();
    for (let i = 1; i < MuxLimits.maxLookups; i++) stage.Backend.Lookup("a", 0);
    expect(stage.Backend.Lookup("a", 0).Failure()).toBe(SocketError.LIMIT_REACHED);
  });

  test("that took too long make room for others while the link is not there yet", () => {
    for (let i = 0; i < WebLimits.maxWaiting; i++) stage.Backend.Lookup("a", 0);
    expect(stage.Backend.Lookup("a", 0).Failure()).toBe(SocketError.LIMIT_REACHED);
    vi.advanceTimersByTime(5_000);
    expect(stage.Backend.Lookup("a", 0).Done()).toBe(false);
  });
});
