import { afterEach, expect, test, vi } from "vitest";
import { BridgeCounters } from "../../../networking/bridge/BridgeCounters.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeMetrics } from "../../../networking/bridge/BridgeMetrics.ts";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { NextRun } from "../../Support/WaitFor.ts";
import { ReadMetrics } from "./ReadMetrics.ts";

const Counters = new BridgeCounters();
const Memory = new MemoryBudget(BridgeLimits.processWindowBytes);
const bridge = { Counters, Memory, Limits: BridgeLimits, IsReady: () => true };
const made: BridgeMetrics[] = [];
function metrics(): BridgeMetrics {
  const metric = new BridgeMetrics(bridge);
  made.push(metric);
  return metric;
}
afterEach(() => {
  for (const metric of made.splice(0)) metric.Stop();
});

test("everything is there from the start, each question reads anew", async () => {
  const both = [metrics(), metrics()];
  for (const streams of [0, 3, 1]) {
    Counters.Streams = streams;
    for (const metric of both) {
      const values = ReadMetrics(await metric.Text());
      expect(values.get("moonwire_bridge_streams")).toBe(streams);
    }
  }
});

test("counts, memory, refusals by code and by word", async () => {
  Counters.Sessions = 2;
  Counters.Listeners = 1;
  Counters.SessionsOpened = 5;
  Counters.StreamsOpened = 7;
  Counters.BytesFromPages = 1_000;
  Counters.BytesToPages = 2_000;
  Counters.ConnectionsRefused = 8;
  Counters.RequestsRefused = 9;
  Counters.Refused(SocketError.TIMED_OUT);
  Counters.Refused(SocketError.TIMED_OUT);
  Counters.UpgradeRefused("address quota");
  Memory.Take(4_096);
  const values = ReadMetrics(await metrics().Text());
  expect(Object.fromEntries(values)).toMatchObject({
    moonwire_bridge_ready: 1,
    moonwire_bridge_sessions: 2,
    moonwire_bridge_listeners: 1,
    moonwire_bridge_sessions_opened_total: 5,
    moonwire_bridge_streams_opened_total: 7,
    moonwire_bridge_from_pages_bytes_total: 1_000,
    moonwire_bridge_to_pages_bytes_total: 2_000,
    moonwire_bridge_connections_refused_total: 8,
    moonwire_bridge_requests_refused_total: 9,
    'moonwire_bridge_refusals_total{code="TIMED_OUT"}': 2,
    'moonwire_bridge_upgrade_refusals_total{why="address quota"}': 1,
    moonwire_bridge_window_bytes: 4_096,
    moonwire_bridge_window_limit_bytes: BridgeLimits.processWindowBytes,
  });
});

test("the process: its memory, its descriptors", async () => {
  const values = ReadMetrics(await metrics().Text());
  expect(values.get("moonwire_bridge_resident_bytes")).toBeGreaterThan(10_000_000);
  expect(values.has("moonwire_bridge_open_descriptors")).toBe(true);
});

test("the process: what the system cannot say is -1", async () => {
  vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => {
    throw new Error("EMFILE: too many open files, uv_resident_set_memory");
  });
  const values = ReadMetrics(await metrics().Text());
  expect(values.get("moonwire_bridge_resident_bytes")).toBe(-1);
  vi.restoreAllMocks();
});

test("how late the event loop was, since the last question", async () => {
  const metric = metrics();
  const worst = async (): Promise<number> => {
    const values = ReadMetrics(await metric.Text());
    return values.get('moonwire_bridge_event_loop_delay_seconds{quantile="1"}') ?? 0;
  };
  // Measured between two turns of a timer, both after the last question.
  let seen = 0;
  for (let tries = 0; seen < 0.05 && tries < 20; tries++) {
    for (let turns = 0; turns < 3; turns++) {
      const until = performance.now() + 80;
      while (performance.now() < until);
      await NextRun(1);
    }
    seen = await worst();
  }
  expect(seen).toBeGreaterThan(0.05);
  expect(metrics().ContentType()).toContain("text/plain");
});
