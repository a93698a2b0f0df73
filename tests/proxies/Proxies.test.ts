/** Bridges behind the proxies that people run, with the settings that the documentation gives. */
import { createHash } from "node:crypto";
import { WebSocket } from "ws";
import { afterEach, describe, expect, test } from "vitest";
import type { WebSocketConstructor } from "../../networking/backends/web/BridgeLink.ts";
import { WebBackend } from "../../networking/backends/web/WebBackend.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { Status } from "../../networking/core/Status.ts";
import { PacketType } from "../../networking/mux/Packet.ts";
import { BridgeRun } from "../networking/cli/BridgeRun.ts";
import { WispClient } from "../networking/bridge/WispClient.ts";
import type { ClientOptions } from "../networking/bridge/WispClient.ts";
import { Certificates } from "../Support/Certificates.ts";
import { Pattern, Succeed, UseNetwork } from "../Support/Network.ts";
import { NextRun, WaitFor } from "../Support/WaitFor.ts";
import type { ProxyName } from "./Proxy.ts";
import { IdleTimeoutMs, Proxy } from "./Proxy.ts";

const network = UseNetwork();
const { Ca } = Certificates();
const origin = "https://game.example.com";
/** The bridge trusts 127.0.0.1, where the proxy is; so the clients come from elsewhere. */
const clientAddress = "127.0.0.2";

class SecureWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    const ca = Ca.Certificate;
    super(url, protocols ?? [], { origin, ca, localAddress: clientAddress });
  }
}

const proxies: Proxy[] = [];
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.Stop()));
});

interface Stage {
  readonly Bridge: BridgeRun;
  readonly Proxy: Proxy;
  Client(options?: ClientOptions): WispClient;
}

async function stage(name: ProxyName, targetPort: number, ...flags: string[]): Promise<Stage> {
  const ports = ["--port", "0", "--metrics-port", "0", "--trusted-proxy", "127.0.0.1"];
  const place = ["--origin", origin, "--target", `echo=127.0.0.1:${targetPort}`];
  const bridge = BridgeRun.Start(...ports, ...place, ...flags);
  const proxy = await Proxy.Start(name, {
    Port: await bridge.Port(),
    MetricsPort: await bridge.Port("metricsPort"),
  });
  proxies.push(proxy);
  return {
    Bridge: bridge,
    Proxy: proxy,
    Client: (options = {}) => {
      const own = { Origin: origin, Ca: Ca.Certificate, LocalAddress: clientAddress };
      const client = new WispClient(proxy.Port, { ...own, ...options });
      network.Ending(() => client.End());
      return client;
    },
  };
}

/** A client with an open stream to the target. */
async function connected(at: Stage): Promise<WispClient> {
  const client = at.Client();
  await client.WaitPacket(PacketType.CONTINUE);
  client.Connect(1, 0, "echo");
  return client;
}

describe.each(["haproxy", "nginx"] as const)("behind %s", (name) => {
  test("10 MiB come back whole, over wss", async () => {
    const target = await network.PlainServer();
    const at = await stage(name, target.Port);
    const Url = `wss://127.0.0.1:${at.Proxy.Port}/bridge/`;
    const page = new WebBackend({
      Url,
      WebSocket: SecureWebSocket as unknown as WebSocketConstructor,
    });
    network.Ending(() => page.Disconnect());
    const stream = network.Stream({ Backend: page });
    Succeed(stream.ConnectToHost("echo", 1));
    expect(await stream.WaitStatus(Status.STATUS_CONNECTED, 10_000)).toBe(SocketError.SUCCESS);
    const peer = await target.Peer();
    peer.Socket.pipe(peer.Socket);

    const sent = Pattern(10 * 1_048_576);
    const hash = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    const [put, got] = await Promise.all([
      stream.PutDataAsync(sent),
      stream.GetDataAsync(sent.length),
    ]);
    expect([put, got.Result]).toEqual([SocketError.SUCCESS, SocketError.SUCCESS]);
    expect(hash(got.Data)).toBe(hash(sent));
  });

  test("the client is who the proxy saw, whatever it says itself", async () => {
    const target = await network.PlainServer();
    const at = await stage(name, target.Port, "--limit", "maxSessionsPerAddress=1");
    const forged = { Headers: { "X-Forwarded-For": "198.51.100.9" } };
    const client = at.Client(forged);
    await client.WaitPacket(PacketType.CONTINUE);
    const line = await at.Bridge.WaitLine("session opened");
    expect(String(line.client)).toMatch(/^127\.0\.0\.2:/);
    const second = at.Client(forged);
    await second.WaitRefused();
    const elsewhere = at.Client({ LocalAddress: "127.0.0.3" });
    await elsewhere.WaitPacket(PacketType.CONTINUE);
    expect([second.Refused, client.Closed, elsewhere.Closed]).toEqual([429, null, null]);
  });

  test("an idle game stays: the bridge's pings are what the proxy's patience needs", async () => {
    const target = await network.PlainServer();
    const often = ["--limit", "pingEveryMs=600", "--limit", "sweepEveryMs=100"];
    const kept = await connected(await stage(name, target.Port, ...often));
    const rare = ["--limit", "pingEveryMs=600000"];
    const lost = await connected(await stage(name, target.Port, ...rare));
    const startMs = performance.now();
    const peer = await target.Peer();
    await lost.WaitClosed();
    expect(performance.now() - startMs).toBeGreaterThan(IdleTimeoutMs * 0.8);
    while (performance.now() - startMs < 2 * IdleTimeoutMs) await NextRun(20);
    expect(kept.Closed).toBeNull();
    peer.Send("still here");
    await kept.WaitText(1, "still here");
  });

  test("a foreign origin is refused, with the bridge's own status", async () => {
    const target = await network.PlainServer();
    const at = await stage(name, target.Port);
    const client = at.Client({ Origin: "https://evil.example" });
    await client.WaitRefused();
    expect(client.Refused).toBe(403);
  });

  test("a bridge that is told to end takes nobody new and keeps who it has", async () => {
    const target = await network.PlainServer();
    const at = await stage(name, target.Port);
    const client = await connected(at);
    const peer = await target.Peer();
    at.Bridge.Run.Child.kill("SIGTERM");
    await at.Bridge.WaitLine("bridge drains");
    const late = at.Client();
    await late.WaitRefused();
    expect(late.Refused).toBe(503);
    peer.Send("still served");
    await client.WaitText(1, "still served");
    client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: null });
    await WaitFor(() => peer.Ended, "the target's end");
    peer.Socket.end();
    client.WebSocket.close();
    await at.Bridge.Run.Ended();
    expect(at.Bridge.Run.Code).toBe(0);
  });
});
