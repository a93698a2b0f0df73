import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { PageMux } from "../../../networking/mux/PageMux.ts";
import { PlainInbox } from "../../../networking/mux/PlainInbox.ts";
import { MuxPair, TakeAll } from "./MuxPair.ts";

/** A page's mux at a plain v1 server that the test plays. */
function pageAtServer(credit: number) {
  const events: MuxEvent[] = [];
  const mux = new PageMux(1, (event) => events.push(event));
  const receive = (Type: typeof PacketType.CONTINUE, Stream: number, Credit: number): void =>
    mux.Receive(EncodePacket({ Type, Stream, Credit }));
  receive(PacketType.CONTINUE, 0, credit);
  const [out, into] = [ByteRing.Create(65_536), ByteRing.Create(256)];
  const stream = mux.Connect("a", 80, out, into);
  return { mux, events, out, into, stream, receive };
}

function sentPackets(mux: PageMux): number[] {
  const types = [];
  for (let message = mux.NextMessage(); message; message = mux.NextMessage())
    types.push(message[0]);
  return types as number[];
}

describe("page at a plain server", () => {
  test("the stream is open at once, and sends as many packets as it has credit", () => {
    const { mux, events, out, stream, receive } = pageAtServer(2);
    expect(events.map(({ Kind }) => Kind)).toEqual(["ready", "opened"]);
    out.Write(new Uint8Array(50_000));
    mux.SourceChanged(stream);
    expect(sentPackets(mux)).toEqual([PacketType.CONNECT, PacketType.DATA, PacketType.DATA]);
    receive(PacketType.CONTINUE, stream.Id, 1);
    expect(sentPackets(mux)).toEqual([PacketType.DATA]);
    expect(out.Used()).toBe(50_000 - 3 * MuxLimits.quantumBytes);
  });

  test("bytes that the ring has no room for wait, in order, up to a limit", () => {
    const { mux, events, into, stream } = pageAtServer(2);
    const Data = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);
    mux.Receive(EncodePacket({ Type: PacketType.DATA, Stream: stream.Id, Data }));
    const got: number[] = [];
    while (got.length < 1_000) {
      got.push(...TakeAll(into));
      mux.SinkChanged(stream);
    }
    expect(got).toEqual([...Data]);
    expect(mux.WaitingCost()).toBe(0);
    const large = new Uint8Array(MuxLimits.pageWaitingBytes + 256);
    mux.Receive(EncodePacket({ Type: PacketType.DATA, Stream: stream.Id, Data: large }));
    expect(events.at(-1)).toMatchObject({ Kind: "closed", Code: SocketError.OUT_OF_BUFFER_MEMORY });
  });

  test("a CLOSE waits for the bytes before it", () => {
    const { mux, events, into, stream } = pageAtServer(2);
    const Data = new Uint8Array(300);
    mux.Receive(EncodePacket({ Type: PacketType.DATA, Stream: stream.Id, Data }));
    const close = { Type: PacketType.CLOSE, Stream: stream.Id, Reason: 2, Code: null } as const;
    mux.Receive(EncodePacket(close));
    expect(events.at(-1)?.Kind).toBe("received");
    TakeAll(into);
    mux.SinkChanged(stream);
    expect(into.Used()).toBe(44);
    expect(events.at(-1)).toMatchObject({ Kind: "closed", Code: SocketError.SUCCESS });
  });
});

describe("bridge with a plain client", () => {
  test("data that comes before the target is connected is kept for it", () => {
    const pair = new MuxPair(1);
    const page = pair.Connect();
    page.Out.Write(Uint8Array.of(1, 2, 3));
    pair.Page.SourceChanged(page.Stream);
    pair.Run();
    expect(pair.Bridge.WaitingCost()).toBe(3 + MuxLimits.waitingPacketBytes);
    const bridge = pair.Answer();
    expect([...TakeAll(bridge.In)]).toEqual([1, 2, 3]);
    expect(pair.Bridge.WaitingCost()).toBe(0);
  });

  test("credit is given back when half of it is used and the target takes the bytes", () => {
    const pair = new MuxPair(1);
    const { page, bridge } = pair.Open(65_536, 256);
    for (let i = 0; i < 3 * MuxLimits.plainCreditPackets; i++) {
      page.Out.Write(Uint8Array.of(i));
      pair.Page.SourceChanged(page.Stream);
      pair.Run();
      TakeAll(bridge.In);
      pair.Bridge.SinkChanged(bridge.Stream);
    }
    pair.Run();
    expect(page.Out.Used()).toBe(0);
  });

  test("a target that takes nothing stops the client after its credit", () => {
    const pair = new MuxPair(1);
    const { page } = pair.Open(65_536, 256);
    for (let i = 0; i < 2 * MuxLimits.plainCreditPackets; i++) {
      page.Out.Write(new Uint8Array(100));
      pair.Page.SourceChanged(page.Stream);
      pair.Run();
    }
    expect(page.Out.Used()).toBeGreaterThan(0);
    expect(pair.Bridge.WaitingCost()).toBeGreaterThan(0);
  });

  test("the target's end closes the stream after its last byte", () => {
    const pair = new MuxPair(1);
    const { page, bridge } = pair.Open();
    bridge.Out.Write(Uint8Array.of(5));
    pair.Bridge.Finish(bridge.Stream);
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([5]);
    expect(pair.PageEvents.at(-1)).toMatchObject({ Kind: "closed", Code: SocketError.SUCCESS });
  });

  test("an id may be used again once its stream has ended", () => {
    const pair = new MuxPair(1);
    const { page } = pair.Open();
    pair.Page.Reset(page.Stream);
    pair.Run();
    const again = {
      Type: PacketType.CONNECT,
      Stream: page.Stream.Id,
      StreamType: 1,
      Port: 1,
    } as const;
    pair.Bridge.Receive(EncodePacket({ ...again, Host: "a" }));
    pair.Bridge.Receive(EncodePacket({ ...again, Host: "a", Stream: 0xffff_fff0 }));
    expect(pair.Bridge.StreamCount()).toBe(2);
  });
});

describe("PlainInbox", () => {
  test("empty packets are not free", () => {
    const inbox = new PlainInbox();
    inbox.Push(new Uint8Array(0), null);
    expect(inbox.Cost()).toBe(0);
    inbox.Push(Uint8Array.of(1), null);
    inbox.Push(new Uint8Array(0), null);
    expect(inbox.Cost()).toBe(1 + MuxLimits.waitingPacketBytes);
  });

  test("keeps a copy, not the message", () => {
    const inbox = new PlainInbox();
    const message = Uint8Array.of(1, 2);
    inbox.Push(message, null);
    message.fill(0);
    const ring = ByteRing.Create(256);
    expect(inbox.Drain(ring)).toBe(true);
    expect([...TakeAll(ring)]).toEqual([1, 2]);
    expect(inbox.Drain(ring)).toBe(false);
  });

  test("gives no credit while more than half of it waits", () => {
    const inbox = new PlainInbox();
    const half = MuxLimits.plainCreditPackets / 2;
    for (let i = 0; i < half; i++) inbox.Push(Uint8Array.of(i), null);
    expect(inbox.NextCredit()).toBe(half);
    for (let i = 0; i < half; i++) inbox.Push(Uint8Array.of(i), null);
    expect(inbox.NextCredit()).toBeNull();
    inbox.Drain(ByteRing.Create(1_024));
    expect(inbox.NextCredit()).toBe(2 * half);
  });
});
