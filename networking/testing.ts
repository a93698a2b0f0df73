/**
 * `moonwire/networking/testing`: an in-process network on a virtual clock, with faults, for tests of
 * games. Nothing of it sleeps or opens a socket, and a seed repeats a run.
 */
export { MemoryBackend } from "./backends/memory/MemoryBackend.ts";
export { MemoryNetwork } from "./backends/memory/MemoryNetwork.ts";
