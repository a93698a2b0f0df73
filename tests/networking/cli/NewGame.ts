/**
 * A game that `moonwire new` made, from the package as npm packs it: an installation in a folder of
 * its own, in which this repository's dependencies stand in for the downloaded ones.
 */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { vi } from "vitest";

/** `npm start` builds the page first. */
const ceilingMs = 40_000;

export class NewGame {
  /** The game's own folder. */
  readonly Folder: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.Folder = join(root, "my-game");
  }

  static async Make(): Promise<NewGame> {
    const root = await mkdtemp(join(tmpdir(), "moonwire-new-"));
    const modules = join(root, "node_modules");
    await mkdir(join(modules, "moonwire"), { recursive: true });
    const names = (await readdir("node_modules")).filter((name) => !/^\.(?!bin$)/.test(name));
    await Promise.all(
      names.map((name) => symlink(resolve("node_modules", name), join(modules, name))),
    );
    const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", root];
    const tarball = execFileSync("npm", pack, { encoding: "utf8", stdio: "pipe" }).trim();
    const unpack = ["-xzf", join(root, tarball), "-C", join(modules, "moonwire")];
    execFileSync("tar", [...unpack, "--strip-components=1"]);
    const main = join(modules, "moonwire/dist/networking/cli/Main.js");
    execFileSync(process.execPath, [main, "new", "my-game"], { cwd: root });
    return new NewGame(root);
  }

  /** Runs a script of its package.json to the end; throws with what it said when it fails. */
  Npm(...args: string[]): string {
    return execFileSync("npm", args, { cwd: this.Folder, encoding: "utf8", stdio: "pipe" });
  }

  Remove(): Promise<void> {
    return rm(this.#root, { recursive: true });
  }
}

/** The game's server, started in a process group of its own, as a terminal does. */
export class RunningGame {
  Out = "";
  Code: number | null = null;
  readonly #child: ChildProcess;

  constructor(game: NewGame, command: string, ...args: string[]) {
    const env = { ...process.env, PORT: "0", GAME_PORT: "0" };
    this.#child = spawn(command, args, { cwd: game.Folder, env, detached: true });
    this.#child.stdout?.on("data", (bytes: Buffer) => (this.Out += bytes.toString()));
    this.#child.stderr?.on("data", (bytes: Buffer) => (this.Out += bytes.toString()));
    // When the last that has its output is gone, and not before.
    this.#child.on("close", (code) => (this.Code = code ?? -1));
  }

  /** @returns what stands behind `word` in its output, once it is there. */
  async Says(word: string): Promise<string> {
    const line = new RegExp(`^${word} +(\\S+)$`, "m");
    await this.#until(() => line.test(this.Out) || this.Code !== null, `to say ${word}`);
    return line.exec(this.Out)?.[1] ?? "";
  }

  /** Signals the process, or with `group` everything that it started, as Ctrl-C does. */
  async End(signal: NodeJS.Signals, group = false): Promise<void> {
    const { pid } = this.#child;
    if (this.Code === null && pid !== undefined) process.kill(group ? -pid : pid, signal);
    await this.#until(() => this.Code !== null, "to end");
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const look = (): void => {
      if (!holds()) throw new Error(`The game did not come ${what}. It said: ${this.Out}`);
    };
    await vi.waitFor(look, { timeout: ceilingMs });
  }
}
