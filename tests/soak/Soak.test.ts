/**
 * A server and many clients for a long time, with faults all along: what they hold must not grow,
 * no byte may be wrong, and what NetMonitor says must be what was sent.
 *
 * Half a minute by default; `npm run test:soak` takes three, MOONWIRE_SOAK_MINUTES=60 an hour.
 * MOONWIRE_SEED repeats the stories of a seed; their timing is the machine's.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Round } from "./Soak.ts";
import { Soak } from "./Soak.ts";
import type { Sample } from "./Messages.ts";
import { Stories } from "./Story.ts";

const minutes = Number(process.env.MOONWIRE_SOAK_MINUTES ?? 0.2);
const seed = Number(process.env.MOONWIRE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const totalMs = minutes * 60_000;
const rounds = Math.max(4, Math.min(30, Math.round(minutes * 3)));
/** Starting, the rests between the rounds, and the end. */
const spareMs = 120_000 + rounds * 10_000;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Medians of the second and the last third: the first is for warming up. */
function thirds(samples: readonly Sample[], of: (sample: Sample) => number): [number, number] {
  const third = Math.floor(samples.length / 3);
  const values = samples.map(of);
  return [median(values.slice(third, -third)), median(values.slice(-third))];
}

function expectFlat(samples: readonly Sample[]): void {
  const flat = (of: (sample: Sample) => number, share: number, mebi: number): void => {
    const [before, after] = thirds(samples, of);
    expect(after).toBeLessThanOrEqual(before * (1 + share) + mebi);
  };
  flat((sample) => sample.HeapMiB, 0.05, 1);
  flat((sample) => sample.BuffersMiB, 0.05, 4);
  flat((sample) => sample.RssMiB, 0.1, 16);
  // What is held is counted, not weighed: the same at every rest.
  const [first, ...later] = samples.map(({ Held, Descriptors, Resources }) => {
    return { Held, Descriptors, Resources };
  });
  for (const each of later) {
    expect(each.Held).toBe(first!.Held);
    expect(each.Descriptors).toBeLessThanOrEqual(first!.Descriptors);
    expect(each.Resources).toBeLessThanOrEqual(first!.Resources + 1);
  }
}

/** What the script counted and what the monitor says, at rest. */
function expectConsistent({ Own, Net, Wrong }: Sample): void {
  expect(Wrong).toEqual([]);
  expect(Net.BytesOut).toBe(Own.BytesPut);
  expect(Net.BytesIn).toBeGreaterThanOrEqual(Own.BytesTaken);
  expect(Net.Opened).toBe(Net.Closed);
  expect(Net.Opened).toBeGreaterThanOrEqual(Own.Opened);
  expect(Net.Refused).toBe(Own.Refused);
  expect([Net.BufferedIn, Net.BufferedOut]).toEqual([0, 0]);
}

function report(all: readonly Round[], killed: number): void {
  const columns: [string, (sample: Sample) => number][] = [
    ["rss", ({ RssMiB }) => Math.round(RssMiB * 10) / 10],
    ["heap", ({ HeapMiB }) => Math.round(HeapMiB * 100) / 100],
    ["buffers", ({ BuffersMiB }) => Math.round(BuffersMiB * 100) / 100],
    ["fds", ({ Descriptors }) => Descriptors],
    ["held", ({ Held }) => Held],
    ["opened", ({ Net }) => Net.Opened],
    ["MB in", ({ Net }) => Math.round(Net.BytesIn / 1e6)],
    ["errors", ({ Net }) => Net.Errors],
    ["paused s", ({ Net }) => Math.round(Net.PausedMs / 1e3)],
  ];
  const row = ({ Seconds, Server, Clients: [client] }: Round): object => ({
    seconds: Math.round(Seconds),
    ...Object.fromEntries(columns.map(([name, of]) => [`server ${name}`, of(Server)])),
    ...Object.fromEntries(columns.slice(0, 5).map(([name, of]) => [`client ${name}`, of(client!)])),
  });
  mkdirSync("artifacts", { recursive: true });
  const rows = all.map(row);
  const stories = all.at(-1)?.Clients.map((client) => client.Stories);
  const figures = { minutes, seed, killed, stories, rows };
  writeFileSync("artifacts/soak.json", `${JSON.stringify(figures, null, 2)}\n`);
  if (minutes > 1) process.stdout.write(`${rows.map((each) => JSON.stringify(each)).join("\n")}\n`);
}

test(
  `nothing grows and nothing is lost: ${minutes} minutes, seed ${seed}`,
  async () => {
    const soak = await Soak.Start(seed);
    const all: Round[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        await soak.Work(totalMs / rounds);
        all.push(await soak.Rest(all.at(0) ?? null));
      }
    } finally {
      report(all, soak.Killed);
      await soak.End();
    }
    const last = all.at(-1)!;
    for (const { Server, Clients } of all)
      for (const each of [Server, ...Clients]) expectConsistent(each);
    expectFlat(all.map(({ Server }) => Server));
    for (const i of last.Clients.keys()) expectFlat(all.map(({ Clients }) => Clients[i]!));
    const sum = (of: (sample: Sample) => number): number =>
      last.Clients.reduce((total, client) => total + of(client), 0);
    expect(last.Server.Net.BytesOut).toBeGreaterThanOrEqual(sum(({ Net }) => Net.BytesIn));
    expect(last.Server.Net.Opened).toBe(last.Server.Own.Opened);
    expect(last.Server.Net.PausedMs).toBeGreaterThan(0);
    const told = new Set(last.Clients.flatMap((client) => Object.keys(client.Stories)));
    expect([...told].toSorted()).toEqual(Stories.map(({ Name }) => Name).toSorted());
    expect(soak.Killed).toBeGreaterThanOrEqual(rounds);
  },
  totalMs + spareMs,
);
