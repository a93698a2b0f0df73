/**
 * What a bridge in a process of its own holds while one side does not read, counted to the byte:
 * what went in, less what the system holds and what went out. And what that does to its memory.
 */
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { FillPattern } from "../../bench/bridge/Pattern.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { BridgeProcess } from "./BridgeProcess.ts";
import { FlowPage } from "./FlowPage.ts";
import { Pour, Standstill, Take, WaitCount, mib } from "./FlowEnds.ts";
import { InTransit } from "./InTransit.ts";
import { MwxClient, PlainClient } from "./UseBridge.ts";
import type { WispClient } from "./WispClient.ts";

const network = UseNetwork();
const total = 64 * mib;
/** One read of the system; it may wait beside a full ring. */
const readBytes = 65_536;
/** What code that runs for the first time and a heap that is collected later add to a process. */
const heapMiB = 12;

/** A bridge that has moved bytes already, so that what is measured is not its first steps. */
async function warmBridge(): Promise<BridgeProcess> {
  const bridge = await BridgeProcess.Start(network);
  const target = await network.PlainServer("127.0.0.1", false);
  const page = new FlowPage(await MwxClient(bridge));
  const stream = await page.Open(target.Port, mib);
  const take = new Take((await target.Peer()).Socket);
  new Pour((await target.Peer()).Socket, 16 * mib);
  stream.Pour(16 * mib);
  await WaitCount(() => Math.min(stream.Received, take.Received), 16 * mib);
  bridge.Sockets.length = 0;
  return bridge;
}

async function target(): Promise<{ readonly Port: number; readonly Peer: () => Promise<Socket> }> {
  const server = await network.PlainServer("127.0.0.1", false);
  return { Port: server.Port, Peer: async () => (await server.Peer()).Socket };
}

/** Bytes that left a socket of this process and were not read at its other end. */
function onTheWayFrom({ localPort = 0, remotePort = 0 }: Socket): number {
  return InTransit(localPort, remotePort);
}

function onTheWayTo({ localPort = 0, remotePort = 0 }: Socket): number {
  return InTransit(remotePort, localPort);
}

/** Sends DATA until it is all with the system, whatever the bridge has granted. */
class Flood {
  Taken = 0;

  constructor({ WebSocket }: WispClient) {
    const next = (): void => {
      if (this.Taken >= total) return;
      const Data = FillPattern(this.Taken, readBytes);
      const message = EncodePacket({ Type: PacketType.DATA, Stream: 1, Data });
      WebSocket.send(message, (error) => {
        if (error) return;
        this.Taken += Data.length;
        next();
      });
    };
    next();
  }
}

test("a page that grants one window: the target is read for that and a ring", async () => {
  const [bridge, far] = [await warmBridge(), await target()];
  const page = new FlowPage(await MwxClient(bridge));
  const stream = await page.Open(far.Port, MuxLimits.windowFloorBytes, false);
  const memoryMiB = bridge.MemoryMiB();
  const peer = await far.Peer();
  const pour = new Pour(peer, total);
  const pulled = (await Standstill(() => pour.Taken)) - onTheWayFrom(peer);
  expect(stream.Received).toBe(MuxLimits.windowFloorBytes);
  const held = pulled - stream.Received;
  // `Pour` counts whole parts, so this may be as much as one too low.
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThanOrEqual(BridgeLimits.streamWindowBytes + readBytes);
  expect(bridge.MemoryMiB() - memoryMiB).toBeLessThan(held / mib + heapMiB);
}, 60_000);

test("a plain client that reads nothing: a ring, and what may wait for a WebSocket", async () => {
  const [bridge, far] = [await warmBridge(), await target()];
  const client = await PlainClient(bridge);
  client.Connect(1, far.Port);
  const peer = await far.Peer();
  client.WebSocket.pause();
  const memoryMiB = bridge.MemoryMiB();
  const [pour, webSocket] = [new Pour(peer, total), bridge.Sockets[0]!];
  const taken = await Standstill(() => pour.Taken);
  const passedOn = webSocket.bytesRead + onTheWayTo(webSocket);
  const held = taken - onTheWayFrom(peer) - passedOn;
  const { streamWindowBytes, sendHighBytes } = BridgeLimits;
  const most = streamWindowBytes + readBytes + sendHighBytes + MuxLimits.quantumBytes;
  expect(taken).toBeLessThan(total);
  expect(held).toBeLessThanOrEqual(most);
  expect(bridge.MemoryMiB() - memoryMiB).toBeLessThan(most / mib + heapMiB);
}, 60_000);

test("an MWX client that ignores its credit: ended, and nothing is kept", async () => {
  const [bridge, far] = [await warmBridge(), await target()];
  const client = await MwxClient(bridge);
  client.Connect(1, far.Port);
  await client.WaitPacket(PacketType.OPENED);
  const memoryMiB = bridge.MemoryMiB();
  const flood = 2 * total;
  for (let at = 0; at < flood; at += readBytes) client.SendData(1, FillPattern(at, readBytes));
  let mostMiB = 0;
  await WaitFor(() => {
    mostMiB = Math.max(mostMiB, bridge.MemoryMiB() - memoryMiB);
    return client.Closed !== null;
  }, "the end of the WebSocket");
  expect(client.Closed).toBe(1002);
  // All of it was read on the way to the end, and what was read waits for the collector a while.
  expect(mostMiB).toBeLessThan(flood / mib / 2);
}, 60_000);

test("a plain client that ignores its credit: 4 MiB wait, the rest is not read", async () => {
  const [bridge, far] = [await warmBridge(), await target()];
  const client = await PlainClient(bridge);
  client.Connect(1, far.Port);
  const [peer, memoryMiB] = [await far.Peer(), bridge.MemoryMiB()];
  const [flood, webSocket] = [new Flood(client), bridge.Sockets[0]!];
  const taken = await Standstill(() => flood.Taken);
  const passedOn = peer.bytesRead + onTheWayTo(peer);
  const held = taken - onTheWayFrom(webSocket) - passedOn;
  const { plainWaitingBytes, streamWindowBytes } = BridgeLimits;
  // The ring, the message that reached the limit, and the read in which others came with it.
  const most = plainWaitingBytes + streamWindowBytes + 2 * readBytes;
  expect(taken).toBeLessThan(total);
  // `Flood` counts whole messages, so this may be as much as one too low.
  expect(held).toBeGreaterThan(plainWaitingBytes - 2 * readBytes);
  expect(held).toBeLessThanOrEqual(most);
  expect(bridge.MemoryMiB() - memoryMiB).toBeLessThan(most / mib + heapMiB);
  const take = new Take(peer);
  await WaitCount(() => take.Received, total);
  expect(take.Right).toBe(true);
  expect(client.Closed).toBeNull();
}, 60_000);
