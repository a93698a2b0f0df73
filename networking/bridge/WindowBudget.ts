/**
 * What one WebSocket's streams may hold. Half is for their rings: full size while it lasts, the
 * floor after that, so that many streams are slower and never refused for it. Half is for windows
 * that grow beyond their rings, which only those do whose reader keeps up: a crowd that stalls
 * takes nothing from who is lively.
 */
import type { MemoryBudget } from "../mux/MemoryBudget.ts";
import type { WindowGrowth } from "../mux/WindowGrowth.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";

export class WindowBudget {
  readonly #limits: BridgeLimits;
  readonly #memory: MemoryBudget;
  readonly #now: () => number;
  #ringBytes = 0;
  #grownBytes = 0;

  /** @param memory of the process, shared by all WebSockets. @param now milliseconds. */
  constructor(limits: BridgeLimits, memory: MemoryBudget, now: () => number) {
    this.#limits = limits;
    this.#memory = memory;
    this.#now = now;
  }

  /** For the mux: what windows grow beyond their rings, while half of the memory is free. */
  readonly Growth: WindowGrowth = {
    Take: (bytes) => {
      const { sessionWindowBytes, processWindowBytes } = this.#limits;
      if (this.#grownBytes + bytes > sessionWindowBytes / 2) return false;
      if (this.#memory.UsedBytes() + bytes > processWindowBytes / 2) return false;
      this.#grownBytes += bytes;
      return this.#memory.Take(bytes);
    },
    Give: (bytes) => {
      this.#grownBytes -= bytes;
      this.#memory.Give(bytes);
    },
    Now: () => this.#now(),
  };

  /**
   * @returns bytes of each of a new stream's two rings; null when the process has no memory left
   *   for them.
   */
  Take(): number | null {
    const { streamWindowBytes, streamFloorBytes, sessionWindowBytes } = this.#limits;
    const roomy = this.#ringBytes + streamWindowBytes <= sessionWindowBytes / 2;
    const bytes = roomy ? streamWindowBytes : streamFloorBytes;
    return this.TakeRings(bytes) ? bytes : null;
  }

  /**
   * For two rings that are there already, those of a connection that came in.
   * @param bytes of each.
   * @returns false when the process has no memory left for them.
   */
  TakeRings(bytes: number): boolean {
    if (!this.#memory.Take(2 * bytes)) return false;
    this.#ringBytes += bytes;
    return true;
  }

  /** @param bytes of each ring, as `Take` gave them or `TakeRings` took. */
  Give(bytes: number): void {
    this.#ringBytes -= bytes;
    this.#memory.Give(2 * bytes);
  }
}
