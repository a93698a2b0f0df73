/**
 * Packets per second over one connection inside this process, with the driver and without it. Both
 * ends are ticked in one loop: fill the sender, drain the receiver, let the event loop turn.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { BenchCertificate } from "./BenchCertificate.ts";
import type { PacketPair } from "./DriverPair.ts";
import { DriverPair, StreamPair } from "./DriverPair.ts";
import { ThreadMs } from "./TickMeter.ts";

export interface PacketRate {
  readonly PacketsPerSecond: number;
  /** Microseconds of the game thread's CPU for one packet, sent and received. */
  readonly ThreadUs: number;
}

export interface PacketRun {
  readonly WithDriver: boolean;
  /** null: plain. */
  readonly Certificate: BenchCertificate | null;
  readonly PacketBytes: number;
  readonly Seconds: number;
}

const connectMs = 10_000;

export async function RunPackets(run: PacketRun): Promise<PacketRate> {
  const pair = run.WithDriver ? new DriverPair(run.Certificate) : new StreamPair(run.Certificate);
  try {
    await connected(pair);
    await measure(pair, run.PacketBytes, run.Seconds / 4); // warm
    return await measure(pair, run.PacketBytes, run.Seconds);
  } finally {
    pair.End();
  }
}

async function connected(pair: PacketPair): Promise<void> {
  const end = performance.now() + connectMs;
  while (!pair.IsConnected()) {
    if (performance.now() > end) throw new Error("The benchmark's own two ends did not connect.");
    pair.Tick();
    await nextTurn();
  }
}

async function measure(
  pair: PacketPair,
  packetBytes: number,
  seconds: number,
): Promise<PacketRate> {
  const packet = new Uint8Array(packetBytes).fill(1);
  const buffer = new Uint8Array(65_535);
  let received = 0;
  const threadMs = ThreadMs();
  const start = performance.now();
  let now = start;
  while (now - start < 1e3 * seconds) {
    pair.Tick();
    while (pair.Send(packet));
    while (pair.Receive(buffer) > 0) received++;
    await nextTurn();
    now = performance.now();
  }
  return {
    PacketsPerSecond: (1e3 * received) / (now - start),
    ThreadUs: (1e3 * (ThreadMs() - threadMs)) / received,
  };
}
