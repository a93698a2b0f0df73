/**
 * What `npm start` and `npm run dev` share: flags, free ports, all servers, and an orderly end on
 * Ctrl-C, SIGTERM, npm's end, or when a server cannot be kept alive. Nothing is left behind.
 */
import { once } from "node:events";
import { Command } from "commander";
import { EndWithNpm } from "./EndWithNpm.ts";
import { ParsePort } from "./Flags.ts";
import { Ports } from "./Ports.ts";
import { MakeSelfSigned } from "./SelfSigned.ts";
import { Servers } from "./Servers.ts";
import type { ServerPorts } from "./Servers.ts";

const defaultPort = 7420;
const defaultArenaPort = 7350;
const defaultEchoPort = 7351;

export interface OpenPages {
  /** Where a browser finds them. */
  readonly Url: string;
  readonly Close: () => Promise<void>;
}

export interface LaunchPlan {
  readonly Name: string;
  readonly Description: string;
  /** The folder with the built pages; null when `Open` serves them. */
  readonly Pages: URL | null;
  /** Runs when the servers answer. */
  readonly Open: (servers: Servers) => Promise<OpenPages>;
}

interface Flags {
  readonly port?: number;
  readonly arenaPort?: number;
  readonly bots: boolean;
  readonly tls?: true;
}

/** Runs until the end is asked for. @returns the exit code. */
export async function Launch(plan: LaunchPlan): Promise<number> {
  const flags = readFlags(plan);
  const ports = choosePorts(flags);
  if (ports === null) return 1;

  const end = new AbortController();
  const ended = once(end.signal, "abort");
  process.on("SIGINT", () => end.abort(0));
  process.on("SIGTERM", () => end.abort(0));
  EndWithNpm(() => end.abort(0));
  const tls = flags.tls === true ? await MakeSelfSigned() : null;
  const servers = new Servers({
    ...ports,
    Bots: flags.bots,
    Tls: tls,
    Pages: plan.Pages,
    OnGivenUp: () => end.abort(1),
  });
  const arena = `127.0.0.1:${ports.ArenaPort}${tls === null ? "" : ", TLS, self-signed"}`;
  const opened = open(plan, servers, arena, end.signal).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    end.abort(1);
    return null;
  });
  await ended;
  await servers.Stop();
  const pages = await opened;
  await pages?.Close();
  await tls?.Remove();
  return Number(end.signal.reason);
}

/** @returns null when the end came first. */
async function open(
  plan: LaunchPlan,
  servers: Servers,
  arena: string,
  ending: AbortSignal,
): Promise<OpenPages | null> {
  const isReady = await servers.WaitReady(ending);
  if (ending.aborted) return null;
  if (!isReady) throw new Error("The bridge does not answer.");
  const pages = await plan.Open(servers);
  console.info(`
  Moonwire demos

    Pages        ${pages.Url}
    Arena (TCP)  ${arena}
    Stop         Ctrl-C
`);
  return pages;
}

/** @returns null when a port cannot be had; a sentence was printed. */
function choosePorts({ port, arenaPort }: Flags): ServerPorts | null {
  const ports = new Ports();
  const bridge = ports.Choose("bridge", port ?? defaultPort, port !== undefined);
  if (bridge === null) return null;
  const arena = ports.Choose("arena", arenaPort ?? defaultArenaPort, arenaPort !== undefined);
  if (arena === null) return null;
  const echo = ports.Choose("echo server", defaultEchoPort, false);
  return echo === null ? null : { BridgePort: bridge, ArenaPort: arena, EchoPort: echo };
}

function readFlags(plan: LaunchPlan): Flags {
  return new Command(plan.Name)
    .description(plan.Description)
    .option("--port <port>", `port of the bridge (default: ${defaultPort})`, ParsePort)
    .option("--arena-port <port>", `port of the arena (default: ${defaultArenaPort})`, ParsePort)
    .option("--tls", "the arena speaks TLS, with a certificate made at start")
    .option("--no-bots", "leave the arena to people")
    .parse()
    .opts<Flags>();
}
