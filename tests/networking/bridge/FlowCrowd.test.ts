/** One stream's stall is nobody else's, and two full directions do not wait for each other. */
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { UseNetwork } from "../../Support/Network.ts";
import type { PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { BridgeProcess } from "./BridgeProcess.ts";
import type { FlowStream } from "./FlowPage.ts";
import { FlowPage } from "./FlowPage.ts";
import { Pour, Standstill, Take, WaitCount, mib } from "./FlowEnds.ts";
import { MwxClient } from "./UseBridge.ts";

const network = UseNetwork();
const floor = MuxLimits.windowFloorBytes;
const measured = 16 * mib;
/** The better of the runs so far counts, since a busy machine only ever takes away. */
const leastRounds = 4;
const mostRounds = 16;
/** Of the speed alone: what the stalled ones may cost. */
const fair = 0.7;

/** Milliseconds from connecting to the last byte. */
async function timed(page: FlowPage, target: PlainServer): Promise<number> {
  const start = performance.now();
  const index = target.Peers.length;
  const stream = await page.Open(target.Port, mib);
  const peer = await target.Peer(index);
  new Pour(peer.Socket, measured);
  await WaitCount(() => stream.Received, measured);
  const took = performance.now() - start;
  stream.Pour(0);
  await WaitFor(() => peer.Closed, "the end of a measured stream");
  expect(stream.Right).toBe(true);
  return took;
}

test("255 stalled streams beside one that runs as fast as alone", async () => {
  const bridge = await BridgeProcess.Start(network);
  const [alone, crowded] = [
    new FlowPage(await MwxClient(bridge)),
    new FlowPage(await MwxClient(bridge)),
  ];
  const [target, stalling] = [await network.PlainServer(), await network.PlainServer()];
  const stalled = BridgeLimits.maxStreams - 1;
  const streams: FlowStream[] = [];
  for (let i = 0; i < stalled; i++) {
    const stream = await crowded.Open(stalling.Port, floor, false);
    new Pour((await stalling.Peer(i)).Socket, 4 * BridgeLimits.streamWindowBytes);
    streams.push(stream);
  }
  const received = (): number => streams.reduce((sum, stream) => sum + stream.Received, 0);
  await WaitCount(received, stalled * floor);
  let [bestAlone, bestCrowded] = [Infinity, Infinity];
  for (let round = 0; round < mostRounds; round++) {
    bestAlone = Math.min(bestAlone, await timed(alone, target));
    bestCrowded = Math.min(bestCrowded, await timed(crowded, target));
    if (round >= leastRounds && bestAlone / bestCrowded >= fair) break;
  }
  expect(bestAlone / bestCrowded).toBeGreaterThanOrEqual(fair);
  expect(received()).toBe(stalled * floor);
}, 60_000);

test("both directions full, with windows at the floor: everything still arrives", async () => {
  // No stream gets more than the floor from a budget of nothing.
  const bridge = await BridgeProcess.Start(network, { sessionWindowBytes: 0 });
  const page = new FlowPage(await MwxClient(bridge));
  const target = await network.PlainServer("127.0.0.1", false);
  const count = 8 * mib; // more than the system takes on the way
  const ends: { Stream: FlowStream; Socket: Socket; Pour: Pour }[] = [];
  for (let i = 0; i < 4; i++) {
    const stream = await page.Open(target.Port, floor, false);
    const { Socket } = await target.Peer(i);
    stream.Pour(count);
    ends.push({ Stream: stream, Socket, Pour: new Pour(Socket, count) });
  }
  const moved = await Standstill(() => {
    return ends.reduce((sum, { Stream, Pour }) => sum + Stream.Sent + Pour.Taken, 0);
  });
  expect(moved).toBeLessThan(ends.length * 2 * count);
  const takes = ends.map(({ Socket }) => new Take(Socket));
  for (const { Stream } of ends) Stream.Resume();
  const taken = (): number => takes.reduce((sum, { Received }) => sum + Received, 0);
  await WaitCount(taken, ends.length * count);
  await WaitFor(() => ends.every(({ Stream }) => Stream.EndedWith !== null), "all ends");
  for (const [i, { Stream }] of ends.entries()) {
    expect([Stream.Received, Stream.Right, Stream.EndedWith]).toEqual([
      count,
      true,
      SocketError.SUCCESS,
    ]);
    expect(takes[i]).toEqual({ Received: count, Right: true });
  }
}, 60_000);
