import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { MuxListener } from "../../../networking/mux/MuxListener.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { Failures, MuxPair, TakeAll, local, remote } from "./MuxPair.ts";

type Kinds = MuxEvent["Kind"];

/** The latest event of a kind. */
function last<K extends Kinds>(events: readonly MuxEvent[], kind: K) {
  const found = events.findLast(({ Kind }) => Kind === kind);
  if (found === undefined) throw new Error(`There was no "${kind}".`);
  return found as Extract<MuxEvent, { Kind: K }>;
}

function unlistened(events: readonly MuxEvent[]): SocketError[] {
  return events.flatMap((event) => (event.Kind === "unlistened" ? [event.Code] : []));
}

function rings(): [ByteRing, ByteRing] {
  return [ByteRing.Create(1_024), ByteRing.Create(1_024)];
}

/** A page that listens; both ends of the listener. */
function listening(backlog = 2) {
  const pair = new MuxPair(2, 4);
  const page = pair.Page.Listen("*", 7_400, backlog);
  pair.Run();
  const bridge = last(pair.BridgeEvents, "listen").Listener;
  pair.Bridge.Listening(bridge, local);
  pair.Run();
  return { pair, page, bridge };
}

/** The bridge announces a connection. */
function announce(pair: MuxPair, listener: MuxListener) {
  const [In, Out] = rings();
  const Stream = pair.Bridge.Accept(listener, In, Out, local, remote);
  return { Stream, In, Out };
}

describe("listening", () => {
  test("is asked for, granted, and told once", () => {
    const { pair, page } = listening(3);
    expect(last(pair.BridgeEvents, "listen")).toMatchObject({
      Host: "*",
      Port: 7_400,
      Backlog: 3,
    });
    expect(last(pair.PageEvents, "listening")).toEqual({
      Kind: "listening",
      Listener: page,
      Bound: local,
    });
  });

  test("a refusal carries its code", () => {
    const pair = new MuxPair(2, 4);
    pair.Page.Listen("*", 80, 1);
    pair.Run();
    pair.Bridge.Unlisten(last(pair.BridgeEvents, "listen").Listener, SocketError.POLICY_DENIED);
    pair.Run();
    expect(unlistened(pair.PageEvents)).toEqual([SocketError.POLICY_DENIED]);
    expect(unlistened(pair.BridgeEvents)).toEqual([SocketError.POLICY_DENIED]);
  });

  test("is not there without the bridge's offer, and limited with it", () => {
    const without = new MuxPair();
    expect([without.Page.OffersListen(), without.Page.CanListen()]).toEqual([false, false]);
    without.Page.Listen("*", 0, 1);
    without.Run();
    expect(unlistened(without.PageEvents)).toEqual([SocketError.UNAVAILABLE]);
    const pair = new MuxPair(2, 2);
    pair.Page.Listen("*", 0, 1);
    expect(pair.Page.CanListen()).toBe(true);
    pair.Page.Listen("*", 0, 1);
    expect(pair.Page.CanListen()).toBe(false);
    pair.Page.Listen("*", 0, 1);
    pair.Run();
    expect(unlistened(pair.PageEvents)).toEqual([SocketError.LIMIT_REACHED]);
  });

  test("a backlog of 0 is one, as nothing could ever come in", () => {
    const pair = new MuxPair(2, 4);
    pair.Page.Listen("*", 0, 0);
    pair.Run();
    expect(last(pair.BridgeEvents, "listen").Backlog).toBe(1);
  });

  test("ends for both when the page stops, once", () => {
    const { pair, page } = listening();
    pair.Page.Unlisten(page);
    pair.Page.Unlisten(page);
    pair.Run();
    expect(unlistened(pair.PageEvents)).toEqual([SocketError.SUCCESS]);
    expect(unlistened(pair.BridgeEvents)).toEqual([SocketError.SUCCESS]);
    expect(pair.Page.IsIdle()).toBe(true);
  });

  test("ends with the WebSocket", () => {
    const { pair } = listening();
    pair.Page.End(SocketError.CONNECTION_RESET);
    pair.Bridge.End(SocketError.CONNECTION_RESET);
    expect(unlistened(pair.PageEvents)).toEqual([SocketError.CONNECTION_RESET]);
    expect(unlistened(pair.BridgeEvents)).toEqual([SocketError.CONNECTION_RESET]);
  });
});

describe("a connection that comes in", () => {
  test("carries bytes both ways, and ends like another", () => {
    const { pair, page, bridge } = listening();
    const far = announce(pair, bridge);
    pair.Run();
    const event = last(pair.PageEvents, "accepted");
    expect(event).toMatchObject({ Listener: page, Local: local, Remote: remote });
    const [Out, In] = rings();
    pair.Page.Accept(event.Stream, Out, In);
    Out.Write(Uint8Array.of(1, 2));
    far.In.Write(Uint8Array.of(3));
    pair.Page.SourceChanged(event.Stream);
    pair.Bridge.SourceChanged(far.Stream);
    pair.Run();
    expect([[...TakeAll(far.Out)], [...TakeAll(In)]]).toEqual([[1, 2], [3]]);
    pair.Page.Finish(event.Stream);
    pair.Bridge.Finish(far.Stream);
    pair.Run();
    expect(last(pair.PageEvents, "closed").Code).toBe(SocketError.SUCCESS);
    expect(last(pair.BridgeEvents, "closed").Code).toBe(SocketError.SUCCESS);
    expect(Failures([...pair.PageEvents, ...pair.BridgeEvents])).toEqual([]);
  });

  test("no more than the backlog are announced until one is taken", () => {
    const { pair, page, bridge } = listening(2);
    announce(pair, bridge);
    expect(pair.Bridge.CanAccept(bridge)).toBe(true);
    announce(pair, bridge);
    expect(pair.Bridge.CanAccept(bridge)).toBe(false);
    pair.Run();
    pair.Page.Taken(page);
    pair.Run();
    expect(pair.Bridge.CanAccept(bridge)).toBe(true);
    announce(pair, bridge);
    expect(pair.Bridge.CanAccept(bridge)).toBe(false);
  });

  test("one over the credit ends the session", () => {
    const { pair, bridge } = listening(1);
    announce(pair, bridge);
    announce(pair, bridge);
    pair.Run();
    expect(Failures(pair.PageEvents)).toEqual(["More connections came than were granted."]);
  });

  test("that was on its way when the page stopped listening is reset", () => {
    const { pair, page, bridge } = listening();
    const far = announce(pair, bridge);
    pair.Page.Unlisten(page);
    pair.Run();
    expect(last(pair.BridgeEvents, "closed")).toMatchObject({
      Stream: far.Stream,
      Code: SocketError.CONNECTION_RESET,
    });
    expect(Failures([...pair.PageEvents, ...pair.BridgeEvents])).toEqual([]);
  });

  test("that ends before the page gave it rings is over for both", () => {
    const { pair, bridge } = listening();
    const far = announce(pair, bridge);
    pair.Run();
    pair.Bridge.Abort(far.Stream, SocketError.CONNECTION_RESET);
    pair.Run();
    const { Stream } = last(pair.PageEvents, "accepted");
    pair.Page.Accept(Stream, ...rings());
    expect(Stream.IsAttached()).toBe(false);
  });

  test("is not announced when the streams are used up", () => {
    const { pair, bridge } = listening(MuxLimits.maxStreams + 1);
    for (let i = 0; i < MuxLimits.maxStreams; i++) announce(pair, bridge);
    expect(pair.Bridge.CanAccept(bridge)).toBe(false);
  });
});

describe("a bridge that breaks the rules", () => {
  const accept = (Stream: number, Listener: number): Packet => ({
    Type: PacketType.ACCEPT,
    Stream,
    Listener,
    Peer: remote,
    Local: local,
    Offset: 0,
  });

  test.each([
    ["announces with an id of the page's", accept(9, 1)],
    ["announces for a listener that never was", accept(2 ** 31, 2)],
    ["grants a listener twice", { Type: PacketType.LISTENING, Stream: 1, Bound: local } as Packet],
    [
      "asks for a port itself",
      { Type: PacketType.LISTEN, Stream: 5, Port: 1, Backlog: 1, Flags: 0, Host: "*" } as Packet,
    ],
  ])("%s", (_name, packet) => {
    const { pair } = listening();
    pair.Page.Receive(EncodePacket(packet));
    expect(Failures(pair.PageEvents)).toHaveLength(1);
  });

  test("announces before it listens, or an id twice", () => {
    const early = new MuxPair(2, 4);
    early.Page.Listen("*", 0, 1);
    early.Run();
    early.Page.Receive(EncodePacket(accept(2 ** 31, 1)));
    expect(Failures(early.PageEvents)).toHaveLength(1);
    const { pair } = listening();
    pair.Page.Receive(EncodePacket(accept(2 ** 31, 1)));
    pair.Page.Receive(EncodePacket(accept(2 ** 31, 1)));
    expect(Failures(pair.PageEvents)).toHaveLength(1);
  });
});

describe("GOAWAY", () => {
  test("ends asking, not what is open", () => {
    const pair = new MuxPair(2, 4);
    const { page, bridge } = pair.Open();
    pair.Bridge.GoAway(25_000, 1_500);
    pair.Run();
    expect(last(pair.PageEvents, "goaway")).toEqual({ Kind: "goaway", RetryAfterMs: 1_500 });
    const { Page } = pair;
    expect([Page.IsLeaving(), Page.CanConnect(), Page.CanResolve(), Page.CanListen()]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    page.Out.Write(Uint8Array.of(1));
    Page.SourceChanged(page.Stream);
    pair.Run();
    expect([...TakeAll(bridge.In)]).toEqual([1]);
    expect(Page.IsIdle()).toBe(false);
  });

  test("is the bridge's to say, and is not said in plain Wisp", () => {
    const pair = new MuxPair();
    const goAway = { Type: PacketType.GOAWAY, Stream: 0, Reason: 2, DeadlineMs: 1 } as const;
    pair.Bridge.Receive(EncodePacket({ ...goAway, RetryAfterMs: 1 }));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
    const plain = new MuxPair(1);
    plain.Bridge.GoAway(1, 1);
    plain.Collect();
    expect(plain.ToPage).toEqual([]);
  });
});
