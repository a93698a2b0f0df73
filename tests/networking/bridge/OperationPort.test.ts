import { connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BridgeCounters } from "../../../networking/bridge/BridgeCounters.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeMetrics } from "../../../networking/bridge/BridgeMetrics.ts";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";
import { OperationPort } from "../../../networking/bridge/OperationPort.ts";
import { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "./HttpGet.ts";

let ready = true;
const ports: OperationPort[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.Close()));
});

async function listen(limits: Partial<BridgeLimits> = {}): Promise<OperationPort> {
  const Limits = { ...BridgeLimits, ...limits };
  const metrics = new BridgeMetrics({
    Counters: new BridgeCounters(),
    Memory: new MemoryBudget(1),
    Limits,
    IsReady: () => ready,
  });
  const port = new OperationPort(Limits, metrics, () => ready);
  ports.push(port);
  await port.Listen(0);
  return port;
}

test("healthz answers, readyz says whether pages are taken, metrics counts", async () => {
  const port = (await listen()).Port();
  for (const [isReady, status] of [
    [true, 200],
    [false, 503],
  ] as const) {
    ready = isReady;
    expect((await HttpGet(port, "/healthz")).Status).toBe(200);
    expect((await HttpGet(port, "/readyz")).Status).toBe(status);
    const { Status, Body, Headers } = await HttpGet(port, "/metrics");
    expect([Status, Headers["content-type"]]).toEqual([200, expect.stringContaining("text/plain")]);
    expect(Body).toContain(`moonwire_bridge_ready ${Number(isReady)}\n`);
  }
});

test("numbers that cannot be had end the connection, and nothing else", async () => {
  const port = (await listen()).Port();
  vi.spyOn(BridgeMetrics.prototype, "Text").mockRejectedValueOnce(new Error("EMFILE"));
  await expect(HttpGet(port, "/metrics")).rejects.toMatchObject({ code: "ECONNRESET" });
  vi.restoreAllMocks();
  expect((await HttpGet(port, "/metrics")).Status).toBe(200);
});

describe("nothing else", () => {
  test.each([
    ["another path", "/", {}, "GET", 404],
    ["another method", "/healthz", {}, "POST", 405],
    ["a foreign name for this machine", "/metrics", { Host: "evil.example" }, "GET", 403],
  ])("%s", async (_name, path, headers, method, status) => {
    const port = (await listen()).Port();
    const answer = await HttpGet(port, path, headers, method);
    expect([answer.Status, answer.Body]).toEqual([status, ""]);
  });

  test("more connections than the limit are closed as they come", async () => {
    const port = await listen({ maxOperationConnections: 1 });
    const first = new PlainPeer(connect(port.Port(), "127.0.0.1"));
    await WaitFor(() => !first.Socket.connecting, "a connection");
    const second = new PlainPeer(connect(port.Port(), "127.0.0.1"));
    await WaitFor(() => second.Closed, "the end of the second");
    expect(first.Closed).toBe(false);
    first.Socket.destroy();
  });
});

test("a port in use rejects", async () => {
  const port = (await listen()).Port();
  const metrics = new BridgeMetrics({
    Counters: new BridgeCounters(),
    Memory: new MemoryBudget(1),
    Limits: BridgeLimits,
    IsReady: () => true,
  });
  const second = new OperationPort(BridgeLimits, metrics, () => true);
  await expect(second.Listen(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
  metrics.Stop();
  expect(second.Port()).toBe(0);
});
