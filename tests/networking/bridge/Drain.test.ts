/** Told to end: not ready at once, pages are asked to go, and the bridge ends with the last. */
import { expect, test } from "vitest";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "./HttpGet.ts";
import { ReadMetrics } from "./ReadMetrics.ts";
import { MwxClient, PlainClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const options = { Dev: true, MetricsPort: 0 };

test("without pages it ends at once", async () => {
  const bridge = await StartBridge(network, options);
  expect(bridge.Server.IsReady()).toBe(true);
  await bridge.Server.Drain();
  expect([bridge.Server.IsReady(), bridge.Server.Port(), bridge.Server.MetricsPort()]).toEqual([
    false,
    0,
    0,
  ]);
});

test("a page that has streams keeps them until they end, and the bridge ends with them", async () => {
  const [bridge, target] = [await StartBridge(network, options), await network.PlainServer()];
  const [busy, idle] = [await MwxClient(bridge), await MwxClient(bridge)];
  busy.Connect(1, target.Port);
  busy.Send({ Type: PacketType.WINDOW, Stream: 1, Offset: 1_000 });
  await busy.WaitPacket(PacketType.OPENED);
  const peer = await target.Peer();

  let over = false;
  const port = bridge.Server.Port();
  const drained = bridge.Server.Drain().then(() => (over = true));
  expect((await HttpGet(bridge.Server.MetricsPort(), "/readyz")).Status).toBe(503);
  expect((await HttpGet(bridge.Server.MetricsPort(), "/healthz")).Status).toBe(200);
  await Promise.all([busy.WaitPacket(PacketType.GOAWAY), idle.WaitClosed()]);
  expect(busy.Of(PacketType.GOAWAY)[0]).toMatchObject({ Stream: 0, DeadlineMs: 25_000 });
  expect(idle.Closed).toBe(1001);
  const late = bridge.Client();
  await late.WaitRefused();
  expect([late.Refused, bridge.Server.Port()]).toEqual([503, port]);

  peer.Send("still here");
  await busy.WaitText(1, "still here");
  expect(over).toBe(false);
  busy.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: 0 });
  await Promise.all([drained, busy.WaitClosed()]);
  expect([busy.Closed, bridge.Server.Port()]).toEqual([1001, 0]);
});

test("whoever stays is ended when the time is up, and the target has every byte", async () => {
  const [bridge, target] = [await StartBridge(network, options), await network.PlainServer()];
  const client = await PlainClient(bridge);
  client.Connect(1, target.Port);
  client.SendData(1, new Uint8Array(100_000));
  const peer = await target.Peer();
  peer.Socket.on("end", () => peer.Socket.end());
  await peer.WaitReceived(1);
  await bridge.Server.Drain(50);
  await WaitFor(() => peer.Ended && client.Closed !== null, "both ends");
  expect([client.Closed, peer.Received.length, peer.Failure]).toEqual([1001, 100_000, ""]);
});

test("the gauges are those of an idle bridge once its pages have gone", async () => {
  const [bridge, target] = [await StartBridge(network, options), await network.PlainServer()];
  const gauges = async () => {
    const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
    const values = ReadMetrics(Body);
    const names = ["sessions", "streams", "listeners", "window_bytes"];
    return names.map((name) => values.get(`moonwire_bridge_${name}`));
  };
  expect(await gauges()).toEqual([0, 0, 0, 0]);
  const clients = [await MwxClient(bridge), await PlainClient(bridge)];
  for (const client of clients) client.Connect(1, target.Port);
  await target.Peer(1);
  expect((await gauges()).map(Boolean)).toEqual([true, true, false, true]);
  for (const client of clients) client.End();
  await WaitFor(() => bridge.Server.SessionCount() === 0, "the sessions' end");
  expect(await gauges()).toEqual([0, 0, 0, 0]);
  const values = ReadMetrics((await HttpGet(bridge.Server.MetricsPort(), "/metrics")).Body);
  expect(values.get("moonwire_bridge_sessions_opened_total")).toBe(2);
  expect(values.get("moonwire_bridge_streams_opened_total")).toBe(2);
  expect(values.get("moonwire_bridge_from_pages_bytes_total")).toBeGreaterThan(0);
});
