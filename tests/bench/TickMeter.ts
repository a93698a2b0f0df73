/** Measures a server's tick and process; `Begin` and `Report` are called over the IPC channel. */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { ServerReport } from "./Messages.ts";

export class TickMeter {
  #ticks = 0;
  #tickMs = 0;
  #loop = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #threadMs = ThreadMs();

  /** Answers "begin" and "report" of the parent process; anything else ends this one. */
  Serve(): void {
    process.on("message", (text) => {
      if (text === "begin") this.#begin();
      else if (text === "report") process.send?.(this.#report());
    });
    process.on("disconnect", () => process.exit(0));
  }

  /** Runs one tick under the clock. */
  Measure(tick: () => void): void {
    const start = performance.now();
    tick();
    this.#tickMs += performance.now() - start;
    this.#ticks++;
  }

  #begin(): void {
    this.#ticks = 0;
    this.#tickMs = 0;
    this.#loop = performance.eventLoopUtilization();
    this.#cpu = process.cpuUsage();
    this.#threadMs = ThreadMs();
  }

  #report(): ServerReport {
    const cpu = process.cpuUsage(this.#cpu);
    const busy = performance.eventLoopUtilization(this.#loop).active;
    return {
      Kind: "server",
      TickMs: this.#tickMs / this.#ticks,
      BusyMs: busy / this.#ticks,
      ThreadMs: (ThreadMs() - this.#threadMs) / this.#ticks,
      Ticks: this.#ticks,
      CpuSeconds: (cpu.user + cpu.system) / 1e6,
      PeakMiB: process.resourceUsage().maxRSS / 1024,
    };
  }
}

/** CPU time of the game thread so far; NaN where the system does not tell (Linux does). */
export function ThreadMs(): number {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return NaN;
  }
}
