import { describe, expect, test } from "vitest";
import { Handshake } from "../../../networking/mux/Handshake.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { DecodeMwxInfo, EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import type { InfoPacket, Packet } from "../../../networking/mux/Packet.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";

function info(...ids: number[]): InfoPacket {
  const Extensions = ids.map((Id) => ({
    Id,
    Metadata: Id === ExtensionId.MWX ? EncodeMwxInfo(OwnMwxInfo) : new Uint8Array(0),
  }));
  return { Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions };
}

const credit = (Credit: number) => ({ Type: PacketType.CONTINUE, Stream: 0, Credit }) as const;

function idsOf(packets: readonly Packet[] | null): number[] {
  const found = packets?.find((packet) => packet.Type === PacketType.INFO);
  return found?.Type === PacketType.INFO ? found.Extensions.map(({ Id }) => Id) : [];
}

describe("bridge", () => {
  test("v1 opens with its credit, is done at once and takes no INFO", () => {
    const bridge = new Handshake("bridge", 1);
    expect(bridge.Opening()).toEqual([credit(MuxLimits.plainCreditPackets)]);
    expect(bridge.IsDone()).toBe(true);
    expect(bridge.Info(info())).toBeNull();
  });

  test("v2 opens with INFO and answers INFO with its credit", () => {
    const bridge = new Handshake("bridge", 2);
    expect(idsOf(bridge.Opening())).toEqual([ExtensionId.STREAM_OPEN, ExtensionId.MWX]);
    expect(bridge.IsDone()).toBe(false);
    expect(bridge.Info(info(ExtensionId.MWX))).toEqual([credit(MuxLimits.plainCreditPackets)]);
    expect([bridge.IsDone(), bridge.ConfirmsOpen()]).toEqual([true, false]);
    expect(bridge.Mwx()).toEqual(OwnMwxInfo);
  });

  test("takes no CONTINUE and no second INFO", () => {
    const bridge = new Handshake("bridge", 2);
    expect(bridge.Continue(credit(1))).toBeNull();
    bridge.Info(info());
    expect(bridge.Info(info())).toBeNull();
  });
});

describe("page", () => {
  test("v1 is done with the first CONTINUE", () => {
    const page = new Handshake("page", 1);
    expect([page.Opening(), page.IsDone()]).toEqual([[], false]);
    expect(page.Continue(credit(32))).toEqual([]);
    expect([page.IsDone(), page.Credit(), page.Mwx()]).toEqual([true, 32, null]);
  });

  test.each([
    ["INFO first", ["info", "continue"]],
    ["CONTINUE first, as some servers do", ["continue", "info"]],
  ])("v2 is done with both packets, %s", (_name, order) => {
    const page = new Handshake("page", 2);
    for (const step of order) {
      expect(page.IsDone()).toBe(false);
      if (step === "info") page.Info(info(ExtensionId.MWX));
      else page.Continue(credit(64));
    }
    expect([page.IsDone(), page.Credit(), page.Mwx()?.Version]).toEqual([true, 64, 1]);
  });

  test("answers only with what the server offered", () => {
    const answer = (...ids: number[]) => idsOf(new Handshake("page", 2).Info(info(...ids)));
    expect(answer()).toEqual([]);
    expect(answer(0x01, 0x02)).toEqual([]);
    expect(answer(ExtensionId.STREAM_OPEN)).toEqual([ExtensionId.STREAM_OPEN]);
    expect(answer(ExtensionId.MWX)).toEqual([ExtensionId.MWX]);
  });

  test("does not speak MWX with metadata of another version, or none", () => {
    for (const Metadata of [new Uint8Array(0), EncodeMwxInfo({ ...OwnMwxInfo, Version: 2 })]) {
      const page = new Handshake("page", 2);
      const offer = { ...info(), Extensions: [{ Id: ExtensionId.MWX, Metadata }] };
      expect(idsOf(page.Info(offer))).toEqual([]);
      expect(page.Mwx()).toBeNull();
    }
  });
});

test("the smaller of both offers counts", () => {
  const page = new Handshake("page", 2);
  const Metadata = EncodeMwxInfo({ ...OwnMwxInfo, Features: 0, FrameBytes: 1_000, MaxStreams: 3 });
  page.Info({ ...info(), Extensions: [{ Id: ExtensionId.MWX, Metadata }] });
  expect(page.Mwx()).toEqual({ ...OwnMwxInfo, Features: 0, FrameBytes: 1_000, MaxStreams: 3 });
});

test("metadata that is cut, or asks for tiny frames, is none", () => {
  const bytes = EncodeMwxInfo(OwnMwxInfo);
  expect(DecodeMwxInfo(bytes)).toEqual(OwnMwxInfo);
  expect(DecodeMwxInfo(bytes.subarray(1))).toBeNull();
  const least = { ...OwnMwxInfo, FrameBytes: MuxLimits.frameFloorBytes };
  expect(DecodeMwxInfo(EncodeMwxInfo(least))).toEqual(least);
  const less = { ...least, FrameBytes: least.FrameBytes - 1 };
  expect(DecodeMwxInfo(EncodeMwxInfo(less))).toBeNull();
});

test("a page settles for v1 once CONTINUE has come and INFO has not, a bridge never", () => {
  const page = new Handshake("page", 2);
  expect([page.SettleForV1(), page.IsDone()]).toEqual([false, false]);
  page.Continue({ Type: PacketType.CONTINUE, Stream: 0, Credit: 5 });
  expect([page.SettleForV1(), page.IsDone(), page.Credit(), page.Mwx()]).toEqual([
    true,
    true,
    5,
    null,
  ]);
  expect(page.Info(info())).toBeNull();
  expect(new Handshake("bridge", 1).SettleForV1()).toBe(false);
});
