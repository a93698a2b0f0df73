import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { BridgeMux } from "../../../networking/mux/BridgeMux.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType, SockOpt } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { Failures, MuxPair } from "./MuxPair.ts";

const connect: Packet = {
  Type: PacketType.CONNECT,
  Stream: 1,
  StreamType: 1,
  Port: 80,
  Host: "a",
};

describe("the session", () => {
  test("a ping comes back as pong with its value", () => {
    const pair = new MuxPair();
    pair.Page.Ping(2n ** 60n);
    pair.Run();
    expect(pair.PageEvents.at(-1)).toEqual({ Kind: "pong", Value: 2n ** 60n });
  });

  test("unknown types end an MWX session and are dropped in a plain one", () => {
    const mwx = new MuxPair();
    mwx.Bridge.Receive(Uint8Array.of(0x99, 1, 0, 0, 0));
    expect(Failures(mwx.BridgeEvents)).toHaveLength(1);
    const plain = new MuxPair(1);
    plain.Bridge.Receive(Uint8Array.of(0x99, 1, 0, 0, 0));
    plain.Bridge.Receive(EncodePacket({ Type: PacketType.PING, Stream: 0, Value: 1n }));
    expect([Failures(plain.BridgeEvents), plain.Bridge.Dropped()]).toEqual([[], 2]);
  });

  test("a packet before the handshake, or on stream 0", () => {
    const events: MuxEvent[] = [];
    new BridgeMux(2, (event) => events.push(event)).Receive(EncodePacket(connect));
    expect(Failures(events)).toHaveLength(1);
    const pair = new MuxPair();
    pair.Bridge.Receive(EncodePacket({ Type: PacketType.DATA, Stream: 0, Data: Uint8Array.of(1) }));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("questions whose answers are not taken end the session at the limit", () => {
    const pair = new MuxPair();
    const ping = EncodePacket({ Type: PacketType.PING, Stream: 0, Value: 1n });
    for (let i = 0; i < MuxLimits.maxControlPackets; i++) pair.Bridge.Receive(ping);
    expect(Failures(pair.BridgeEvents)).toEqual([]);
    pair.Bridge.Receive(ping);
    expect(pair.BridgeEvents.at(-1)).toMatchObject({ Code: SocketError.LIMIT_REACHED });
  });

  test("nothing is done for a peer that has failed", () => {
    const pair = new MuxPair();
    pair.Bridge.Receive(Uint8Array.of(1));
    pair.Bridge.Receive(EncodePacket(connect));
    expect(pair.BridgeEvents.map(({ Kind }) => Kind)).toEqual(["ready", "failed"]);
  });
});

test("a server that offers only Wisp gets nothing of MWX", () => {
  const pair = new MuxPair(1);
  const { page } = pair.Open();
  pair.Page.SetOption(page.Stream, SockOpt.NO_DELAY, true);
  pair.Page.Ping(1n);
  pair.Page.Finish(page.Stream);
  page.Out.Write(Uint8Array.of(1));
  pair.Page.SourceChanged(page.Stream);
  pair.Page.Reset(page.Stream);
  pair.Collect();
  expect(pair.ToBridge.map((message) => message[0])).toEqual([PacketType.CLOSE]);
  expect(pair.Page.CanResolve()).toBe(false);
});
