/**
 * What can go wrong in the in-process network, as data, and the faults that stand at a moment.
 *
 * `At` is the address of a machine: the one that a connect goes to, or one of a connection's two.
 * Without it a fault concerns everybody. Of faults that overlap the one injected last counts for
 * connects and names; stalls last until the latest of their ends.
 */
import type { SocketError } from "../../core/SocketError.ts";

/** What attempts to connect meet that begin while it stands. Silence: no answer ever. */
export type ConnectFaultKind = "refuse" | "silence" | "unreachable";

export type StandingFault =
  | { readonly Kind: ConnectFaultKind; readonly ForMs: number; readonly At?: string }
  /** Nothing passes for a time; then everything that waits arrives. Finite. */
  | { readonly Kind: "stall"; readonly ForMs: number; readonly At?: string }
  /** Every lookup that begins takes this much longer. */
  | { readonly Kind: "slowNames"; readonly ForMs: number; readonly DelayMs: number }
  /** Every lookup that begins ends with this code. */
  | { readonly Kind: "failNames"; readonly ForMs: number; readonly Code: SocketError };

export type MemoryFault =
  | StandingFault
  /** Both ends of every connection have CONNECTION_RESET now. */
  | { readonly Kind: "reset"; readonly At?: string }
  /** Nothing passes on today's connections any more, and nobody is told: half-open. */
  | { readonly Kind: "cut"; readonly At?: string };

/** A fault that comes at a moment, counted from when the plan is given to the network. */
export interface PlannedFault {
  readonly AfterMs: number;
  readonly Fault: MemoryFault;
}

interface Standing {
  readonly fault: StandingFault;
  readonly untilMs: number;
}

/** Faults at the same time; one more is a TypeError. */
const maxStanding = 4_096;

export class MemoryFaults {
  #standing: Standing[] = [];

  /** @param fault with `ForMs` above 0; Infinity except for a stall. */
  Add(fault: StandingFault, nowMs: number): void {
    const longest = fault.Kind === "stall" ? Number.MAX_VALUE : Infinity;
    if (!(fault.ForMs > 0 && fault.ForMs <= longest)) {
      throw new TypeError("A fault's ForMs is milliseconds above 0, finite for a stall.");
    }
    this.#standing = this.#standing.filter(({ untilMs }) => untilMs > nowMs);
    if (this.#standing.length >= maxStanding) {
      throw new TypeError(`At most ${maxStanding} faults stand at the same time.`);
    }
    this.#standing.push({ fault, untilMs: nowMs + fault.ForMs });
  }

  /** Everything is well again, except for what a stall holds already. */
  Clear(): void {
    this.#standing = [];
  }

  /** What an attempt to connect to `address` meets. */
  OfConnect(address: string, nowMs: number): ConnectFaultKind | null {
    let found: ConnectFaultKind | null = null;
    for (const fault of this.#live(nowMs)) {
      switch (fault.Kind) {
        case "refuse":
        case "silence":
        case "unreachable":
          if (Concerns(fault, address)) found = fault.Kind;
          break;
        case "stall":
        case "slowNames":
        case "failNames":
          break;
      }
    }
    return found;
  }

  /** When packets between two addresses pass again; at most `nowMs` when they do. */
  StalledUntil(from: string, to: string, nowMs: number): number {
    let until = nowMs;
    for (const { fault, untilMs } of this.#standing) {
      if (fault.Kind === "stall" && Concerns(fault, from, to)) until = Math.max(until, untilMs);
    }
    return until;
  }

  /** How a lookup that begins now differs from a good one. */
  OfNames(nowMs: number): { readonly DelayMs: number; readonly Code: SocketError | null } {
    let delayMs = 0;
    let code: SocketError | null = null;
    for (const fault of this.#live(nowMs)) {
      if (fault.Kind === "slowNames") delayMs = fault.DelayMs;
      if (fault.Kind === "failNames") code = fault.Code;
    }
    return { DelayMs: delayMs, Code: code };
  }

  *#live(nowMs: number): Generator<StandingFault> {
    for (const { fault, untilMs } of this.#standing) if (untilMs > nowMs) yield fault;
  }
}

/** Whether a fault is about one of these addresses. */
export function Concerns(fault: { readonly At?: string }, ...addresses: string[]): boolean {
  return fault.At === undefined || addresses.includes(fault.At);
}
