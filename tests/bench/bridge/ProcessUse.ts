/** Memory and CPU of a process with its children, as Linux counts them in /proc. */
import { readdirSync, readFileSync } from "node:fs";

const clockTicksPerSecond = 100;

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // ended meanwhile
  }
}

function fields(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function family(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(fields(Number(name))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Proportional set size: pages that children share with their parent count once. */
export function MemoryMiB(pid: number): number {
  const kib = family(pid).map((member) => {
    const match = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${member}/smaps_rollup`));
    return Number(match?.[1] ?? 0);
  });
  return kib.reduce((a, b) => a + b, 0) / 1_024;
}

/** Seconds of CPU so far; what ended children used counts once their parent has noticed. */
export function CpuSeconds(pid: number): number {
  const ticks = family(pid).flatMap((member) => fields(member).slice(11, 15).map(Number));
  return ticks.reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0) / clockTicksPerSecond;
}
