/**
 * How large the rings of one WebSocket's streams are: with room for a window that grows while the
 * budget is hardly touched, full size while it lasts, the floor after that, so that many streams
 * are slower and never refused for it.
 */
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { MemoryBudget } from "./MemoryBudget.ts";
import { TokenBucket } from "./TokenBucket.ts";

/** Bytes of a stream's rings. */
export interface StreamMemory {
  readonly ToTarget: number;
  readonly FromTarget: number;
}

export class WindowBudget {
  readonly #limits: BridgeLimits;
  readonly #memory: MemoryBudget;
  readonly #large: TokenBucket;
  #usedBytes = 0;

  /** @param memory of the process, shared by all WebSockets. */
  constructor(limits: BridgeLimits, memory: MemoryBudget, nowMs: number) {
    this.#limits = limits;
    this.#memory = memory;
    this.#large = new TokenBucket(limits.largeRingsPerSecond, limits.largeRingsBurst, nowMs);
  }

  /**
   * @param grows the stream has a window, which MWX gives it; only then a large ring is of use.
   * @returns the rings of a new stream; null when the process has no memory left for it.
   */
  Take(grows: boolean, nowMs: number): StreamMemory | null {
    const { streamWindowBytes, streamFloorBytes } = this.#limits;
    if (grows && this.#mayBeLarge() && this.#large.Take(nowMs)) {
      const large = this.#take(this.#limits.streamLargeBytes, streamWindowBytes);
      if (large !== null) return large;
    }
    const roomy = this.#usedBytes + streamWindowBytes <= this.#limits.sessionWindowBytes;
    const bytes = roomy ? streamWindowBytes : streamFloorBytes;
    return this.#take(bytes, bytes);
  }

  /**
   * For rings that are there already, those of a connection that came in.
   * @param bytes of each.
   * @returns null when the process has no memory left for them.
   */
  TakeRings(bytes: number): StreamMemory | null {
    return this.#take(bytes, bytes);
  }

  /** @param memory of `Take` or `TakeRings`. */
  Give({ ToTarget, FromTarget }: StreamMemory): void {
    this.#usedBytes -= ToTarget;
    this.#memory.Give(ToTarget + FromTarget);
  }

  #mayBeLarge(): boolean {
    const { streamLargeBytes, sessionWindowBytes, processWindowBytes } = this.#limits;
    if (this.#usedBytes + 2 * streamLargeBytes > sessionWindowBytes) return false;
    return this.#memory.UsedBytes() + streamLargeBytes <= processWindowBytes / 2;
  }

  #take(ToTarget: number, FromTarget: number): StreamMemory | null {
    if (!this.#memory.Take(ToTarget + FromTarget)) return null;
    this.#usedBytes += ToTarget;
    return { ToTarget, FromTarget };
  }
}
