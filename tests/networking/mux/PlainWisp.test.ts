import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { PageMux } from "../../../networking/mux/PageMux.ts";
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
    expect(events.slice(-2).map(({ Kind }) => Kind)).toEqual(["received", "draining"]);
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

  /** A stream that the client has closed while bytes wait for a full ring. */
  function draining() {
    const pair = new MuxPair(1);
    const { page, bridge } = pair.Open(65_536, 256);
    page.Out.Write(new Uint8Array(300));
    pair.Page.Close(page.Stream, SocketError.SUCCESS);
    pair.Run();
    return { pair, bridge, mux: pair.Bridge };
  }

  test("a closed stream whose bytes still wait is draining, its id is free", () => {
    const { pair, bridge, mux } = draining();
    expect(pair.BridgeEvents.at(-1)).toEqual({ Kind: "draining", Stream: bridge.Stream });
    expect([mux.StreamCount(), mux.WaitingCost()]).toEqual([0, 44 + MuxLimits.waitingPacketBytes]);
    TakeAll(bridge.In);
    mux.SinkChanged(bridge.Stream);
    mux.SinkChanged(bridge.Stream);
    expect(pair.BridgeEvents.slice(-2)).toEqual([
      { Kind: "received", Stream: bridge.Stream },
      { Kind: "closed", Stream: bridge.Stream, Code: SocketError.SUCCESS },
    ]);
    expect([bridge.In.Used(), mux.WaitingCost()]).toEqual([44, 0]);
  });

  test.each(["Close", "Abort"] as const)("%s ends the draining, and nothing waits", (end) => {
    const { pair, bridge, mux } = draining();
    mux[end](bridge.Stream, SocketError.TIMED_OUT);
    mux[end](bridge.Stream, SocketError.FAILED);
    TakeAll(bridge.In);
    mux.SinkChanged(bridge.Stream);
    expect(pair.BridgeEvents.at(-1)).toMatchObject({ Kind: "closed", Code: SocketError.TIMED_OUT });
    expect([mux.WaitingCost(), bridge.In.Used()]).toEqual([0, 0]);
    pair.Collect();
    expect(pair.ToPage).toEqual([]);
  });
});
