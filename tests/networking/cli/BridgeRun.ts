/** A bridge that runs as a command: its log, and the ports that it says it has. */
import { WaitFor } from "../../Support/WaitFor.ts";
import { Run } from "./Run.ts";

type LogLine = Record<string, unknown>;

export class BridgeRun {
  readonly Run: Run;

  private constructor(run: Run) {
    this.Run = run;
  }

  static Start(...args: string[]): BridgeRun {
    return new BridgeRun(Run.Moonwire("bridge", ...args));
  }

  /** With at most so many open files and sockets. */
  static StartWithDescriptors(most: number, args: string): BridgeRun {
    return new BridgeRun(Run.Shell(`ulimit -n ${most}; exec "$0" "$1" bridge ${args}`));
  }

  /** Its log lines with this message. */
  Lines(message: string): LogLine[] {
    const lines = this.Run.Out.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line) as LogLine).filter(({ msg }) => msg === message);
  }

  async WaitLine(message: string): Promise<LogLine> {
    await WaitFor(
      () => this.Lines(message).length > 0 || this.Run.Code !== null,
      `"${message}" from a bridge that said: ${this.Run.Out}${this.Run.Err}`,
    );
    const [line] = this.Lines(message);
    if (line === undefined) throw new Error(`The bridge ended: ${this.Run.Err}`);
    return line;
  }

  async Port(name: "port" | "metricsPort" = "port"): Promise<number> {
    return Number((await this.WaitLine("bridge listens"))[name]);
  }
}
