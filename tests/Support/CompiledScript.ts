/** Runs a script in a process of its own, on the compiled package, as a user of it would. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { WaitFor } from "./WaitFor.ts";

const entry = new URL("../../dist/networking/index.js", import.meta.url).href;

export class CompiledScript {
  Output = "";
  /** null while it runs. */
  ExitCode: number | null = null;
  readonly #child: ChildProcess;

  /**
   * @param body module code; the package's networking entry is in scope as `net`, the port as
   *   `port`.
   * @param openFiles limit on descriptors, or 0 for the system's own.
   */
  constructor(body: string, port = 0, openFiles = 0) {
    const code = `import * as net from ${JSON.stringify(entry)};\nconst port = ${port};\n${body}`;
    const run = 'exec "$0" --input-type=module --eval "$1"';
    const limited = openFiles > 0 ? `ulimit -n ${openFiles}; ${run}` : run;
    this.#child = spawn("sh", ["-c", limited, process.execPath, code]);
    const onOutput = (text: Buffer): void => void (this.Output += text.toString());
    this.#child.stdout?.on("data", onOutput);
    this.#child.stderr?.on("data", onOutput);
    this.#child.on("close", (exitCode) => (this.ExitCode = exitCode ?? -1));
  }

  /** Waits until it printed a line `name=value`. */
  async Value(name: string): Promise<string> {
    const line = new RegExp(`^${name}=(.*)$`, "m");
    await WaitFor(() => line.test(this.Output) || this.ExitCode !== null, `${name}= of a script`);
    const found = line.exec(this.Output)?.[1];
    if (found === undefined) throw new Error(`The script ended without ${name}=: ${this.Output}`);
    return found;
  }

  Exit(): Promise<void> {
    return WaitFor(() => this.ExitCode !== null, `the end of a script that said: ${this.Output}`);
  }

  Kill(): void {
    this.#child.kill("SIGKILL");
  }
}
