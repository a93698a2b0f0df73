/** The compiled `moonwire` command in a process of its own, as a user runs it. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { afterEach } from "vitest";
import { WaitFor } from "../../Support/WaitFor.ts";

export const main = new URL("../../../dist/networking/cli/Main.js", import.meta.url).pathname;

export class Run {
  Out = "";
  Err = "";
  /** null while it runs, -1 when a signal ended it. */
  Code: number | null = null;
  readonly Child: ChildProcess;

  private constructor(command: string, args: readonly string[]) {
    this.Child = spawn(command, args);
    this.Child.stdout?.on("data", (bytes: Buffer) => (this.Out += bytes.toString()));
    this.Child.stderr?.on("data", (bytes: Buffer) => (this.Err += bytes.toString()));
    this.Child.on("close", (code) => (this.Code = code ?? -1));
    runs.push(this);
  }

  /** Runs `moonwire` with these arguments. It ends with the test. */
  static Moonwire(...args: string[]): Run {
    return new Run(process.execPath, [main, ...args]);
  }

  /** Runs a command line of the shell, in which `$0` is the program of Node and `$1` the command. */
  static Shell(line: string): Run {
    return new Run("sh", ["-c", line, process.execPath, main]);
  }

  Ended(): Promise<void> {
    return WaitFor(() => this.Code !== null, `the end of a command that said: ${this.Err}`);
  }

  /** The port that a server command says it listens at. */
  async Port(): Promise<number> {
    const listening = /listen.*?(\d+)\D*\n/;
    await WaitFor(() => listening.test(this.Out) || this.Code !== null, "a command to listen");
    const [, port] = listening.exec(this.Out) ?? [];
    if (port === undefined) throw new Error(`The command ended and said: ${this.Err}`);
    return Number(port);
  }

  /** What `--json` printed. */
  Events(): Record<string, unknown>[] {
    const lines = this.Out.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

const runs: Run[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.Child.kill("SIGKILL");
});

/** Runs it to its end. */
export async function Moonwire(...args: string[]): Promise<Run> {
  const run = Run.Moonwire(...args);
  await run.Ended();
  return run;
}
