/**
 * `npm run bench:bridge`: Moonwire's bridge beside Debian's websockify and wisp-js, in one run,
 * each with its own client and the same target. Rows run over the contenders in turn, several
 * rounds, and medians are shown.
 */
import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Next, Start } from "../Game.ts";
import type { Contender } from "./Client.ts";
import { StartMoonwire, StartWebsockify, StartWispJs } from "./Contenders.ts";
import type { Row } from "./Rows.ts";
import { Rows } from "./Rows.ts";

const help = `Usage: npm run bench:bridge -- [options]

Compares bridges on this machine: moonwire, wisp-js, websockify.

  --rounds N     rounds of each row, medians are shown (default 3)
  --only TEXT    rows with this text in their name
  --help         this text

Figures are also written to artifacts/bench-bridge.json.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

/** A contender whose client waits for ever has no figure. */
const rowDeadlineMs = 180_000;

async function figureOf(row: Row, bridge: Contender, far: ChildProcess): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(NaN), rowDeadlineMs);
  });
  try {
    return await Promise.race([row.Run(bridge, far), late]);
  } finally {
    clearTimeout(timer);
  }
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

async function measure(row: Row, rounds: number): Promise<Record<string, number>> {
  const figures = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${row.Name}, round ${round + 1} of ${rounds}:`);
    for (const begin of [StartMoonwire, StartWispJs, StartWebsockify]) {
      const far = Start("bridge/Far.js");
      const { Port } = await Next(far, "listening");
      const bridge: Contender | null = await begin(Port);
      if (bridge !== null) {
        process.stderr.write(` ${bridge.Name}`);
        const figure = await figureOf(row, bridge, far);
        process.stderr.write(` ${figure.toFixed(1)}`);
        if (!Number.isNaN(figure)) {
          figures.set(bridge.Name, [...(figures.get(bridge.Name) ?? []), figure]);
        }
        await bridge.Stop();
      }
      far.removeAllListeners("exit");
      far.disconnect();
    }
    process.stderr.write("\n");
  }
  return Object.fromEntries([...figures].map(([name, all]) => [name, median(all)]));
}

/** Moonwire's place as a ratio to the best of the others; above 0.95 is first or beside it. */
function standing(row: Row, figures: Record<string, number>): string {
  const { moonwire = NaN, ...others } = figures;
  const rest = Object.values(others);
  if (rest.length === 0) return "";
  const best = row.Better === "more" ? Math.max(...rest) : Math.min(...rest);
  const ratio = row.Better === "more" ? moonwire / best : best / moonwire;
  return ratio.toFixed(2);
}

function print(lines: readonly (readonly string[])[]): void {
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((l) => l[i]?.length ?? 0))) ?? [];
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    process.stdout.write(`${cells.join("  ")}\n`);
  }
}

if (values.help) process.stdout.write(`${help}\n`);
else {
  const rounds = Number(values.rounds);
  const names = ["moonwire", "wisp-js", "websockify"];
  const table: string[][] = [["", ...names, "of the best other"]];
  const results = [];
  for (const row of Rows.filter(({ Name }) => Name.includes(values.only))) {
    const figures = await measure(row, rounds);
    const cells = names.map((name) => figures[name]?.toFixed(1) ?? "not here");
    table.push([row.Name, ...cells, standing(row, figures)]);
    results.push({ Name: row.Name, ...figures });
  }
  print(table);
  await mkdir("artifacts", { recursive: true });
  await writeFile("artifacts/bench-bridge.json", `${JSON.stringify(results, null, 2)}\n`);
  process.exit(0);
}
