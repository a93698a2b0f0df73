/**
 * The bridge's numbers in Prometheus' text format. Read when they are asked for; only the event
 * loop's delay is measured all the time, and covers what passed since the last question.
 */
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import { SocketErrorName } from "../core/SocketError.ts";
import type { MemoryBudget } from "../mux/MemoryBudget.ts";
import type { BridgeCounters } from "./BridgeCounters.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";

export interface MeasuredBridge {
  readonly Counters: BridgeCounters;
  readonly Memory: MemoryBudget;
  readonly Limits: BridgeLimits;
  /** Whether new pages are taken. */
  IsReady(): boolean;
}

const prefix = "moonwire_bridge_";
const nanosecondsPerSecond = 1e9;

export class BridgeMetrics {
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });

  constructor(bridge: MeasuredBridge) {
    const { Counters, Memory, Limits } = bridge;
    this.#gauge("ready", "1 while new pages are taken.", () => Number(bridge.IsReady()));
    this.#gauge("sessions", "WebSockets that are open.", () => Counters.Sessions);
    this.#gauge("streams", "Streams to targets that are open.", () => Counters.Streams);
    this.#gauge("listeners", "Ports that pages listen at.", () => Counters.Listeners);
    this.#gauge("window_bytes", "Memory in streams' rings.", () => Memory.UsedBytes());
    this.#gauge("window_limit_bytes", "The most of that.", () => Limits.processWindowBytes);
    this.#counter("sessions_opened_total", "WebSockets taken.", () => Counters.SessionsOpened);
    this.#counter("streams_opened_total", "Streams asked for.", () => Counters.StreamsOpened);
    this.#counter("from_pages_bytes_total", "Bytes of pages.", () => Counters.BytesFromPages);
    this.#counter("to_pages_bytes_total", "Bytes to pages.", () => Counters.BytesToPages);
    this.#refusals(Counters);
    this.#registry.registerMetric(Counters.RoundTrips);
    this.#process();
    this.#delay.enable();
  }

  /** The content type that belongs to `Text`. */
  ContentType(): string {
    return this.#registry.contentType;
  }

  Text(): Promise<string> {
    return this.#registry.metrics();
  }

  Stop(): void {
    this.#delay.disable();
  }

  #gauge(name: string, help: string, read: () => number): void {
    const metric = new Gauge({
      name: prefix + name,
      help,
      registers: [this.#registry],
      collect: () => {
        metric.set(read());
      },
    });
  }

  /** The library's counters only count; ours are counted already. */
  #counter(name: string, help: string, read: () => number): void {
    const metric = new Counter({
      name: prefix + name,
      help,
      registers: [this.#registry],
      collect: () => {
        metric.reset();
        metric.inc(read());
      },
    });
  }

  #refusals(counters: BridgeCounters): void {
    const connections = "TCP connections that were closed as they came.";
    this.#counter("connections_refused_total", connections, () => counters.ConnectionsRefused);
    const requests = "Requests that were answered 429.";
    this.#counter("requests_refused_total", requests, () => counters.RequestsRefused);
    const byCode = new Counter({
      name: `${prefix}refusals_total`,
      help: "CONNECT, RESOLVE and LISTEN that were refused, by the true code.",
      labelNames: ["code"],
      registers: [this.#registry],
      collect: () => {
        byCode.reset();
        for (const [code, count] of counters.Refusals()) {
          byCode.inc({ code: SocketErrorName(code) }, count);
        }
      },
    });
    const byWord = new Counter({
      name: `${prefix}upgrade_refusals_total`,
      help: "Upgrades that were refused.",
      labelNames: ["why"],
      registers: [this.#registry],
      collect: () => {
        byWord.reset();
        for (const [why, count] of counters.UpgradeRefusals()) byWord.inc({ why }, count);
      },
    });
  }

  #process(): void {
    this.#gauge("resident_bytes", "Memory of the process; -1 where unknown.", () => {
      return orUnknown(() => process.memoryUsage.rss());
    });
    this.#gauge("open_descriptors", "Open files and sockets; -1 where unknown.", () => {
      // Reading the folder takes one more.
      return orUnknown(() => readdirSync("/proc/self/fd").length - 1);
    });
    const delay = new Gauge({
      name: `${prefix}event_loop_delay_seconds`,
      help: "How late the event loop was since the last question.",
      labelNames: ["quantile"],
      registers: [this.#registry],
      collect: () => {
        for (const quantile of [50, 99, 100]) {
          const seconds = this.#delay.percentile(quantile) / nanosecondsPerSecond;
          delay.set({ quantile: String(quantile / 100) }, seconds);
        }
        this.#delay.reset();
      },
    });
  }
}

/** Both questions open a file, which fails on other systems, and when no descriptor is left. */
function orUnknown(ask: () => number): number {
  try {
    return ask();
  } catch {
    return -1;
  }
}
