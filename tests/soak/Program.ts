/**
 * What the soak's programs share: a tree that a clock ticks, a network thread of their own, a
 * monitor, and the answers to the test's orders. Ends with the test's process.
 */
import { readdirSync } from "node:fs";
import { MainLoop, SceneTree, TimerClock } from "../../engine/index.ts";
import { NodeBackend } from "../../networking/backends/node/NodeBackend.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { NetMonitor } from "../../networking/nodes/NetMonitor.ts";
import type { NetFigures, Order, OwnCounts, Sample } from "./Messages.ts";

const ticksPerSecond = 30;
const mebi = 2 ** 20;
const maxWrong = 100;

export class Program {
  readonly Backend = new NodeBackend();
  readonly Tree = new SceneTree({ RethrowErrors: true });
  readonly Monitor = new NetMonitor();
  readonly Own: OwnCounts = { BytesTaken: 0, BytesPut: 0, Opened: 0, Refused: 0 };
  readonly Stories: Record<string, number> = {};
  readonly #wrong: string[] = [];
  readonly #busy: () => number;
  #working = false;

  /** @param busy how much is under way; 0 some time after the order to rest. */
  constructor(busy: () => number) {
    this.#busy = busy;
    this.Tree.Root.AddChild(this.Monitor);
    process.on("message", (order: Order) => {
      if (order === "sample") process.send?.(this.#sample());
      else this.#working = order === "work";
    });
    process.on("disconnect", () => process.exit(0));
  }

  /** New stories may begin. */
  get IsWorking(): boolean {
    return this.#working;
  }

  Run(): void {
    new MainLoop(this.Tree, new TimerClock(ticksPerSecond)).Start();
  }

  /** Notes what must not happen. */
  Wrong(what: string): void {
    if (this.#wrong.length < maxWrong) this.#wrong.push(what);
  }

  CountStory(name: string): void {
    this.Stories[name] = (this.Stories[name] ?? 0) + 1;
  }

  #sample(): Sample {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return {
      Kind: "sample",
      RssMiB: rss / mebi,
      HeapMiB: heapUsed / mebi,
      BuffersMiB: external / mebi,
      Descriptors: readdirSync("/proc/self/fd").length,
      Resources: process.getActiveResourcesInfo().length,
      Held: this.Backend.HeldCount(),
      Busy: this.#busy(),
      Own: this.Own,
      Net: this.#figures(),
      Wrong: this.#wrong,
      Stories: this.Stories,
    };
  }

  #figures(): NetFigures {
    const { Errors, ErrorCount, ...totals } = this.Monitor.Totals();
    const { BytesIn, BytesOut, PausedMs, Opened, Closed, BufferedIn, BufferedOut } = totals;
    return {
      BytesIn,
      BytesOut,
      PausedMs,
      Opened,
      Closed,
      BufferedIn,
      BufferedOut,
      Refused: Errors.get(SocketError.CONNECTION_REFUSED) ?? 0,
      Errors: ErrorCount,
    };
  }
}
