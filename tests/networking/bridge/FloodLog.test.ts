import { Writable } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { FloodLog } from "../../../networking/bridge/FloodLog.ts";
import { MintTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { HttpGet } from "./HttpGet.ts";
import { ReadMetrics } from "./ReadMetrics.ts";
import { StartBridge } from "./UseBridge.ts";

const network = UseNetwork();

function made(floodLinesPerSecond: number, floodLinesBurst: number) {
  const lines: Record<string, unknown>[] = [];
  const write = (line: Buffer, _encoding: string, done: () => void): void => {
    lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
    done();
  };
  const log = pino({ base: null, timestamp: false }, new Writable({ write }));
  const flood = new FloodLog(log, { ...BridgeLimits, floodLinesPerSecond, floodLinesBurst });
  return { lines, log, flood };
}

test("so many lines at once, then the rate; what is missing is told once", () => {
  const { lines, flood } = made(2, 3);
  const tell = (count: number, nowMs: number) => {
    for (let i = 0; i < count; i++) flood.Tell("upgrade refused", { i }, nowMs);
    return lines.length;
  };
  expect([tell(3, 0), tell(1, 0), tell(1, 499), tell(2, 500)]).toEqual([3, 3, 3, 4]);
  expect(lines[0]).toEqual({ level: 30, i: 0, msg: "upgrade refused" });
  flood.Sweep();
  expect(lines[4]).toEqual({ level: 30, line: "upgrade refused", count: 3, msg: "lines left out" });
  flood.Sweep();
  expect(lines).toHaveLength(5);
});

test("a flood of one kind silences no other", () => {
  const { lines, flood } = made(0, 1);
  for (let i = 0; i < 3; i++) {
    flood.Tell("upgrade refused", {}, 0);
    flood.Tell("stream refused", {}, 0);
  }
  expect(lines.map(({ msg }) => msg)).toEqual(["upgrade refused", "stream refused"]);
  flood.Sweep();
  expect(lines.slice(2)).toMatchObject([
    { line: "upgrade refused", count: 2 },
    { line: "stream refused", count: 2 },
  ]);
});

test("a line says whose it is; sessions share the rate", () => {
  const { lines, log, flood } = made(0, 2);
  for (const client of ["a", "b", "c"]) {
    flood.Tell("stream refused", { port: 1 }, 0, log.child({ client }));
  }
  flood.Sweep();
  expect(lines.map(({ client }) => client)).toEqual(["a", "b", undefined]);
  expect(lines[2]).toMatchObject({ line: "stream refused", count: 1 });
});

test("the default numbers: 100 at once, 10 a second", () => {
  const { floodLinesPerSecond, floodLinesBurst } = BridgeLimits;
  const { lines, flood } = made(floodLinesPerSecond, floodLinesBurst);
  for (let i = 0; i < 101; i++) flood.Tell("upgrade refused", {}, 0);
  expect(lines).toHaveLength(100);
  for (let i = 0; i < 11; i++) flood.Tell("upgrade refused", {}, 1_000);
  expect(lines).toHaveLength(110);
});

test("a bridge that is flooded: few lines, and the metrics have everything", async () => {
  const key = "k".repeat(32);
  const Limits = { floodLinesPerSecond: 0, floodLinesBurst: 3 };
  const options = { Dev: true, TicketKey: key, MetricsPort: 0, ListenPorts: "7400", Limits };
  const bridge = await StartBridge(network, options);
  const ids = [1, 2, 3, 4, 5];
  for (const client of ids.map(() => bridge.Client({ Origin: "https://evil.example" }))) {
    await client.WaitRefused();
  }
  for (const client of ids.map(() => bridge.Client())) await client.WaitClosed();
  const page = bridge.Client({ Protocols: ["mwx1", MintTicket(new TicketKey(key))] });
  await page.WaitPacket(PacketType.INFO);
  page.SendInfo({ Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) });
  for (const id of ids) page.Connect(id, 80, "8.8.8.8");
  const place = { Port: 1, Backlog: 1, Flags: 0, Host: "*" };
  for (const id of ids) page.Send({ Type: PacketType.LISTEN, Stream: id + 5, ...place });
  await page.WaitPacket(PacketType.CLOSE, 10);
  const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
  await bridge.Server.Stop();
  const lines = (message: string) => bridge.LogLines.filter(({ msg }) => msg === message);
  for (const line of ["upgrade refused", "ticket refused", "stream refused", "listener refused"]) {
    const missing = lines("lines left out").filter((one) => one.line === line);
    const count = missing.reduce((sum, one) => sum + Number(one.count), 0);
    expect([line, lines(line).length, count]).toEqual([line, 3, 2]);
  }
  expect(Object.fromEntries(ReadMetrics(Body))).toMatchObject({
    'moonwire_bridge_upgrade_refusals_total{why="origin"}': 5,
    'moonwire_bridge_upgrade_refusals_total{why="ticket"}': 5,
    'moonwire_bridge_refusals_total{code="POLICY_DENIED"}': 10,
  });
});
