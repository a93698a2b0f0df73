import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { GrowthWithin } from "../../../networking/mux/WindowGrowth.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { MuxStream } from "../../../networking/mux/MuxStream.ts";
import { OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { Outbox } from "../../../networking/mux/Outbox.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";

const mwx = OwnMwxInfo;
const ping = { Type: PacketType.PING, Stream: 0, Value: 1n } as const;

/** A stream of MWX with room for everything and this many bytes to send. */
function streamOf(id: number, bytes: number) {
  const stream = new MuxStream(id, null);
  const [source, sink] = [ByteRing.Create(65_536), ByteRing.Create(1_000)];
  source.Write(new Uint8Array(bytes));
  stream.Attach(source, sink, GrowthWithin(0));
  stream.Window.Grant(1_000_000);
  return { stream, source, sink };
}

/** Everything that comes now, as "type id". */
function drain(outbox: Outbox): string[] {
  const names = new Map<number, string>(Object.entries(PacketType).map(([name, n]) => [n, name]));
  const lines = [];
  for (let next = outbox.Next(mwx); next !== null; next = outbox.Next(mwx)) {
    const decoded = DecodePacket(next.Message);
    if (!decoded.Ok) throw new Error(`What the outbox gives does not decode: ${decoded.Problem}.`);
    lines.push(`${names.get(decoded.Packet.Type)} ${decoded.Packet.Stream}`);
  }
  return lines;
}

test("answers go first, then grants, then data", () => {
  const outbox = new Outbox();
  const { stream } = streamOf(5, 1);
  outbox.AddStream(stream);
  outbox.AddGrant(stream);
  outbox.Add(ping);
  expect(drain(outbox)).toEqual(["PING 0", "WINDOW 5", "DATA 5"]);
  expect(outbox.Next(mwx)).toBeNull();
});

describe("answers", () => {
  test("are bounded, and taken again when some are gone", () => {
    const outbox = new Outbox();
    for (let i = 0; i < MuxLimits.maxControlPackets; i++) expect(outbox.Add(ping)).toBe(true);
    expect(outbox.Add(ping)).toBe(false);
    outbox.Next(mwx);
    expect([outbox.Add(ping), outbox.Add(ping)]).toEqual([true, false]);
    expect(drain(outbox)).toHaveLength(MuxLimits.maxControlPackets);
  });

  test("keep their order, and are gone after Clear", () => {
    const outbox = new Outbox();
    for (const Stream of [3, 1, 2]) outbox.Add({ Type: PacketType.FIN, Stream, Offset: 0 });
    expect(drain(outbox)).toEqual(["FIN 3", "FIN 1", "FIN 2"]);
    outbox.Add(ping);
    outbox.Clear();
    expect(outbox.Next(mwx)).toBeNull();
  });
});

describe("grants", () => {
  test("are worked out when they are sent, so only the newest is", () => {
    const outbox = new Outbox();
    const { stream, sink } = streamOf(1, 0);
    stream.NextGrant();
    stream.Push(new Uint8Array(1_000));
    outbox.AddGrant(stream);
    sink.Skip(400);
    outbox.AddGrant(stream);
    sink.Skip(300);
    const next = outbox.Next(mwx);
    const decoded = DecodePacket(next?.Message ?? new Uint8Array(0));
    expect(decoded).toMatchObject({ Packet: { Type: PacketType.WINDOW, Offset: 1_700 } });
    expect(outbox.Next(mwx)).toBeNull();
  });

  test("that are not worth a packet are passed over", () => {
    const outbox = new Outbox();
    const [idle, hungry] = [streamOf(1, 0), streamOf(2, 0)];
    idle.stream.NextGrant();
    outbox.AddGrant(idle.stream);
    outbox.AddGrant(hungry.stream);
    expect(drain(outbox)).toEqual(["WINDOW 2"]);
  });

  test("are CONTINUE in plain Wisp", () => {
    const outbox = new Outbox();
    const stream = new MuxStream(1, 1);
    for (let i = 0; i < MuxLimits.plainCreditPackets; i++) stream.Push(new Uint8Array(0));
    stream.Attach(ByteRing.Create(16), ByteRing.Create(16), GrowthWithin(0));
    stream.DrainWaiting();
    outbox.AddGrant(stream);
    expect(outbox.Next(null)?.Message[0]).toBe(PacketType.CONTINUE);
  });
});

describe("streams", () => {
  test("send in turn, one quantum each", () => {
    const outbox = new Outbox();
    for (const [id, bytes] of [
      [1, 2 * MuxLimits.quantumBytes + 1],
      [2, 1],
      [3, 20_000],
    ] as const) {
      outbox.AddStream(streamOf(id, bytes).stream);
    }
    expect(drain(outbox)).toEqual(["DATA 1", "DATA 2", "DATA 3", "DATA 1", "DATA 3", "DATA 1"]);
  });

  test("send no more than the peer's frame", () => {
    const outbox = new Outbox();
    outbox.AddStream(streamOf(1, 100).stream);
    const next = outbox.Next({ ...mwx, FrameBytes: 40 });
    expect(next?.Message.length).toBe(MuxLimits.headerBytes + 40);
  });

  test("without room do not hold up the others, and wait to be added again", () => {
    const outbox = new Outbox();
    const stalled = new MuxStream(1, null);
    const source = ByteRing.Create(16);
    source.Write(Uint8Array.of(1));
    stalled.Attach(source, ByteRing.Create(16), GrowthWithin(0));
    stalled.Ending = { Kind: "close", Code: SocketError.SUCCESS };
    outbox.AddStream(stalled);
    outbox.AddStream(streamOf(2, 1).stream);
    expect(drain(outbox)).toEqual(["DATA 2"]);
    stalled.Window.Grant(1);
    expect(drain(outbox)).toEqual([]);
    outbox.AddStream(stalled);
    expect(outbox.Next(mwx)?.Kind).toBe("data");
    expect(outbox.Next(mwx)).toMatchObject({ Kind: "close", Code: SocketError.SUCCESS });
  });

  test("send FIN with the count of their bytes after the last one, once", () => {
    const outbox = new Outbox();
    const { stream } = streamOf(1, 3);
    stream.Ending = { Kind: "fin", Sent: false };
    outbox.AddStream(stream);
    expect(outbox.Next(mwx)?.Kind).toBe("data");
    const fin = outbox.Next(mwx);
    expect([fin?.Kind, DecodePacket(fin?.Message ?? new Uint8Array(0))]).toMatchObject([
      "fin",
      { Packet: { Offset: 3 } },
    ]);
    outbox.AddStream(stream);
    expect([outbox.Next(mwx), stream.Ending]).toEqual([null, { Kind: "fin", Sent: true }]);
  });

  test("that are forgotten send nothing and grant nothing", () => {
    const outbox = new Outbox();
    const { stream } = streamOf(1, 1);
    outbox.AddStream(stream);
    outbox.AddGrant(stream);
    outbox.Forget(stream);
    expect(outbox.Next(mwx)).toBeNull();
  });
});
