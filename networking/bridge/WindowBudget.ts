/**
 * How large the rings of one WebSocket's streams are: full size while the WebSocket's budget
 * lasts, the floor after that, so that many streams are slower and never refused for it.
 */
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { MemoryBudget } from "./MemoryBudget.ts";

export class WindowBudget {
  readonly #limits: BridgeLimits;
  readonly #memory: MemoryBudget;
  #usedBytes = 0;

  /** @param memory of the process, shared by all WebSockets. */
  constructor(limits: BridgeLimits, memory: MemoryBudget) {
    this.#limits = limits;
    this.#memory = memory;
  }

  /** @returns bytes of each ring of a new stream; 0 when the process has no memory left for it. */
  Take(): number {
    const { streamWindowBytes, streamFloorBytes, sessionWindowBytes } = this.#limits;
    const roomy = this.#usedBytes + streamWindowBytes <= sessionWindowBytes;
    const bytes = roomy ? streamWindowBytes : streamFloorBytes;
    if (!this.#memory.Take(2 * bytes)) return 0;
    this.#usedBytes += bytes;
    return bytes;
  }

  /**
   * For rings that are there already, those of a connection that came in.
   * @returns false when the process has no memory left for them.
   */
  TakeRings(bytes: number): boolean {
    if (!this.#memory.Take(2 * bytes)) return false;
    this.#usedBytes += bytes;
    return true;
  }

  /** @param bytes of `Take` or `TakeRings`. */
  Give(bytes: number): void {
    this.#usedBytes -= bytes;
    this.#memory.Give(2 * bytes);
  }
}
