import { describe, expect, test } from "vitest";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { Failures, MuxPair, remote } from "./MuxPair.ts";

const data = (Stream: number, ...Data: number[]): Packet => ({
  Type: PacketType.DATA,
  Stream,
  Data: Uint8Array.from(Data),
});
const connect = (Stream: number): Packet => ({
  Type: PacketType.CONNECT,
  Stream,
  StreamType: 1,
  Port: 80,
  Host: "a",
});

describe("a peer that breaks the rules", () => {
  test.each([
    ["an id that is live", connect(1)],
    ["stream 0", connect(0)],
    ["an id of the bridge", connect(2 ** 31)],
  ])("CONNECT with %s", (_name, packet) => {
    const pair = new MuxPair();
    pair.Open();
    pair.Bridge.Receive(EncodePacket(packet));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("CONNECT with the id of an ended stream", () => {
    const pair = new MuxPair();
    const { page } = pair.Open();
    pair.Page.Reset(page.Stream);
    pair.Run();
    pair.Bridge.Receive(EncodePacket(connect(page.Stream.Id)));
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("data for a stream that never was", () => {
    const pair = new MuxPair();
    pair.Bridge.Receive(EncodePacket(data(7, 1)));
    expect(Failures(pair.BridgeEvents)).toEqual(["A packet for a stream that never was."]);
  });

  test.each([
    ["OPENED", 0xd1],
    ["LISTENING", 0xd4],
    ["RESOLVED", 0xd8],
    ["CONTINUE", 0x03],
  ])("a page that sends the bridge's %s", (_name, type) => {
    const pair = new MuxPair();
    const { page } = pair.Open();
    const sizes: Record<number, number> = { 0xd1: 14, 0xd4: 3, 0xd8: 7, 0x03: 4 };
    const message = new Uint8Array(5 + (sizes[type] ?? 0));
    message.set([type, page.Stream.Id]);
    expect(DecodePacket(message).Ok).toBe(true);
    pair.Bridge.Receive(message);
    expect(Failures(pair.BridgeEvents)).toHaveLength(1);
  });

  test("a bridge that sends the page's CONNECT, or opens a stream twice", () => {
    const connecting = new MuxPair();
    connecting.Page.Receive(EncodePacket(connect(5)));
    expect(Failures(connecting.PageEvents)).toHaveLength(1);
    const opening = new MuxPair();
    const { page } = opening.Open();
    const opened = {
      Type: PacketType.OPENED,
      Stream: page.Stream.Id,
      Local: remote,
      Remote: remote,
    };
    opening.Page.Receive(EncodePacket({ ...opened, Offset: 0 }));
    expect(Failures(opening.PageEvents)).toHaveLength(1);
  });
});
