import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { ClientGate } from "../../../networking/bridge/ClientGate.ts";
import type { BridgeServerOptions } from "../../../networking/bridge/index.ts";
import { TrustedProxies } from "../../../networking/bridge/TrustedProxies.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { NewContext } from "./Context.ts";
import { HttpGet } from "./HttpGet.ts";
import { ReadMetrics } from "./ReadMetrics.ts";
import { StartBridge } from "./UseBridge.ts";
import type { TestBridge } from "./UseBridge.ts";

const network = UseNetwork();
const { Server } = Certificates();
const Tls = { Certificate: Server.Certificate, Key: Server.PrivateKey };

function newPeer(port: number, localAddress = "127.0.0.1"): PlainPeer {
  const peer = new PlainPeer(connect({ port, host: "127.0.0.1", localAddress }));
  network.Ending(() => peer.Socket.destroy());
  return peer;
}

const request = (forwardedFor?: string) =>
  "GET /missing HTTP/1.1\r\nHost: a\r\n" +
  `${forwardedFor === undefined ? "" : `X-Forwarded-For: ${forwardedFor}\r\n`}\r\n`;
const statuses = (peer: PlainPeer) =>
  [...peer.Text().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

describe("connections of one address", () => {
  const start = (options: BridgeServerOptions = {}): Promise<TestBridge> => {
    const Limits = { maxConnectionsPerAddress: 3, maxSessionsPerAddress: 2, ...options.Limits };
    return StartBridge(network, { Dev: true, MetricsPort: 0, ...options, Limits });
  };
  const open = async (bridge: TestBridge, count: number, from?: string) => {
    const port = bridge.Server.Port();
    const peers = Array.from({ length: count }, () => newPeer(port, from));
    await WaitFor(() => peers.every(({ Socket }) => !Socket.connecting), "connections");
    return peers;
  };

  test.each([
    ["plain", {}],
    ["TLS", { Tls }],
  ])("%s: one too many is closed as it comes, and no other", async (_name, tls) => {
    const bridge = await start(tls);
    const peers = await open(bridge, 3);
    const [fourth] = await open(bridge, 1);
    await WaitFor(() => fourth!.Closed, "the end of the fourth");
    peers.push(...(await open(bridge, 3, "127.0.0.2")));
    const [other] = await open(bridge, 1, "127.0.0.2");
    await WaitFor(() => other!.Closed, "the end of another address's fourth");
    expect(peers.map(({ Closed }) => Closed)).not.toContain(true);
    const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
    expect(ReadMetrics(Body).get("moonwire_bridge_connections_refused_total")).toBe(2);
    expect(bridge.LogLines.filter(({ msg }) => msg === "connection refused")).toMatchObject([
      { client: "127.0.0.1", why: "address" },
      { client: "127.0.0.2", why: "address" },
    ]);
  });

  test("a place comes free with each end", async () => {
    const bridge = await start();
    const [first] = await open(bridge, 3);
    first?.Socket.destroy();
    // The bridge hears of that end when it does; the test's own time limit is the ceiling.
    for (let status = 0; status !== 404;) {
      const [next] = await open(bridge, 1);
      next!.Send(request());
      await WaitFor(() => next!.Closed || statuses(next!).length > 0, "an answer or an end");
      [status = 0] = statuses(next!);
    }
    const [fourth] = await open(bridge, 1);
    await WaitFor(() => fourth!.Closed, "the end of one too many");
  });

  test("WebSockets are connections, too", async () => {
    const bridge = await start();
    const clients = [bridge.Client(), bridge.Client()];
    for (const client of clients) await client.WaitPacket(0x03);
    await open(bridge, 1);
    const [fourth] = await open(bridge, 1);
    await WaitFor(() => fourth!.Closed, "the end of the fourth");
    expect(clients.map(({ Closed }) => Closed)).toEqual([null, null]);
  });

  test("a trusted proxy's are not counted", async () => {
    const bridge = await start({ TrustedProxies: ["127.0.0.1"] });
    const peers = await open(bridge, 8);
    for (const peer of peers) peer.Send(request("203.0.113.7"));
    await WaitFor(() => peers.every((peer) => statuses(peer)[0] === 404), "eight answers");
  });

  test("those that the process has no room for are counted with them", async () => {
    const Limits = { maxConnections: 4, maxSessions: 1 };
    const bridge = await start({ Limits });
    await open(bridge, 2);
    await open(bridge, 2, "127.0.0.2");
    const [fifth] = await open(bridge, 1, "127.0.0.3");
    await WaitFor(() => fifth!.Closed, "the end of the fifth");
    const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
    expect(ReadMetrics(Body).get("moonwire_bridge_connections_refused_total")).toBe(1);
    expect(bridge.LogLines.at(-1)).toMatchObject({ client: "127.0.0.3", why: "full" });
  });
});

describe("requests of one client", () => {
  /** A server that answers nothing, behind a gate that trusts 127.0.0.1. */
  async function start(limits: Partial<BridgeLimits> = {}) {
    const context = NewContext(network.Backend, { maxRequestsPerAddress: 2, ...limits });
    const gate = new ClientGate(context, new TrustedProxies(["127.0.0.1"]));
    const waiting: ServerResponse[] = [];
    const server = createServer(gate.Guard((_request, response) => waiting.push(response)));
    network.Ending(() => server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const ask = (client?: string, from?: string) => {
      const peer = newPeer(port, from);
      peer.Send(request(client));
      return peer;
    };
    const waits = (count: number) => WaitFor(() => waiting.length === count, `${count} requests`);
    return { context, waiting, ask, waits, port };
  }
  const answered = (peer: PlainPeer) => WaitFor(() => statuses(peer).length > 0, "an answer");

  test("behind a proxy: one too many is 429; an answer is a free place", async () => {
    const { context, waiting, ask, waits } = await start();
    for (let i = 0; i < 2; i++) ask("203.0.113.7");
    await waits(2);
    const third = ask("203.0.113.7");
    await answered(third);
    expect([statuses(third), context.Counters.RequestsRefused]).toEqual([[429], 1]);
    ask("203.0.113.8");
    await waits(3);
    waiting[0]?.end();
    await WaitFor(() => waiting[0]!.closed, "the answer's end");
    ask("203.0.113.7");
    await waits(4);
    const again = ask("203.0.113.7");
    await answered(again);
    expect(statuses(again)).toEqual([429]);
  });

  test("a proxy's own, and those that it names nobody for, are not counted", async () => {
    const { ask, waits } = await start();
    for (let i = 0; i < 4; i++) ask();
    for (let i = 0; i < 4; i++) ask("unknown");
    await waits(8);
  });

  test("without a proxy: what is sent ahead counts, and is given back with the connection", async () => {
    const { context, waiting, ask, waits, port } = await start();
    const far = "127.0.0.2";
    const eager = newPeer(port, far);
    eager.Send(request().repeat(5));
    await waits(2);
    await WaitFor(() => context.Counters.RequestsRefused === 3, "three refusals");
    eager.Socket.destroy();
    // The server hears of that end when it does; the test's own time limit is the ceiling.
    for (const place of [3, 4]) {
      while (waiting.length < place) {
        const next = ask(undefined, far);
        await WaitFor(() => waiting.length === place || statuses(next).length > 0, "a place");
      }
    }
    const last = ask(undefined, far);
    await answered(last);
    expect(statuses(last)).toEqual([429]);
  });
});

test("a bridge answers 429 to a client that sends too much ahead", async () => {
  const bridge = await StartBridge(network, { Dev: true, Limits: { maxRequestsPerAddress: 2 } });
  const peer = newPeer(bridge.Server.Port());
  peer.Send(request().repeat(5));
  await WaitFor(() => statuses(peer).length === 5, "five answers");
  expect(statuses(peer)).toEqual([404, 404, 429, 429, 429]);
});

test("the default numbers: 256 connections and 256 requests", () => {
  const context = NewContext(network.Backend);
  const gate = new ClientGate(context, new TrustedProxies());
  const count = (act: (fake: EventEmitter) => void) => {
    for (let i = 0; i < 257; i++) act(new EventEmitter());
    return [context.Counters.ConnectionsRefused, context.Counters.RequestsRefused];
  };
  const far = { remoteAddress: "2001:db8::1" };
  const connection = (fake: EventEmitter) => {
    gate.Connection(Object.assign(fake, far, { destroy: () => undefined }) as unknown as Socket);
  };
  expect(count(connection)).toEqual([1, 0]);
  const answer = gate.Guard(() => undefined);
  const socket = Object.assign(new EventEmitter(), far);
  const ask = (fake: EventEmitter) => {
    const asked = { socket, headers: {} } as unknown as IncomingMessage;
    answer(asked, Object.assign(fake, { end: () => fake }) as unknown as ServerResponse);
  };
  expect(count(ask)).toEqual([1, 1]);
});
