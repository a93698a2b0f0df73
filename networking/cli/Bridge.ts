/**
 * `moonwire bridge`: runs a bridge until SIGTERM or SIGINT. Bad arguments exit with 2 and a port
 * that cannot be had with 1, each with one sentence on stderr; an orderly end exits with 0.
 */
import { Command, InvalidArgumentError } from "commander";
import type { BridgeServerOptions } from "../bridge/BridgeOptions.ts";
import { BridgeServer } from "../bridge/BridgeServer.ts";

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly allow: readonly string[];
  readonly target: readonly string[];
  readonly origin: readonly string[];
  readonly listenPorts?: string;
  readonly listenHost: string;
  readonly dev: boolean;
  readonly static?: string;
}

/** A bridge whose pages do not answer is cut off after this; targets get theirs meanwhile. */
const graceMs = 2_000;

const examples = `
Examples:
  moonwire bridge --dev --static dist/pages
      pages, clients and targets on this machine only, for development
  moonwire bridge --origin https://game.example.com --target arena=10.0.0.5:7350
      pages of one site may connect to one server, which they know as "arena"
  moonwire bridge --origin https://game.example.com --allow "*.example.com:7000-7099"
      any public address behind these names, on these ports

Without --allow, --target or --dev no page can connect anywhere.`;

export function BridgeCommand(): Command {
  return new Command("bridge")
    .description("give browser pages TCP, over one WebSocket per page at /bridge/")
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--port <number>", "0 lets the system choose", parsePort, 7420)
    .option(
      "--allow <rule>",
      "host:port[-port]; host is a name, *.name, an address, a/network",
      more,
      [],
    )
    .option("--target <name=host:port>", "a destination that pages know by name", more, [])
    .option("--origin <url>", "pages that may use the bridge", more, [])
    .option("--listen-ports <first-last>", "ports that pages may listen at")
    .option("--listen-host <address>", "where those are bound; * for all", "127.0.0.1")
    .option("--dev", "loopback clients, pages and targets, on any port", false)
    .option("--static <folder>", "serve the pages in this folder")
    .addHelpText("after", examples)
    .action(run);
}

async function run(flags: Flags, command: Command): Promise<void> {
  const server = newServer(flags, command);
  try {
    await server.Start();
  } catch (error) {
    process.stderr.write(`${startFailure(error, flags)}\n`);
    process.exitCode = 1;
    return;
  }
  let stopping = false;
  const stop = (): void => {
    // A second signal means now.
    if (stopping) process.exit(1);
    stopping = true;
    void server.Stop(graceMs);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function newServer(flags: Flags, command: Command): BridgeServer {
  const options: BridgeServerOptions = {
    Host: flags.host,
    Port: flags.port,
    Allow: flags.allow,
    Targets: flags.target,
    Origins: flags.origin,
    ListenHost: flags.listenHost,
    Dev: flags.dev,
    ...(flags.listenPorts === undefined ? {} : { ListenPorts: flags.listenPorts }),
    ...(flags.static === undefined ? {} : { Static: flags.static }),
  };
  try {
    return new BridgeServer(options);
  } catch (error) {
    if (error instanceof TypeError) command.error(error.message, { exitCode: 2 });
    throw error;
  }
}

function startFailure(error: unknown, { host, port }: Flags): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `Port ${port} of ${host} is in use; choose another with --port.`;
  if (code === "EADDRNOTAVAIL") return `The address ${host} does not belong to this machine.`;
  if (code === "EACCES") return `The system does not permit listening at port ${port}.`;
  return `The bridge cannot listen at ${host}, port ${port}: ${String(error)}`;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  }
  return port;
}

function more(text: string, list: readonly string[]): readonly string[] {
  return [...list, text];
}
