/**
 * `moonwire ticket`: prints one ticket for a bridge that asks for them. The key is a file, because
 * every user of the machine can read the arguments of a command. Mistakes throw TypeError, which
 * the command's Main tells.
 */
import { Command, InvalidArgumentError } from "commander";
import { MintTicket } from "../bridge/Ticket.ts";
import { TicketKey } from "../bridge/TicketKey.ts";
import { ReadFile } from "./BridgeConfig.ts";

interface Flags {
  readonly keyFile: string;
  readonly seconds: number;
  readonly target?: readonly string[];
  readonly ports?: string;
  readonly listenPorts?: string;
  readonly listen: boolean;
}

const examples = `
Examples:
  openssl rand -base64 32 > ticket.key
      a new key, for the bridge (--ticket-key-file) and for whoever mints
  moonwire ticket --key-file ticket.key --target arena --no-listen
      one page may connect once, within 30 seconds, to "arena" and nowhere else
A page offers it beside its subprotocols: new WebSocket(url, ["mwx1", "wisp-v2", ticket]).`;

export function TicketCommand(): Command {
  return new Command("ticket")
    .description("mint a ticket that lets one page use a bridge once")
    .requiredOption("--key-file <file>", "a secret of 32 bytes or more, or an Ed25519 private key")
    .option("--seconds <number>", "time to connect in, at most 60", parseSeconds, 30)
    .option("--target <host>", "targets and hosts that it is good for, instead of all", more)
    .option("--ports <first-last>", "ports that it is good for, instead of all")
    .option("--listen-ports <first-last>", "ports that the page may listen at, instead of all")
    .option("--no-listen", "the page may not listen")
    .addHelpText("after", examples)
    .action(run);
}

function run(flags: Flags): void {
  const { target: Targets, ports: Ports, listenPorts } = flags;
  const ListenPorts = flags.listen ? listenPorts : null;
  const key = new TicketKey(ReadFile(flags.keyFile));
  const ticket = MintTicket(key, {
    LifetimeMs: flags.seconds * 1_000,
    ...(Targets === undefined ? {} : { Targets }),
    ...(Ports === undefined ? {} : { Ports }),
    ...(ListenPorts === undefined ? {} : { ListenPorts }),
  });
  process.stdout.write(`${ticket}\n`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^[0-9]{1,2}$/.test(text) && seconds >= 1 && seconds <= 60) return seconds;
  throw new InvalidArgumentError("A ticket lives 1 to 60 seconds.");
}

function more(text: string, list: readonly string[] = []): readonly string[] {
  return [...list, text];
}
