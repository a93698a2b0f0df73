/**
 * `moonwire/networking/testing`: an in-process network on a virtual clock, with faults, for tests
 * of games. Nothing of it sleeps or opens a socket, and a seed repeats a run.
 */
export type { Link } from "./backends/memory/Link.ts";
export { MemoryBackend } from "./backends/memory/MemoryBackend.ts";
export type { MemoryFault, PlannedFault } from "./backends/memory/MemoryFaults.ts";
export type { MemoryHostOptions } from "./backends/memory/MemoryHost.ts";
export type { HeldCounts, MemoryNetworkOptions } from "./backends/memory/MemoryNetwork.ts";
export { MemoryNetwork } from "./backends/memory/MemoryNetwork.ts";
export type { FaultKind, RandomFaultsOptions } from "./backends/memory/RandomFaults.ts";
export { RandomFaults, RandomLink } from "./backends/memory/RandomFaults.ts";
