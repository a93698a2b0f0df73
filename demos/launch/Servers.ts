/**
 * All processes behind the demos: arena, bots, echo server and bridge, as one thing to start and
 * stop.
 */
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Child } from "./Child.ts";
import type { SelfSigned } from "./SelfSigned.ts";

const host = "127.0.0.1";
/** For games that a page hosts. */
const listenPorts = "7400-7499";
const readyTimeoutMs = 10_000;
const readyPauseMs = 50;

export interface ServerPorts {
  readonly BridgePort: number;
  readonly ArenaPort: number;
  readonly EchoPort: number;
}

export interface ServerOptions extends ServerPorts {
  readonly Bots: boolean;
  /** The arena speaks TLS with it; null: plain TCP. */
  readonly Tls: SelfSigned | null;
  /** The folder with the built pages; null when something else serves them. */
  readonly Pages: URL | null;
  /** A process died too often. */
  readonly OnGivenUp: () => void;
}

export class Servers {
  readonly #children: Child[] = [];
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { ArenaPort, EchoPort, Bots, Tls } = options;
    const arenaTls =
      Tls === null ? [] : ["--tls-cert", Tls.CertificateFile, "--tls-key", Tls.KeyFile];
    const botsTls = Tls === null ? [] : ["--tls-ca", Tls.CertificateFile];
    this.#add("arena", "../arena/server.js", ["--port", `${ArenaPort}`, ...arenaTls], true);
    this.#add("echo", "../start/server.js", ["--port", `${EchoPort}`], false);
    this.#add("bridge", "../../networking/cli/Main.js", this.#bridgeArgs(), false);
    if (Bots) this.#add("bots", "../arena/bots.js", ["--port", `${ArenaPort}`, ...botsTls], false);
  }

  /** Where the bridge answers. */
  get BridgeUrl(): string {
    return `http://${host}:${this.#options.BridgePort}/`;
  }

  /**
   * Waits for the bridge to answer, at most ten seconds.
   * @param ending ends the wait, too.
   * @returns whether it answers.
   */
  async WaitReady(ending: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + readyTimeoutMs;
    while (Date.now() < deadline && !ending.aborted) {
      if (await answers(`${this.BridgeUrl}bridge/targets.json`)) return true;
      await pause(readyPauseMs);
    }
    return false;
  }

  /** Ends all of them, side by side. */
  async Stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.Stop()));
  }

  #bridgeArgs(): string[] {
    const { BridgePort, ArenaPort, EchoPort, Pages, Tls } = this.#options;
    // The name tells the page what is spoken there.
    const arena = Tls === null ? "arena" : "arena-tls";
    const args = ["bridge", "--dev", "--host", host, "--port", `${BridgePort}`];
    args.push("--listen-ports", listenPorts);
    args.push("--target", `${arena}=${host}:${ArenaPort}`, "--target", `echo=${host}:${EchoPort}`);
    if (Tls !== null) args.push("--target-ca", Tls.CertificateFile);
    if (Pages !== null) args.push("--static", fileURLToPath(Pages));
    return args;
  }

  #add(name: string, program: string, args: string[], isShown: boolean): void {
    const show = (line: string): void => console.info(line);
    this.#children.push(
      new Child({
        Name: name,
        Program: new URL(program, import.meta.url),
        Args: args,
        OnLine: isShown ? show : null,
        OnGivenUp: this.#options.OnGivenUp,
      }),
    );
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
