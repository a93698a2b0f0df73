import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType, SockOpt } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { Failures, MuxPair, TakeAll, remote } from "./MuxPair.ts";

function kinds(events: readonly MuxEvent[]): string[] {
  return events.map(({ Kind }) => Kind);
}

function closedCodes(events: readonly MuxEvent[]): number[] {
  return events.flatMap((event) => (event.Kind === "closed" ? [event.Code] : []));
}

/** The packets that wait to be delivered. */
function typesOf(messages: readonly Uint8Array[]): number[] {
  return messages.map((message) => message[0] ?? 0);
}

const data = (Stream: number, ...Data: number[]): Packet => ({
  Type: PacketType.DATA,
  Stream,
  Data: Uint8Array.from(Data),
});
describe("opening", () => {
  test("a page connects, the bridge answers with both addresses, both have a window", () => {
    const pair = new MuxPair();
    expect([pair.Page.IsReady(), pair.Page.HasMwx(), pair.Bridge.HasMwx()]).toEqual([
      true,
      true,
      true,
    ]);
    const { page, bridge } = pair.Open();
    expect(pair.BridgeEvents.find(({ Kind }) => Kind === "connect")).toMatchObject({
      Host: "arena",
      Port: 7_350,
      StreamType: 1,
    });
    const opened = pair.PageEvents.find(({ Kind }) => Kind === "opened");
    expect(opened).toMatchObject({ Stream: page.Stream, Remote: { Port: remote.Port } });
    expect([page.Stream.Window.Room(), bridge.Stream.Window.Room()]).toEqual([65_536, 65_536]);
  });

  test("a refusal carries the exact code", () => {
    const pair = new MuxPair();
    pair.Connect();
    const asked = pair.BridgeEvents.find((event) => event.Kind === "connect");
    if (asked?.Kind === "connect") pair.Bridge.Abort(asked.Stream, SocketError.CANT_RESOLVE);
    pair.Run();
    expect(closedCodes(pair.PageEvents)).toEqual([SocketError.CANT_RESOLVE]);
    expect([pair.Page.StreamCount(), pair.Bridge.StreamCount()]).toEqual([0, 0]);
  });

  test("an answer that comes after the page gave up is no error", () => {
    const pair = new MuxPair();
    const page = pair.Connect();
    pair.Page.Reset(page.Stream);
    pair.Collect();
    pair.Answer();
    expect([Failures(pair.PageEvents), Failures(pair.BridgeEvents)]).toEqual([[], []]);
    expect([pair.Page.Dropped(), pair.Bridge.StreamCount()]).toEqual([1, 0]);
  });
});

describe("windows", () => {
  test("a page that stops reading stops the bridge's end at one window", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open(4_096, 65_536);
    bridge.Out.Write(new Uint8Array(10_000));
    pair.Bridge.SourceChanged(bridge.Stream);
    pair.Run();
    expect([page.In.Used(), bridge.Out.Used()]).toEqual([4_096, 10_000 - 4_096]);
    page.In.Skip(1);
    pair.Page.SinkChanged(page.Stream);
    pair.Run();
    expect([page.In.Used(), bridge.Out.Used()]).toEqual([4_096, 10_000 - 4_097]);
  });

  test("a stalled stream does not stop another", () => {
    const pair = new MuxPair();
    const stalled = pair.Open(1_024);
    const lively = pair.Open(1_024);
    stalled.page.Out.Write(new Uint8Array(1_024));
    pair.Page.SourceChanged(stalled.page.Stream);
    pair.Run();
    stalled.page.Out.Write(new Uint8Array(1_024));
    pair.Page.SourceChanged(stalled.page.Stream);
    lively.page.Out.Write(Uint8Array.of(1, 2, 3));
    pair.Page.SourceChanged(lively.page.Stream);
    pair.Run();
    expect([...TakeAll(lively.bridge.In)]).toEqual([1, 2, 3]);
    expect(stalled.page.Out.Used()).toBe(1_024);
  });

  test("a large transfer lets a small message pass after one quantum", () => {
    const pair = new MuxPair();
    const large = pair.Open();
    const small = pair.Open();
    large.page.Out.Write(new Uint8Array(65_536));
    pair.Page.SourceChanged(large.page.Stream);
    small.page.Out.Write(Uint8Array.of(9));
    pair.Page.SourceChanged(small.page.Stream);
    pair.Collect();
    const sizes = pair.ToBridge.map(({ length }) => length - MuxLimits.headerBytes);
    expect(sizes).toEqual([16_384, 1, 16_384, 16_384, 16_384]);
  });

  test("one byte over the window ends the session", () => {
    const pair = new MuxPair();
    const { page } = pair.Open(256);
    pair.Bridge.Receive(
      EncodePacket({ ...data(page.Stream.Id), Data: new Uint8Array(257) } as Packet),
    );
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
    expect(closedCodes(pair.BridgeEvents)).toEqual([SocketError.PROTOCOL_ERROR]);
  });

  test("data before OPENED is over the window", () => {
    const pair = new MuxPair();
    const { Stream } = pair.Connect();
    pair.Bridge.Receive(EncodePacket(data(Stream.Id, 1)));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("however often the ring changes, one grant waits per stream", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open(1_000);
    bridge.Out.Write(new Uint8Array(1_000));
    pair.Bridge.SourceChanged(bridge.Stream);
    pair.Run();
    for (let i = 0; i < 10; i++) {
      page.In.Skip(100);
      pair.Page.SinkChanged(page.Stream);
    }
    pair.Collect();
    expect(typesOf(pair.ToBridge)).toEqual([PacketType.WINDOW]);
  });
});

describe("ending", () => {
  test("FIN comes after the last byte, and the other direction goes on", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open();
    page.Out.Write(Uint8Array.of(1, 2));
    pair.Page.Finish(page.Stream);
    pair.Run();
    expect([...TakeAll(bridge.In)]).toEqual([1, 2]);
    expect(kinds(pair.BridgeEvents).slice(-2)).toEqual(["received", "finished"]);
    bridge.Out.Write(Uint8Array.of(3));
    pair.Bridge.SourceChanged(bridge.Stream);
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([3]);
    expect(pair.Page.StreamCount()).toBe(1);
  });

  test("when both have finished the stream is over on both ends, in order", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open();
    pair.Page.Finish(page.Stream);
    pair.Bridge.Finish(bridge.Stream);
    pair.Run();
    expect(closedCodes(pair.PageEvents)).toEqual([SocketError.SUCCESS]);
    expect(closedCodes(pair.BridgeEvents)).toEqual([SocketError.SUCCESS]);
    expect([pair.Page.StreamCount(), pair.Bridge.StreamCount()]).toEqual([0, 0]);
  });

  test("a full window does not let FIN or CLOSE overtake the tail", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open(256, 1_024);
    bridge.Out.Write(new Uint8Array(1_000));
    pair.Bridge.Close(bridge.Stream, SocketError.CONNECTION_RESET);
    let received = 0;
    for (let i = 0; i < 4; i++) {
      pair.Run();
      expect(closedCodes(pair.PageEvents)).toEqual(i < 3 ? [] : [SocketError.CONNECTION_RESET]);
      received += TakeAll(page.In).length;
      pair.Page.SinkChanged(page.Stream);
    }
    expect(received).toBe(1_000);
  });

  test("Abort leaves the tail behind and ends both ends", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open();
    page.Out.Write(Uint8Array.of(1));
    pair.Page.SourceChanged(page.Stream);
    pair.Page.Reset(page.Stream);
    pair.Run();
    expect(bridge.In.Used()).toBe(0);
    expect(closedCodes(pair.BridgeEvents)).toEqual([SocketError.CONNECTION_RESET]);
  });

  test("what comes for an ended stream is dropped and counted", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open();
    bridge.Out.Write(Uint8Array.of(1));
    pair.Bridge.SourceChanged(bridge.Stream);
    pair.Collect();
    pair.Page.Reset(page.Stream);
    pair.Run();
    expect([pair.Page.Dropped(), Failures(pair.PageEvents)]).toEqual([1, []]);
  });

  test("a FIN that does not fit the bytes, or comes twice, ends the session", () => {
    for (const offsets of [[1], [0, 0]]) {
      const pair = new MuxPair();
      const { page } = pair.Open();
      for (const Offset of offsets) {
        pair.Bridge.Receive(EncodePacket({ Type: PacketType.FIN, Stream: page.Stream.Id, Offset }));
      }
      expect(Failures(pair.BridgeEvents)).toHaveLength(1);
    }
  });

  test("bytes after FIN end the session", () => {
    const pair = new MuxPair();
    const { page } = pair.Open();
    pair.Page.Finish(page.Stream);
    pair.Run();
    pair.Bridge.Receive(EncodePacket(data(page.Stream.Id, 1)));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("the loss of the WebSocket ends every stream once, and nothing works after", () => {
    const pair = new MuxPair();
    pair.Open();
    pair.Open();
    pair.Page.End(SocketError.CONNECTION_RESET);
    pair.Page.End(SocketError.CONNECTION_RESET);
    expect(closedCodes(pair.PageEvents)).toEqual([20, 20]);
    expect([pair.Page.IsReady(), pair.Page.NextMessage()]).toEqual([false, null]);
  });
});

describe("beside the streams", () => {
  test("a lookup is asked and answered once", () => {
    const pair = new MuxPair();
    expect(pair.Page.CanResolve()).toBe(true);
    const id = pair.Page.Resolve("game.example.com", 4);
    pair.Run();
    expect(pair.BridgeEvents.at(-1)).toEqual({
      Kind: "resolve",
      Id: id,
      Family: 4,
      Host: "game.example.com",
    });
    pair.Bridge.Resolved(id, SocketError.SUCCESS, 60, [remote.Address]);
    pair.Bridge.Resolved(id, SocketError.SUCCESS, 60, [remote.Address]);
    pair.Run();
    const answers = pair.PageEvents.filter(({ Kind }) => Kind === "resolved");
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ Code: SocketError.SUCCESS, TtlSeconds: 60 });
  });

  test("socket options reach the bridge, unknown ones end the session", () => {
    const pair = new MuxPair();
    const { page, bridge } = pair.Open();
    pair.Page.SetOption(page.Stream, SockOpt.KEEP_ALIVE, true);
    pair.Run();
    expect(pair.BridgeEvents.at(-1)).toEqual({
      Kind: "option",
      Stream: bridge.Stream,
      Option: SockOpt.KEEP_ALIVE,
      Value: true,
    });
    pair.Page.SetOption(page.Stream, 9, true);
    pair.Run();
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });
});
