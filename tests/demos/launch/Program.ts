/** A compiled demo program as a child of a test. Needs `npm run build:lib`. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { vi } from "vitest";

const ceilingMs = 12_000;
const running = new Set<ChildProcess>();

export class Program {
  readonly Process: ChildProcess;
  /** Everything that it printed, both streams. */
  Output = "";
  readonly #exit: Promise<unknown[]>;

  /** @param path below `dist/`. */
  constructor(path: string, args: readonly string[] = []) {
    const file = `dist/${path}`;
    if (!existsSync(file)) throw new Error(`${file} is missing; run: npm run build:lib`);
    this.Process = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const append = (chunk: Buffer): void => {
      this.Output += chunk.toString();
    };
    this.Process.stdout?.on("data", append);
    this.Process.stderr?.on("data", append);
    this.#exit = once(this.Process, "exit");
    running.add(this.Process);
    this.Process.once("exit", () => running.delete(this.Process));
  }

  /** Waits for a line and gives its first group. */
  async Says(pattern: RegExp): Promise<string> {
    const check = (): string => {
      const match = pattern.exec(this.Output);
      if (match === null) throw new Error(`${String(pattern)} is not in: ${this.Output}`);
      return match[1] ?? match[0];
    };
    return await vi.waitFor(check, { timeout: ceilingMs, interval: 20 });
  }

  /** @returns the exit code, or null when a signal killed it. */
  async Exit(signal?: NodeJS.Signals): Promise<unknown> {
    if (signal !== undefined) this.Process.kill(signal);
    const [code] = await this.#exit;
    return code;
  }
}

/** For `afterEach`: leaves nothing behind when a test failed. */
export function KillPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}
