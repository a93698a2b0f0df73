/** `moonwire send-file`: sends a file, with a bar on a terminal, and says when it is stored. */
import { Command } from "commander";
import { SendFile } from "../toolkit/FileSend.ts";
import type { TlsClientFiles } from "../toolkit/TlsFiles.ts";
import { ParsePort, RequireFile } from "./Arguments.ts";
import { Output } from "./Output.ts";
import { ProgressBar } from "./ProgressBar.ts";
import { SignalAborts } from "./SignalAborts.ts";
import { AddFlags, ClientTlsFlags, ReadClientTls } from "./TlsFlags.ts";

interface Flags extends TlsClientFiles {
  readonly tls?: true;
  readonly name?: string;
  readonly resume?: true;
  readonly json?: true;
}

const examples = `
Examples:
  moonwire send-file localhost 9000 level.json
  moonwire send-file files.example.com 9000 level.json --tls --resume
      over TLS, from where an earlier attempt was cut`;

export function SendFileCommand(): Command {
  const command = new Command("send-file")
    .description("send a file to a file server")
    .argument("<host>", "a name or an address")
    .argument("<port>", "where it listens", ParsePort)
    .argument("<path>", "the file")
    .option("--name <name>", "the name to store it under, when not its own")
    .option("--resume", "go on where an earlier attempt was cut, if the server kept it");
  return AddFlags(
    command.option("--tls", "over TLS; each flag below asks for it, too"),
    ClientTlsFlags,
  )
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", examples)
    .action(run);
}

async function run(
  host: string,
  port: number,
  path: string,
  flags: Flags,
  command: Command,
): Promise<void> {
  RequireFile(path, command);
  const { name, resume, json } = flags;
  const tls = asksForTls(flags) ? { tls: await ReadClientTls(flags, command) } : {};
  const bar = new ProgressBar(process.stderr, performance.now());
  const start = performance.now();
  try {
    const { Name, Size } = await SendFile(host, port, path, {
      ...tls,
      ...(name === undefined ? {} : { name }),
      resume: resume === true,
      signal: SignalAborts(),
      onProgress: (sent, size) => bar.Show(sent, size, performance.now()),
    });
    const milliseconds = Math.round(performance.now() - start);
    const facts = { stored: Name, bytes: Size, milliseconds };
    bar.Clear();
    new Output(json === true).Tell(`Stored as ${Name}, ${Size} bytes`, facts);
  } finally {
    bar.Clear();
  }
}

/** Whoever names an authority or a certificate must not send in the clear. */
function asksForTls({ tls, cafile, certfile, keyfile, verify }: Flags): boolean {
  return tls === true || verify === false || (cafile ?? certfile ?? keyfile) !== undefined;
}
