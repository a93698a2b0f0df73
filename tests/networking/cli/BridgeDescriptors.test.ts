/**
 * A bridge that runs out of descriptors, for targets on its network thread and for pages on its
 * main one: it refuses what it cannot open, harms nobody who is there, and recovers by itself.
 */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "../bridge/HttpGet.ts";
import { ReadMetrics } from "../bridge/ReadMetrics.ts";
import { WispClient } from "../bridge/WispClient.ts";
import { BridgeRun } from "./BridgeRun.ts";

const flags =
  "--dev --port 0 --metrics-port 0 --limit sessionsBurst=1000 --limit maxSessionsPerAddress=1000" +
  " --limit maxConnectionsPerAddress=2000";

/** The system and Node.js open some files when they are first used, and keep them. */
const openedOnce = 3;

async function page(port: number): Promise<WispClient> {
  const client = new WispClient(port, { Protocols: ["mwx1"] });
  await client.WaitPacket(PacketType.INFO);
  client.SendInfo({ Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) });
  await client.WaitPacket(PacketType.CONTINUE);
  return client;
}

/** NaN when the port for numbers has no descriptor either. */
async function openDescriptors(metricsPort: number): Promise<number> {
  const answer = await HttpGet(metricsPort, "/metrics").catch(() => null);
  const values = ReadMetrics(answer?.Body ?? "");
  return values.get("moonwire_bridge_open_descriptors") ?? Number.NaN;
}

/** The test's own time limit is the ceiling. */
async function waitDescriptors(metricsPort: number, most: number): Promise<void> {
  let open = Number.NaN;
  while (!(open >= 0 && open <= most)) open = await openDescriptors(metricsPort);
}

test("streams beyond the descriptors are LIMIT_REACHED, and room comes back", async () => {
  const target = await PlainServer.Start();
  const rates = "--limit connectsBurst=1000 --limit endsBurst=1000";
  const bridge = BridgeRun.StartWithDescriptors(110, `${flags} ${rates}`);
  const client = await page(await bridge.Port());
  const metricsPort = await bridge.Port("metricsPort");
  const before = await openDescriptors(metricsPort);
  const opened = () => client.Of(PacketType.OPENED);
  const refused = () => client.Of(PacketType.CLOSE);
  for (const firstId of [1, 201]) {
    client.Packets.length = 0;
    target.Peers.length = 0;
    for (let id = firstId; id < firstId + 120; id++) client.Connect(id, target.Port);
    await WaitFor(() => opened().length + refused().length === 120, "an answer to each CONNECT");
    expect(opened().length).toBeGreaterThan(5);
    const codes = new Set(refused().map(({ Code }) => Code));
    expect([...codes]).toEqual([SocketError.LIMIT_REACHED]);

    const stream = opened()[0]?.Stream ?? 0;
    client.Send({ Type: PacketType.WINDOW, Stream: stream, Offset: 1_000 });
    for (const peer of target.Peers) peer.Send("unharmed");
    await client.WaitText(stream, "unharmed");
    for (const { Stream } of opened()) {
      client.Send({ Type: PacketType.SOCKOPT, Stream, Option: 2, Value: 1 });
    }
    await WaitFor(() => target.Peers.every((peer) => peer.Closed), "the end of every stream");
    await waitDescriptors(metricsPort, before + openedOnce);
  }
  client.End();
  target.Stop();
});

test("pages beyond the descriptors are ended as they come, and later ones are taken", async () => {
  const bridge = BridgeRun.StartWithDescriptors(110, flags);
  const [port, metricsPort] = [await bridge.Port(), await bridge.Port("metricsPort")];
  const first = await page(port);
  const before = await openDescriptors(metricsPort);
  const crowd = Array.from({ length: 120 }, () => new WispClient(port));
  const settled = (client: WispClient) => client.Closed !== null || client.Packets.length > 0;
  await WaitFor(() => crowd.every(settled), "an answer for each page");
  const ended = crowd.filter(({ Closed }) => Closed !== null).length;
  expect([ended > 0, ended < 120]).toEqual([true, true]);

  first.Send({ Type: PacketType.PING, Stream: 0, Value: 7n });
  await first.WaitPacket(PacketType.PONG);
  for (const client of crowd) client.End();
  await waitDescriptors(metricsPort, before + openedOnce);
  (await page(port)).End();
  expect([bridge.Run.Code, first.Closed]).toEqual([null, null]);
  first.End();
});
