/**
 * What `npm start` and `npm run dev` share: flags, free ports, all servers, and an orderly end on
 * Ctrl-C, SIGTERM, or when a server cannot be kept alive. Nothing is left behind.
 */
import { once } from "node:events";
import { Command } from "commander";
import { ParsePort } from "./Flags.ts";
import { Ports } from "./Ports.ts";
import { Servers } from "./Servers.ts";

const defaultPort = 7420;
const defaultArenaPort = 7350;
const defaultEchoPort = 7351;

export interface LaunchPlan {
  readonly Name: string;
  readonly Description: string;
  /** The folder with the built pages; null when `Open` serves them. */
  readonly Pages: URL | null;
  /**
   * Runs when the servers answer.
   * @returns where the pages are, and what else has to be closed at the end.
   */
  readonly Open: (servers: Servers) => Promise<{ Url: string; Close: () => Promise<void> }>;
}

interface Flags {
  readonly port?: number;
  readonly arenaPort?: number;
  readonly bots: boolean;
}

/** Runs until the end is asked for. @returns the exit code. */
export async function Launch(plan: LaunchPlan): Promise<number> {
  const flags = readFlags(plan);
  const ports = new Ports();
  const bridgePort = ports.Choose("bridge", flags.port ?? defaultPort, flags.port !== undefined);
  const arenaPort = ports.Choose(
    "arena",
    flags.arenaPort ?? defaultArenaPort,
    flags.arenaPort !== undefined,
  );
  const echoPort = ports.Choose("echo server", defaultEchoPort, false);
  if (bridgePort === null || arenaPort === null || echoPort === null) return 1;

  const end = new AbortController();
  const ended = once(end.signal, "abort");
  process.on("SIGINT", () => end.abort(0));
  process.on("SIGTERM", () => end.abort(0));
  const servers = new Servers({
    BridgePort: bridgePort,
    ArenaPort: arenaPort,
    EchoPort: echoPort,
    Bots: flags.bots,
    Pages: plan.Pages,
    OnGivenUp: () => end.abort(1),
  });
  const opened = run(plan, servers, arenaPort).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    end.abort(1);
  });
  await ended;
  await servers.Stop();
  await (
    await opened
  )?.();
  return Number(end.signal.reason);
}

/** @returns what closes the pages again. */
async function run(
  plan: LaunchPlan,
  servers: Servers,
  arenaPort: number,
): Promise<() => Promise<void>> {
  if (!(await servers.WaitReady())) throw new Error("The bridge does not answer.");
  const { Url, Close } = await plan.Open(servers);
  console.info(`
  Moonwire demos

    Pages        ${Url}
    Arena (TCP)  127.0.0.1:${arenaPort}
    Stop         Ctrl-C
`);
  return Close;
}

function readFlags(plan: LaunchPlan): Flags {
  return new Command(plan.Name)
    .description(plan.Description)
    .option("--port <port>", `port of the bridge (default: ${defaultPort})`, ParsePort)
    .option("--arena-port <port>", `port of the arena (default: ${defaultArenaPort})`, ParsePort)
    .option("--no-bots", "leave the arena to people")
    .parse()
    .opts<Flags>();
}
