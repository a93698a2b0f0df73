/**
 * One program that the launcher keeps running. Its output is shown with its name in front; when
 * it dies by itself that is said in one line and it starts again, at most `maxRestarts` times in
 * a minute.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const maxRestarts = 5;
const restartWindowMs = 60_000;
const restartPauseMs = 500;
/** From SIGTERM to SIGKILL. */
const graceMs = 1_500;

const endWithParent = new URL("./EndWithParent.js", import.meta.url).href;

export interface ChildOptions {
  readonly Name: string;
  /** The compiled program. */
  readonly Program: URL;
  readonly Args: readonly string[];
  /** Takes a line of its output; null keeps it quiet. Errors are always shown. */
  readonly OnLine: ((line: string) => void) | null;
  /** It died too often and stays away. */
  readonly OnGivenUp: () => void;
}

export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | null = null;
  #restart: NodeJS.Timeout | null = null;
  #stopping = false;
  #deathsMs: number[] = [];

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#start();
  }

  /** Ends it in order, or by force when it takes too long. Resolves when it is gone. */
  async Stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#process;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
    child.kill("SIGTERM");
    await gone;
    clearTimeout(force);
  }

  #start(): void {
    const { Name, Program, Args, OnLine } = this.#options;
    const child = fork(fileURLToPath(Program), Args, {
      execArgv: ["--import", endWithParent],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#process = child;
    readLines(child.stdout, OnLine ?? (() => undefined));
    readLines(child.stderr, (line) => console.error(`${Name}: ${line}`));
    // A program that could not be started at all: "exit" does not come then.
    child.once("error", (error) => this.#onGone(error.message));
    child.once("exit", (code, signal) => this.#onGone(signal ?? `exit code ${code ?? 0}`));
  }

  #onGone(how: string): void {
    if (this.#process === null) return;
    this.#process = null;
    if (this.#stopping) return;
    const now = Date.now();
    this.#deathsMs = [...this.#deathsMs.filter((at) => now - at < restartWindowMs), now];
    const { Name, OnGivenUp } = this.#options;
    if (this.#deathsMs.length > maxRestarts) {
      console.error(`${Name} died ${this.#deathsMs.length} times within a minute (${how}).`);
      OnGivenUp();
      return;
    }
    console.error(`${Name} died (${how}) and is started again.`);
    this.#restart = setTimeout(() => this.#start(), restartPauseMs);
  }
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on("line", onLine);
}
