/** What is measured: each row runs the same script over one contender after the other. */
import type { ChildProcess } from "node:child_process";
import { Next } from "../Game.ts";
import type { Client, Contender, Line } from "./Client.ts";
import { FarHeader } from "./FarHeader.ts";
import { FillPattern, IsPattern } from "./Pattern.ts";
import { CpuSeconds, MemoryMiB } from "./ProcessUse.ts";

export interface Row {
  readonly Name: string;
  /** Which end of the scale is good; a row without is shown and not judged. */
  readonly Better: "more" | "less" | "";
  readonly Run: (bridge: Contender, far: ChildProcess) => Promise<number>;
}

const mib = 1_048_576;
const bulkBytes = 256 * mib;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs with the streams of one page, and ends them. */
async function withClient<T>(bridge: Contender, run: (client: Client) => Promise<T>): Promise<T> {
  const client = await bridge.Connect();
  try {
    return await run(client);
  } finally {
    client.Close();
  }
}

/** @returns bytes that came, up to `count`, before the end of the stream or the deadline. */
function received(line: Line, count: number, deadlineMs: number): Promise<number> {
  return new Promise((resolve) => {
    let got = 0;
    const timer = setTimeout(() => resolve(got), deadlineMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve(got);
    };
    line.OnBytes = (bytes) => {
      got += bytes.length;
      if (got >= count) done();
    };
    line.OnEnd = done;
  });
}

function down(bridge: Contender): Promise<number> {
  return withClient(bridge, async (client) => {
    const line = await client.Open();
    const start = performance.now();
    const all = received(line, bulkBytes, 120_000);
    await line.Send(FarHeader("S", bulkBytes));
    const got = await all;
    line.Close();
    return got / 1_000 / (performance.now() - start);
  });
}

function up(bridge: Contender): Promise<number> {
  return withClient(bridge, async (client) => {
    const line = await client.Open();
    const start = performance.now();
    const answer = received(line, 1, 120_000);
    await line.Send(FarHeader("R", bulkBytes));
    for (let sent = 0; sent < bulkBytes; sent += 65_536) await line.Send(FillPattern(sent, 65_536));
    const told = await answer;
    line.Close();
    return told === 0 ? 0 : bulkBytes / 1_000 / (performance.now() - start);
  });
}

/**
 * Round trips per second with `depth` messages of 64 bytes under way, after half as many to warm
 * up: a bridge runs for days, and its first second is compiling.
 */
function pingPong(depth: number, count: number): Row["Run"] {
  return (bridge) =>
    withClient(bridge, async (client) => {
      const line = await client.Open();
      await line.Send(FarHeader("E", 0));
      await roundTrips(line, depth, count / 2);
      const start = performance.now();
      await roundTrips(line, depth, count);
      line.Close();
      return count / ((performance.now() - start) / 1_000);
    });
}

function roundTrips(line: Line, depth: number, count: number): Promise<void> {
  const message = new Uint8Array(64);
  return new Promise<void>((resolve) => {
    let sent = 0;
    let got = 0;
    line.OnBytes = (bytes) => {
      const before = Math.floor(got / 64);
      got += bytes.length;
      for (let i = Math.floor(got / 64) - before; i > 0 && sent < count; i--, sent++) {
        void line.Send(message);
      }
      if (got === count * 64) resolve();
    };
    for (; sent < depth; sent++) void line.Send(message);
  });
}

/** 100 streams, 64 bytes out and back at 60 Hz for five seconds. @returns the p99 round trip. */
function players(bridge: Contender): Promise<number> {
  return withClient(bridge, async (client) => {
    const lines = await Promise.all(Array.from({ length: 100 }, () => client.Open()));
    const times: number[] = [];
    const waits = lines.map((): number[] => []);
    for (const [i, line] of lines.entries()) {
      const waiting = waits[i] ?? [];
      let got = 0;
      line.OnBytes = (bytes) => {
        got += bytes.length;
        for (; got >= 64; got -= 64) times.push(performance.now() - (waiting.shift() ?? 0));
      };
      void line.Send(FarHeader("E", 0));
    }
    const message = new Uint8Array(64);
    const start = performance.now();
    for (let tick = 0; tick < 300; tick++) {
      for (const [i, line] of lines.entries()) {
        waits[i]?.push(performance.now());
        void line.Send(message);
      }
      await pause(Math.max(0, start + ((tick + 1) * 1_000) / 60 - performance.now()));
    }
    await pause(500);
    for (const line of lines) line.Close();
    if (times.length < 300 * 100) return Number.POSITIVE_INFINITY;
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? NaN;
  });
}

/** Open, echo 64 bytes, close; eight at a time. @returns how many in a second, once warm. */
function openEchoClose(bridge: Contender): Promise<number> {
  return withClient(bridge, async (client) => {
    await openings(client, 200);
    const start = performance.now();
    const count = 400;
    await openings(client, count);
    return count / ((performance.now() - start) / 1_000);
  });
}

async function openings(client: Client, count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const line = await client.Open();
      const echo = received(line, 64, 10_000);
      await line.Send(FarHeader("E", 0));
      await line.Send(new Uint8Array(64));
      await echo;
      line.Close();
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function pulledBytes(far: ChildProcess): Promise<number> {
  const answer = Next(far, "pulled");
  far.send("pulled");
  return (await answer).Bytes;
}

/** A reader that stops at once while the target sends 200 MiB, for two seconds. */
function slowReader(what: "memory" | "pulled"): Row["Run"] {
  return (bridge, far) =>
    withClient(bridge, async (client) => {
      const line = await client.Open();
      const memory = MemoryMiB(bridge.Pid);
      const pulled = await pulledBytes(far);
      await line.Send(FarHeader("S", 200 * mib));
      line.Pause();
      await pause(2_000);
      const grown = MemoryMiB(bridge.Pid) - memory;
      const taken = ((await pulledBytes(far)) - pulled) / mib;
      line.Close();
      return what === "memory" ? grown : taken;
    });
}

/** 60 MiB and FIN, with a reader that stalls for 1.5 s. @returns MiB that came, in order. */
function stalledTail(bridge: Contender): Promise<number> {
  return withClient(bridge, async (client) => {
    const line = await client.Open();
    const count = 60 * mib;
    let got = 0;
    let good = true;
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 30_000);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      line.OnBytes = (bytes) => {
        good &&= IsPattern(bytes, got);
        got += bytes.length;
        if (got >= count) done();
      };
      line.OnEnd = done;
    });
    await line.Send(FarHeader("S", count));
    line.Pause();
    await pause(1_500);
    line.Resume();
    await over;
    line.Close();
    return good ? got / mib : 0;
  });
}

/** Memory that 1,000 idle streams cost, over eight pages. */
async function idle(bridge: Contender): Promise<number> {
  const before = MemoryMiB(bridge.Pid);
  const clients = await Promise.all(Array.from({ length: 8 }, () => bridge.Connect()));
  const lines: Line[] = [];
  for (const client of clients) {
    for (let i = 0; i < 125; i++) lines.push(await client.Open());
  }
  await pause(500);
  const cpu = CpuSeconds(bridge.Pid);
  await pause(2_000);
  const used = CpuSeconds(bridge.Pid) - cpu;
  process.stderr.write(` (${used.toFixed(2)} s CPU in 2 s)`);
  const grown = MemoryMiB(bridge.Pid) - before;
  for (const line of lines) line.Close();
  for (const client of clients) client.Close();
  return grown;
}

export const Rows: readonly Row[] = [
  { Name: "bulk to the page, MB/s", Better: "more", Run: down },
  { Name: "bulk from the page, MB/s", Better: "more", Run: up },
  { Name: "64 B round trips/s, 1 under way", Better: "more", Run: pingPong(1, 8_000) },
  { Name: "64 B round trips/s, 64 under way", Better: "more", Run: pingPong(64, 40_000) },
  { Name: "100 streams at 60 Hz, p99 ms", Better: "less", Run: players },
  { Name: "open, echo, close per second", Better: "more", Run: openEchoClose },
  { Name: "reader stops: bridge grows, MiB", Better: "less", Run: slowReader("memory") },
  { Name: "reader stops: taken of 200 MiB", Better: "less", Run: slowReader("pulled") },
  { Name: "60 MiB, FIN, stalled reader: MiB got", Better: "more", Run: stalledTail },
  { Name: "1,000 idle streams: grows, MiB", Better: "less", Run: idle },
];
