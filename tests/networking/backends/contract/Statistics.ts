/** Contract: what a stream counts of its connections. */
import { expect, test } from "vitest";
import { NetStatistics } from "../../../../networking/core/NetStatistics.ts";
import { PacketPeerStream } from "../../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { Collector, Pattern, Succeed } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const of = (stream: StreamPeerTCP): NetStatistics => NetStatistics.Of(stream);

export function StatisticsCases(scene: Scene): void {
  test("a new stream has counted nothing", () => {
    expect(of(scene.Stream())).toEqual(new NetStatistics());
  });

  test("bytes count when they come, and wait until they are taken", async () => {
    const { Stream, Far } = await scene.Pair();
    Far.Send(Pattern(1_000));
    await scene.UntilAvailable(Stream, 1_000);
    expect(of(Stream)).toMatchObject({ BytesIn: 1_000, BufferedIn: 1_000, BytesOut: 0 });
    Stream.GetPartialData(new Uint8Array(600));
    expect(of(Stream)).toMatchObject({ BytesIn: 1_000, BufferedIn: 400 });
    Stream.GetU32();
    expect(of(Stream)).toMatchObject({ BytesIn: 1_000, BufferedIn: 396 });
  });

  test("bytes count when they are accepted, and wait until the system takes them", async () => {
    const { Stream } = await scene.Pair({ OutboundBufferSize: 65_536 }, false);
    Stream.PutData(Pattern(100));
    expect(of(Stream).BytesOut).toBe(100);
    await scene.UntilOutboundEmpty(Stream);
    expect(of(Stream)).toMatchObject({ BytesOut: 100, BufferedOut: 0 });
    const more = await scene.Fill(Stream);
    expect(of(Stream)).toMatchObject({ BytesOut: 100 + more, BufferedOut: 65_536 });
  });

  test("a connect counts with its time, and a new connection goes on counting", async () => {
    const { Stream, Far } = await scene.Pair();
    const { Opened, Connects, Current, MeanConnectMs } = of(Stream);
    expect([Opened, Connects, Current]).toEqual([1, 1, 1]);
    expect(MeanConnectMs).toBeGreaterThan(0);
    expect(MeanConnectMs).toBeLessThan(10_000);
    Far.Send(Pattern(10));
    await scene.UntilAvailable(Stream, 10);
    Stream.DisconnectFromHost();
    expect(of(Stream)).toMatchObject({ BytesIn: 10, BufferedIn: 0, Opened: 1, Closed: 1 });
    const server = await scene.FarServer();
    Succeed(Stream.ConnectToHost("127.0.0.1", server.Port));
    await scene.UntilStatus(Stream, Status.STATUS_CONNECTED);
    expect(of(Stream)).toMatchObject({ BytesIn: 10, Opened: 2, Closed: 1, Connects: 2 });
    Stream.Abort();
    expect(of(Stream)).toMatchObject({ Opened: 2, Closed: 2, ErrorCount: 0 });
  });

  test("a connect that fails counts as its error, and as no connection", async () => {
    const stream = scene.Stream();
    Succeed(stream.ConnectToHost("127.0.0.1", await scene.DeadPort()));
    await scene.UntilStatus(stream, Status.STATUS_ERROR);
    const { Opened, Closed, Connects, Errors } = of(stream);
    expect([Opened, Closed, Connects]).toEqual([0, 0, 0]);
    expect([...Errors]).toEqual([[stream.GetLastError(), 1]]);
    stream.DisconnectFromHost();
    expect(of(stream).ErrorCount).toBe(1);
  });

  test("an orderly end is no error, a reset is one", async () => {
    const ended = await scene.Pair();
    ended.Far.Finish();
    await scene.UntilStatus(ended.Stream, Status.STATUS_NONE);
    expect(of(ended.Stream)).toMatchObject({ Opened: 1, Closed: 1, ErrorCount: 0 });
    const reset = await scene.Pair();
    reset.Far.Reset();
    await scene.UntilStatus(reset.Stream, Status.STATUS_ERROR);
    expect(of(reset.Stream)).toMatchObject({ Opened: 1, Closed: 1 });
    expect([...of(reset.Stream).Errors]).toEqual([[SocketError.CONNECTION_RESET, 1]]);
  });

  test("time counts while the inbound buffer is full, and only then", async () => {
    const { Stream, Far } = await scene.Pair({ InboundBufferSize: 4_096 });
    Far.Send(Pattern(100));
    await scene.UntilAvailable(Stream, 100);
    expect(of(Stream).PausedMs).toBe(0);
    Far.Send(Pattern(400_000));
    await scene.Until(() => of(Stream).PausedMs >= 5, "a pause");
    const heard = new Collector(Stream);
    await scene.Until(() => heard.Has(400_100), "all bytes");
    const paused = of(Stream).PausedMs;
    await scene.NewRun();
    await scene.NewRun();
    expect(of(Stream).PausedMs).toBe(paused);
    expect(of(Stream).BytesIn).toBe(400_100);
    Stream.DisconnectFromHost();
    expect(of(Stream).PausedMs).toBe(paused);
  });

  test("packets count when a packet peer takes and gives them", async () => {
    const { Stream, Far } = await scene.Pair();
    const packets = new PacketPeerStream();
    packets.StreamPeer = Stream;
    Succeed(packets.PutPacket(Pattern(6)));
    Succeed(packets.PutPacket(Pattern(7)));
    expect(packets.PutPacket(Pattern(0))).toBe(SocketError.INVALID_PARAMETER);
    Far.Send(Uint8Array.of(1, 0, 0, 0, 9, 1, 0, 0));
    await scene.UntilAvailable(Stream, 8);
    expect(of(Stream)).toMatchObject({ PacketsIn: 0, PacketsOut: 2, BytesOut: 4 + 6 + 4 + 7 });
    expect([packets.GetPacket(), packets.GetPacket()]).toEqual([Uint8Array.of(9), null]);
    expect(of(Stream)).toMatchObject({ PacketsIn: 1, PacketsOut: 2 });
  });

  test("a peer that breaks the protocol on top is an error", async () => {
    const { Stream, Far } = await scene.Pair();
    const packets = new PacketPeerStream();
    packets.StreamPeer = Stream;
    Far.Send(Uint8Array.of(255, 255, 255, 255));
    await scene.Until(() => {
      packets.GetPacket();
      return Stream.GetStatus() === Status.STATUS_ERROR;
    }, "the end");
    expect([...of(Stream).Errors]).toEqual([[SocketError.PROTOCOL_ERROR, 1]]);
    expect(of(Stream)).toMatchObject({ Opened: 1, Closed: 1 });
  });
}
