/**
 * Runs the soak: a server and clients in processes of their own, which work for a while, rest until
 * nothing is under way, and say what they hold. One process of clients is killed all the time.
 */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { Order, Ports, Sample } from "./Messages.ts";

const clientProcesses = 2;
const clientsEach = 25;
const victims = 10;
const killEveryMs = 4_000;
/** Longer than any story, a linger and a lookup take together. */
const restCeilingMs = 60_000;

/** What the processes that stay held and counted at one rest. */
export interface Round {
  readonly Seconds: number;
  readonly Server: Sample;
  readonly Clients: readonly Sample[];
}

export class Soak {
  readonly #seed: number;
  readonly #server: ChildProcess;
  readonly #clients: readonly ChildProcess[];
  readonly #ports: Ports;
  readonly #closedPort: number;
  readonly #start = performance.now();
  #victim: ChildProcess | null = null;
  #killed = 0;

  private constructor(seed: number, server: ChildProcess, ports: Ports, closedPort: number) {
    this.#seed = seed;
    this.#server = server;
    this.#ports = ports;
    this.#closedPort = closedPort;
    this.#clients = Array.from({ length: clientProcesses }, (_, i) =>
      this.#startClients(seed + i, clientsEach),
    );
  }

  static async Start(seed: number): Promise<Soak> {
    const server = start("SoakServer.ts");
    return new Soak(seed, server, await next<Ports>(server, "ports"), await closedPort());
  }

  /** Processes of clients that were killed so far. */
  get Killed(): number {
    return this.#killed;
  }

  /** Lets everybody work, and kills clients meanwhile. */
  async Work(ms: number): Promise<void> {
    for (const client of this.#clients) order(client, "work");
    for (const end = performance.now() + ms; performance.now() < end;) {
      this.#victim = this.#startClients(this.#seed + 1_000 + this.#killed, victims);
      order(this.#victim, "work");
      await sleep(Math.min(killEveryMs, end - performance.now()));
      await this.#kill();
    }
  }

  /** Waits until nothing is under way and everything was given back. @returns what is left. */
  async Rest(before: Round | null): Promise<Round> {
    for (const client of this.#clients) order(client, "rest");
    const end = performance.now() + restCeilingMs;
    for (;;) {
      const [server, ...clients] = await Promise.all([this.#server, ...this.#clients].map(sample));
      const round: Round = { Seconds: this.#seconds(), Server: server!, Clients: clients };
      if (isAtRest(round, before)) return round;
      if (performance.now() > end) throw new Error(`No rest: ${JSON.stringify(round, null, 2)}`);
      await sleep(100);
    }
  }

  async End(): Promise<void> {
    await this.#kill();
    for (const child of [this.#server, ...this.#clients]) {
      if (!child.connected) continue;
      child.disconnect();
      await once(child, "exit");
    }
  }

  #startClients(seed: number, count: number): ChildProcess {
    const { Echo, Flaky } = this.#ports;
    return start("SoakClients.ts", seed, count, Echo, Flaky, this.#closedPort);
  }

  async #kill(): Promise<void> {
    const victim = this.#victim;
    this.#victim = null;
    if (victim === null) return;
    victim.kill("SIGKILL");
    await once(victim, "exit");
    this.#killed++;
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1_000;
  }
}

/** Nothing is under way, and no more is held than the time before. */
function isAtRest({ Server, Clients }: Round, before: Round | null): boolean {
  const isBack = (now: Sample, then: Sample | undefined): boolean =>
    now.Busy === 0 && (then === undefined || now.Held <= then.Held);
  // The second listener is there half of the time; at the first rest it may be missing.
  if (Server.Held !== 2) return false;
  if (before !== null && Server.Descriptors > before.Server.Descriptors) return false;
  return (
    isBack(Server, before?.Server) &&
    Clients.every((client, i) => client.Held === 0 && isBack(client, before?.Clients[i]))
  );
}

function start(file: string, ...args: readonly number[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return fork(path, args.map(String), {
    execArgv: ["--expose-gc", "--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function order(child: ChildProcess, what: Order): void {
  child.send(what);
}

/** The next message of a kind. A program that ends instead is an error. */
function next<T extends { readonly Kind: string }>(
  child: ChildProcess,
  kind: T["Kind"],
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown): void => {
      if ((message as T).Kind !== kind) return;
      settle();
      resolve(message as T);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      settle();
      reject(new Error(`A program of the soak ended with ${code ?? signal}.`));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    if (child.exitCode !== null) onExit(child.exitCode, null);
  });
}

function sample(child: ChildProcess): Promise<Sample> {
  const answer = next<Sample>(child, "sample");
  order(child, "sample");
  return answer;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
