/**
 * `moonwire bridge`: runs a bridge until SIGTERM or SIGINT. Bad arguments exit with 2 and a port
 * that cannot be had with 1, each with one sentence on stderr; an orderly end exits with 0.
 *
 *     SIGTERM, SIGINT   not ready at once, pages are asked to go, ends with the last or in 25 s;
 *                       one that comes before it listens ends it before it does
 *     a second one      ends now, exit 1
 *     SIGHUP            reads certificate and key again; streams that stand keep theirs. Without a
 *                       certificate nothing happens, but with --dev it ends, as terminals want it
 */
import { Command, InvalidArgumentError } from "commander";
import type { Logger } from "pino";
import { pino } from "pino";
import { MakeBridgeLimits } from "../bridge/BridgeLimits.ts";
import { BridgeServer } from "../bridge/BridgeServer.ts";
import type { BridgeConfig } from "./BridgeConfig.ts";
import { DefaultConfig, OptionsOf, ReadCertificate, ReadConfig } from "./BridgeConfig.ts";
import { Signals } from "./EarlySignals.ts";

type Flags = Partial<BridgeConfig> & {
  readonly config?: string;
  readonly limit?: BridgeConfig["limits"];
  readonly printConfig?: true;
};

const examples = `
Examples:
  moonwire bridge --dev --static dist/pages
      pages, clients and targets on this machine only, for development
  moonwire bridge --origin https://game.example.com --target arena=10.0.0.5:7350
      pages of one site may connect to one server, which they know as "arena"
  moonwire bridge --origin https://game.example.com --allow "*.example.com:7000-7099"
      any public address behind these names, on these ports
  moonwire bridge --config bridge.json --ticket-key-file ticket.key --metrics-port 7421
      settings from a file, pages only with a ticket (moonwire ticket), numbers for Prometheus
  moonwire bridge --config bridge.json --print-config
      what the file and the flags make together, with every limit; runs nothing

Without --allow, --target or --dev no page can connect anywhere. --allow, --target, --origin,
--trusted-proxy and --limit may be given many times. Flags win over the file; a list given by flags
replaces the file's.`;

export function BridgeCommand(): Command {
  const { host, port, listenHost } = DefaultConfig;
  return new Command("bridge")
    .description("give browser pages TCP, over one WebSocket per page at /bridge/")
    .option("--config <file>", "settings as JSON, named as the flags in camelCase")
    .option("--host <address>", "where to listen", host)
    .option("--port <number>", "0 lets the system choose", parsePort, port)
    .option("--allow <rule>", "host:port[-port]; host: name, *.name, address, a/network", more)
    .option("--target <name=host:port>", "a destination that pages know by name", more)
    .option("--origin <url>", "pages that may use the bridge", more)
    .option("--ticket-key-file <file>", "signs tickets; with it nobody enters without one")
    .option("--trusted-proxy <network>", "proxies whose X-Forwarded-For counts", more)
    .option("--listen-ports <first-last>", "ports that pages may listen at")
    .option("--listen-host <address>", "where those are bound; * for all", listenHost)
    .option("--tls-cert <file>", "serve wss and https: the certificate with its chain, PEM")
    .option("--tls-key <file>", "its key, PEM; both are read again on SIGHUP")
    .option("--target-ca <file>", "trust these authorities too in TLS to targets, PEM")
    .option("--static <folder>", "serve the pages in this folder")
    .option("--metrics-port <number>", "127.0.0.1: /healthz, /readyz, /metrics", parsePort)
    .option("--limit <name=number>", "another number than the default", parseLimit)
    .option("--dev", "loopback clients, pages and targets, on any port")
    .option("--print-config", "print all settings as JSON and end")
    .addHelpText("after", examples)
    .action(run);
}

/** Mistakes in the settings throw TypeError, which the command's Main tells. */
async function run(flags: Flags, command: Command): Promise<void> {
  const config = configOf(flags, command);
  if (flags.printConfig === true) {
    const shown = { ...config, limits: MakeBridgeLimits(config.limits) };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  const log = pino({ name: "moonwire-bridge" });
  const server = new BridgeServer({ ...OptionsOf(config), Logger: log });
  if (Signals.IsEnding()) {
    log.info("told to end before it listened");
    return;
  }
  try {
    await server.Start();
  } catch (error) {
    process.stderr.write(`${startFailure(error, config)}\n`);
    process.exitCode = 1;
    return;
  }
  obeySignals(server, config, log);
}

function obeySignals(server: BridgeServer, config: BridgeConfig, log: Logger): void {
  const stop = (): void => {
    // Who develops does not want to wait for an open page.
    void server.Drain(config.dev ? (config.limits.shutdownDrainMs ?? 0) : undefined);
  };
  // Unheard it ends a process: a service's reload must not, with a certificate or without.
  const isService = config.tlsCert !== null || !config.dev;
  Signals.Obey(stop, isService ? () => reload(server, config, log) : null);
}

/** New files that cannot be used are a line in the log; the old certificate goes on. */
function reload(server: BridgeServer, config: BridgeConfig, log: Logger): void {
  try {
    const certificate = ReadCertificate(config);
    if (certificate) server.SetCertificate(certificate);
    else log.info("no certificate to read again");
  } catch (error) {
    log.error({ err: String(error) }, "certificate kept, the new one cannot be used");
  }
}

/** The file's settings, and over them the flags that were given. */
function configOf(flags: Flags, command: Command): BridgeConfig {
  const file = flags.config === undefined ? {} : ReadConfig(flags.config);
  const given = Object.keys(DefaultConfig).filter((name) => {
    return command.getOptionValueSource(name) === "cli";
  });
  const chosen = Object.fromEntries(given.map((name) => [name, flags[name as keyof Flags]]));
  const limits = { ...file.limits, ...flags.limit };
  return { ...DefaultConfig, ...file, ...chosen, limits };
}

function startFailure(error: unknown, { host, port, metricsPort }: BridgeConfig): string {
  const { code, port: at = port } = error as { code?: unknown; port?: number };
  if (code === "EADDRINUSE") {
    const flag = at === metricsPort && at !== port ? "--metrics-port" : "--port";
    return `Port ${at} of ${host} is in use; choose another with ${flag}.`;
  }
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

function parseLimit(text: string, limits: BridgeConfig["limits"] = {}): BridgeConfig["limits"] {
  const [name = "", value = ""] = text.split("=");
  if (name === "" || !/^[0-9]+$/.test(value)) {
    throw new InvalidArgumentError("A limit is written name=number; --print-config shows all.");
  }
  return { ...limits, [name]: Number(value) };
}

function more(text: string, list: readonly string[] = []): readonly string[] {
  return [...list, text];
}
