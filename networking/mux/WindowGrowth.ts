/**
 * What the windows of one WebSocket may grow beyond their rings, and the clock by which they see
 * whether growing is of use. Whoever owns the mux gives both; the mux itself knows no time.
 */
import { MemoryBudget } from "./MemoryBudget.ts";

export interface WindowGrowth {
  /** @returns false, and nothing is taken, when that much is not left. */
  Take(bytes: number): boolean;
  /** What was taken is free again. */
  Give(bytes: number): void;
  /** Milliseconds from some fixed moment, never going back. */
  Now(): number;
}

/** @param now a clock that stands still by default: every reader is fast then. */
export function GrowthWithin(limitBytes: number, now: () => number = () => 0): WindowGrowth {
  const budget = new MemoryBudget(limitBytes);
  return {
    Take: (bytes) => budget.Take(bytes),
    Give: (bytes) => budget.Give(bytes),
    Now: now,
  };
}
