/**
 * Faults and links by chance, repeatable by seed, for tests of what must hold whatever happens.
 */
import { SocketError } from "../../core/SocketError.ts";
import type { Link } from "./Link.ts";
import type { MemoryFault, PlannedFault } from "./MemoryFaults.ts";
import { Random } from "./Random.ts";

export type FaultKind = MemoryFault["Kind"];

export interface RandomFaultsOptions {
  /** They come within this time, 5,000 by default, and last for at most a fifth of it. */
  readonly DurationMs?: number;
  /** 0..MostFaults of them; 5 by default. */
  readonly MostFaults?: number;
  /** All by default. */
  readonly Kinds?: readonly FaultKind[];
  /** Addresses of machines that they may be about; without any they concern everybody. */
  readonly Addresses?: readonly string[];
}

const allKinds: readonly FaultKind[] = Object.freeze([
  "refuse",
  "silence",
  "unreachable",
  "stall",
  "slowNames",
  "failNames",
  "reset",
  "cut",
]);

/** A plan for `MemoryNetwork.Plan`, in the order of time. */
export function RandomFaults(seed: number, options: RandomFaultsOptions = {}): PlannedFault[] {
  const { DurationMs = 5_000, MostFaults = 5, Kinds = allKinds, Addresses = [] } = options;
  const random = new Random(seed);
  const count = Kinds.length === 0 ? 0 : random.Integer(0, MostFaults);
  const plan = Array.from({ length: count }, () => ({
    AfterMs: random.Integer(0, DurationMs),
    Fault: randomFault(random, random.Pick(Kinds), DurationMs / 5, Addresses),
  }));
  return plan.sort((a, b) => a.AfterMs - b.AfterMs);
}

/** A link from excellent to hardly usable. */
export function RandomLink(seed: number): Link {
  const random = new Random(seed);
  return {
    LatencyMs: random.Pick([0, 1, 20, 150]),
    JitterMs: random.Pick([0, 1, 50]),
    BytesPerSecond: random.Pick([Infinity, 1_000_000, 20_000]),
    WindowBytes: random.Pick([65_536, 4_096, 300, 17]),
    WriteBytes: random.Pick([Infinity, 1_000, 7]),
    ReadBytes: random.Pick([Infinity, 1_000, 7]),
  };
}

function randomFault(
  random: Random,
  kind: FaultKind,
  longestMs: number,
  addresses: readonly string[],
): MemoryFault {
  const about = addresses.length === 0 ? {} : { At: random.Pick(addresses) };
  const ForMs = 1 + random.Next() * longestMs;
  switch (kind) {
    case "refuse":
    case "silence":
    case "unreachable":
    case "stall":
      return { Kind: kind, ForMs, ...about };
    case "slowNames":
      return { Kind: kind, ForMs, DelayMs: random.Next() * longestMs };
    case "failNames":
      return { Kind: kind, ForMs, Code: SocketError.CANT_RESOLVE };
    case "reset":
    case "cut":
      return { Kind: kind, ...about };
  }
}
