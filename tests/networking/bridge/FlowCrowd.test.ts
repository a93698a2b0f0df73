/** One stream's stall is nobody else's, and two full directions do not wait for each other. */
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { UseNetwork } from "../../Support/Network.ts";
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

/** Connects 255 streams that get one window from their target, and take no more. */
async function stall(page: FlowPage): Promise<() => number> {
  const target = await network.PlainServer();
  const streams: FlowStream[] = [];
  for (let i = 0; i < BridgeLimits.maxStreams - 1; i++) {
    const stream = await page.Open(target.Port, floor, false);
    new Pour((await target.Peer(i)).Socket, 4 * BridgeLimits.streamWindowBytes);
    streams.push(stream);
  }
  const received = (): number => streams.reduce((sum, stream) => sum + stream.Received, 0);
  await WaitCount(received, streams.length * floor);
  return received;
}

/** Speed in the crowd by speed alone. @param alone moves `measured` bytes. @param crowded too. */
async function compare(alone: () => Promise<void>, crowded: () => Promise<void>): Promise<number> {
  let [bestAlone, bestCrowded] = [Infinity, Infinity];
  for (let round = 0; round < mostRounds; round++) {
    bestAlone = Math.min(bestAlone, await timed(alone));
    bestCrowded = Math.min(bestCrowded, await timed(crowded));
    if (round >= leastRounds && bestAlone / bestCrowded >= fair) break;
  }
  return bestAlone / bestCrowded;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** One that connects, gets its bytes and ends, each time: the last of its page, with the floor. */
async function downloads(page: FlowPage): Promise<() => Promise<void>> {
  const target = await network.PlainServer();
  return async () => {
    const index = target.Peers.length;
    const stream = await page.Open(target.Port, mib);
    const peer = await target.Peer(index);
    new Pour(peer.Socket, measured);
    stream.Pour(0);
    await WaitCount(() => stream.Received, measured);
    await WaitFor(() => peer.Closed, "the end of a measured stream");
    expect(stream.Right).toBe(true);
  };
}

/** One that was there before the others, and goes on. */
async function uploads(page: FlowPage): Promise<() => Promise<void>> {
  const target = await network.PlainServer("127.0.0.1", false);
  const stream = await page.Open(target.Port, floor);
  const take = new Take((await target.Peer()).Socket);
  let total = 0;
  return async () => {
    stream.Send((total += measured));
    await WaitCount(() => take.Received, total);
    expect(take.Right).toBe(true);
  };
}

test.each([
  ["to the page", downloads],
  ["from the page", uploads],
])(
  "255 stalled streams beside one that runs as fast as alone, %s",
  async (_way, transfers) => {
    const bridge = await BridgeProcess.Start(network);
    const [first, second] = [await MwxClient(bridge), await MwxClient(bridge)];
    const [alonePage, crowdedPage] = [new FlowPage(first), new FlowPage(second)];
    const [alone, crowded] = [await transfers(alonePage), await transfers(crowdedPage)];
    const received = await stall(crowdedPage);
    expect(await compare(alone, crowded)).toBeGreaterThanOrEqual(fair);
    expect(received()).toBe((BridgeLimits.maxStreams - 1) * floor);
  },
  60_000,
);

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
