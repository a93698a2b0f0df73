/**
 * A GDScript program in a Godot of its own. It tells what it sees as JSON lines, one key each, on
 * its standard output; `Cue` lets it go on where it waits for the test to have done something.
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PlainServer } from "../Support/PlainPeer.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { GodotPath } from "./Godot.ts";

const folder = fileURLToPath(new URL("./scripts/", import.meta.url));
/** Godot leaves a log in the folder that it runs in. */
const workplace = "artifacts/godot";

/** What a program is told as `--Name=value`. */
export interface GodotOptions {
  /** The function of the script to call. */
  readonly Play: string;
  /** Where it connects, or listens. */
  readonly Port: number;
  readonly Role: "client" | "server";
}

export class GodotProgram {
  readonly #child: ChildProcess;
  readonly #cues: PlainServer;
  readonly #name: string;
  #output = "";
  #errors = "";
  #ended = false;

  /** @param cues a server of this program alone; it connects there before anything else. */
  constructor(script: string, options: GodotOptions, cues: PlainServer) {
    const { Play, Port, Role } = options;
    this.#name = `${script}.gd ${Play}`;
    this.#cues = cues;
    const args = ["--no-window", "-s", `${folder}${script}.gd`];
    args.push(`--play=${Play}`, `--port=${Port}`, `--role=${Role}`, `--cues=${cues.Port}`);
    mkdirSync(workplace, { recursive: true });
    this.#child = spawn(GodotPath(), args, {
      cwd: workplace,
      // Without a language Godot complains of the locale "C".
      env: { ...process.env, LANG: "en_US.UTF-8" },
    });
    this.#child.stdout?.on("data", (text: Buffer) => (this.#output += text.toString()));
    this.#child.stderr?.on("data", (text: Buffer) => (this.#errors += text.toString()));
    this.#child.on("close", () => (this.#ended = true));
  }

  HasSaid(key: string): boolean {
    return this.#find(key) !== null;
  }

  /** Waits until it said this, and gives the value. */
  async Said<T>(key: string): Promise<T> {
    await WaitFor(() => this.HasSaid(key) || this.#ended, `"${key}" from ${this.#name}`);
    const line = this.#find(key);
    if (line === null) throw new Error(`${this.#name} ended without "${key}": ${this.#all()}`);
    return (JSON.parse(line) as Record<string, T>)[key] as T;
  }

  /** Lets it go on. */
  async Cue(): Promise<void> {
    (await this.#cues.Peer()).Send("!");
  }

  /** Waits until it ended, without any error of the script itself. */
  async Exit(): Promise<void> {
    await WaitFor(() => this.#ended, `the end of ${this.#name}, which said: ${this.#output}`);
    const failed = this.#child.exitCode !== 0 || this.#errors.includes("SCRIPT ERROR");
    if (failed) throw new Error(`${this.#name} failed: ${this.#all()}`);
  }

  /** Ends it now, if it has not ended. */
  async Kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await WaitFor(() => this.#ended, `the end of ${this.#name} after it was killed`);
  }

  #find(key: string): string | null {
    const start = `{${JSON.stringify(key)}:`;
    // The last part may be a line that is still being printed.
    const lines = this.#output.split("\n").slice(0, -1);
    return lines.find((line) => line.startsWith(start)) ?? null;
  }

  #all(): string {
    return `${this.#output}${this.#errors}`;
  }
}
