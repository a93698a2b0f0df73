/** A bridge that is told to go: what its pages hear, and when their WebSockets end. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { MwxClient, PlainClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();

test("the page is told, its streams go on, new ones are refused, and the last one ends it", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  await client.WaitPacket(PacketType.OPENED);
  const drained = bridge.Server.Drain(10_000);
  await client.WaitPacket(PacketType.GOAWAY);
  expect(client.Of(PacketType.GOAWAY)[0]).toMatchObject({
    DeadlineMs: 10_000,
    RetryAfterMs: 1_000,
  });
  client.SendData(1, "still here");
  await peer.WaitReceived(10);
  client.Connect(2, target.Port);
  await client.WaitPacket(PacketType.CLOSE);
  expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({
    Stream: 2,
    Code: SocketError.UNAVAILABLE,
  });
  expect(client.Closed).toBeNull();
  client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: 0 });
  await client.WaitClosed();
  expect(client.Closed).toBe(1_001);
  await WaitFor(() => peer.Ended, "the target's end");
  await drained;
});

test("a page without streams goes at once", async () => {
  const bridge = await StartBridge(network);
  const client = await MwxClient(bridge);
  await bridge.Server.Drain(10_000);
  await client.WaitClosed();
  expect([client.Of(PacketType.GOAWAY).length, client.Closed]).toEqual([1, 1_001]);
});

test("a plain client is told nothing that it does not know, and has its time", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await PlainClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  const drained = bridge.Server.Drain(10_000);
  client.SendData(1, "still here");
  await peer.WaitReceived(10);
  peer.Socket.end();
  await client.WaitClosed();
  expect(client.Packets.every(({ Type }) => Type < PacketType.WINDOW)).toBe(true);
  await drained;
});

test("when the time is over the rest is ended in order", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  await client.WaitPacket(PacketType.OPENED);
  client.SendData(1, "last words");
  await bridge.Server.Drain(1);
  await WaitFor(() => peer.Ended, "the target's end");
  expect(peer.Text()).toBe("last words");
});
