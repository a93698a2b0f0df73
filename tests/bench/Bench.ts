/**
 * `npm run bench`: Moonwire beside plain `node:net`, in one run, as ratios.
 *
 * The two are run in turn, several rounds each, and medians are compared, because a machine that
 * does something else for a moment would otherwise decide the result.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MakeBenchCertificate } from "./BenchCertificate.ts";
import type { PacketRate } from "./DriverPackets.ts";
import { RunPackets } from "./DriverPackets.ts";
import type { GameResult } from "./Game.ts";
import { RunGame } from "./Game.ts";
import { RunLine } from "./Line.ts";
import type { LineReport } from "./Messages.ts";
import type { PoolRate } from "./Pool.ts";
import { RunPool } from "./Pool.ts";

const help = `Usage: npm run bench -- [options]

Compares a Moonwire server with a plain node:net server on this machine.

  --rounds N     rounds of each, medians are shown (default 3)
  --seconds N    seconds of play per round (default 5)
  --only NAME    game, crowd, idle, line, tls, pool or driver
  --help         this text

Figures are also written to artifacts/bench.json.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

/** A Moonwire server beside something else. */
interface Row {
  readonly Name: string;
  readonly Other: number;
  readonly Moonwire: number;
  readonly Ratio: number;
  readonly Target: string;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** What stands beside Moonwire's: plain `node:net`, a bare loop of polls, or streams alone. */
type Contender = "Net" | "Polls" | "Streams" | "Moonwire";

class Comparison<T> {
  readonly #other: T[] = [];
  readonly #moonwire: T[] = [];

  async Run(
    rounds: number,
    other: Contender,
    run: (which: Contender) => Promise<T>,
  ): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`  round ${round + 1} of ${rounds}: ${titles[other]}`);
      this.#other.push(await run(other));
      process.stderr.write(`, ${titles.Moonwire}\n`);
      this.#moonwire.push(await run("Moonwire"));
    }
  }

  Row(name: string, target: string, of: (result: T) => number): Row {
    const other = median(this.#other.map(of));
    const moonwire = median(this.#moonwire.map(of));
    return {
      Name: name,
      Other: other,
      Moonwire: moonwire,
      Ratio: moonwire / other,
      Target: target,
    };
  }
}

const titles = {
  Net: "node:net",
  Polls: "bare polls",
  Streams: "streams",
  Moonwire: "moonwire",
} as const;

async function game(
  clients: number,
  rate: number,
  rounds: number,
  seconds: number,
): Promise<Row[]> {
  const title = `${clients} clients at ${rate} Hz`;
  process.stderr.write(`${title}\n`);
  const comparison = new Comparison<GameResult>();
  await comparison.Run(rounds, "Net", (which) =>
    RunGame({ Server: `Game${which}.js`, Clients: clients, Rate: rate, Seconds: seconds }),
  );
  const small = clients <= 500;
  return [
    comparison.Row(`${title}: tick, ms`, small ? "<= 0.15" : "", (r) => r.Server.TickMs),
    comparison.Row(`${title}: game thread busy per tick, ms`, "", (r) => r.Server.BusyMs),
    comparison.Row(`${title}: game thread CPU per tick, ms`, "", (r) => r.Server.ThreadMs),
    comparison.Row(`${title}: process CPU, s`, small ? "<= 1.1" : "", (r) => r.Server.CpuSeconds),
    comparison.Row(`${title}: answers delivered, %`, "all", (r) => {
      return (100 * r.Load.Answered) / r.Load.Sent;
    }),
    comparison.Row(`${title}: round trip p50, ms`, "", (r) => r.Load.RoundTripP50Ms),
    comparison.Row(`${title}: round trip p99, ms`, "", (r) => r.Load.RoundTripP99Ms),
    comparison.Row(`${title}: peak memory, MiB`, small ? "<= 1.5" : "", (r) => r.Server.PeakMiB),
  ];
}

/** A tick of a server node whose peers are all silent, beside nothing but a poll of each. */
async function idle(rounds: number, seconds: number): Promise<Row[]> {
  const clients = 1_000;
  const title = `${clients} silent clients at 60 Hz`;
  process.stderr.write(`${title}\n`);
  const comparison = new Comparison<GameResult>();
  await comparison.Run(rounds, "Polls", (which) => {
    const Server = `Game${which}.js`;
    return RunGame({ Server, Clients: clients, Rate: 60, Seconds: seconds, Silent: true });
  });
  return [
    comparison.Row(`${title}: tick, ms`, "", (r) => r.Server.TickMs),
    comparison.Row(`${title}: game thread busy per tick, ms`, "", (r) => r.Server.BusyMs),
    comparison.Row(`${title}: game thread CPU per tick, ms`, "", (r) => r.Server.ThreadMs),
    comparison.Row(`${title}: process CPU, s`, "", (r) => r.Server.CpuSeconds),
  ];
}

async function line(rounds: number, over: "tcp" | "tls"): Promise<Row[]> {
  const title = over === "tls" ? "one TLS connection" : "one connection";
  const target = over === "tls" ? ">= 0.9" : ">= 1.0";
  process.stderr.write(`${title}\n`);
  const comparison = new Comparison<LineReport>();
  await comparison.Run(rounds, "Net", (which) => RunLine(`Line${which}.js`, over));
  return [
    comparison.Row(`${title}: receive, MB/s`, target, (r) => r.ReceiveMBps),
    comparison.Row(`${title}: send, MB/s`, target, (r) => r.SendMBps),
    comparison.Row(`${title}: 64-byte round trip, us`, "", (r) => r.RoundTripUs),
  ];
}

/** Requests with a connection each, and over kept ones: the toolkit's pool, or ten by hand. */
async function pool(rounds: number, over: "tcp" | "tls"): Promise<Row[]> {
  const title = over === "tls" ? "requests per second over TLS" : "requests per second";
  process.stderr.write(`${title}\n`);
  const comparison = new Comparison<PoolRate>();
  await comparison.Run(rounds, "Net", (which) => {
    return RunPool(which === "Moonwire" ? "Moonwire" : "Net", over);
  });
  return [
    comparison.Row(`${title}, a connection each`, "", (r) => r.EachPerSecond),
    comparison.Row(`${title}, a pool of 10`, "", (r) => r.KeptPerSecond),
  ];
}

/** Packets through GridMate's driver, beside the same frames on the streams that it stands on. */
async function driver(rounds: number, seconds: number): Promise<Row[]> {
  const rows: Row[] = [];
  const certificate = MakeBenchCertificate();
  for (const [kind, Certificate] of [
    ["driver", null],
    ["secure driver", certificate],
  ] as const) {
    for (const PacketBytes of [64, 1_000]) {
      const title = `${kind}, ${PacketBytes}-byte packets`;
      process.stderr.write(`${title}\n`);
      const comparison = new Comparison<PacketRate>();
      // Many short rounds, because the two take turns on whatever else the machine does.
      await comparison.Run(rounds * 3, "Streams", (which) => {
        const WithDriver = which === "Moonwire";
        return RunPackets({ WithDriver, Certificate, PacketBytes, Seconds: seconds / 8 });
      });
      rows.push(
        comparison.Row(`${title} per second`, "", (r) => r.PacketsPerSecond),
        comparison.Row(`${title}: game thread CPU, us each`, "", (r) => r.ThreadUs),
      );
    }
  }
  return rows;
}

function table(rows: readonly Row[], other: Contender): string {
  const cells = rows.map((row) => [
    row.Name,
    row.Other.toFixed(row.Other < 1 ? 3 : 2),
    row.Moonwire.toFixed(row.Moonwire < 1 ? 3 : 2),
    row.Ratio.toFixed(2),
    row.Target,
  ]);
  const all = [["", titles[other], titles.Moonwire, "ratio", "target"], ...cells];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((r) => r[i]?.length ?? 0))) ?? [];
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return all.map((r) => r.map(pad).join("  ").trimEnd()).join("\n");
}

if (values.help) {
  process.stdout.write(`${help}\n`);
} else {
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const wanted = (name: string): boolean => values.only === "" || values.only === name;
  const rows = [
    ...(wanted("game") ? await game(500, 60, rounds, seconds) : []),
    ...(wanted("crowd") ? await game(4_000, 20, 1, seconds) : []),
    ...(wanted("line") ? await line(rounds, "tcp") : []),
    ...(wanted("tls") ? await line(rounds, "tls") : []),
    ...(wanted("pool") ? await pool(rounds, "tcp") : []),
    ...(wanted("pool") ? await pool(rounds, "tls") : []),
  ];
  const idleRows = wanted("idle") ? await idle(rounds, seconds) : [];
  const driverRows = wanted("driver") ? await driver(rounds, seconds) : [];
  if (rows.length > 0) process.stdout.write(`\n${table(rows, "Net")}\n`);
  if (idleRows.length > 0) process.stdout.write(`\n${table(idleRows, "Polls")}\n`);
  if (driverRows.length > 0) process.stdout.write(`\n${table(driverRows, "Streams")}\n`);
  await mkdir("artifacts", { recursive: true });
  const figures = { BesideNodeNet: rows, BesideBarePolls: idleRows, BesideStreams: driverRows };
  await writeFile("artifacts/bench.json", `${JSON.stringify(figures, null, 2)}\n`);
}
