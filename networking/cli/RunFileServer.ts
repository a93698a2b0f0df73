/** `moonwire run-file-server`: takes files into a folder. */
import { Command, Option } from "commander";
import { FileLimits } from "../toolkit/FileLimits.ts";
import { StartFileServer } from "../toolkit/FileServer.ts";
import type { OnExisting } from "../toolkit/FileStore.ts";
import { ParseCount, ParseListenPort, RequireFolder } from "./Arguments.ts";
import { OnFailure } from "./Echo.ts";
import { Output } from "./Output.ts";
import type { ServerFlags } from "./Serve.ts";
import { Serve } from "./Serve.ts";
import type { ServerTlsChoice } from "./TlsFlags.ts";
import { AddFlags, ReadServerTlsChoice, ServerTlsFlags } from "./TlsFlags.ts";

interface Flags extends ServerFlags, ServerTlsChoice {
  readonly onExisting: OnExisting;
  readonly maxBytes: number;
  readonly resumable?: true;
}

const examples = `
Examples:
  moonwire run-file-server 9000 inbox
      then, elsewhere: moonwire send-file localhost 9000 level.json
  moonwire run-file-server 9000 inbox --host "*" --on-existing number
      from other machines, too; a second level.json becomes level (1).json

  moonwire run-file-server 9000 inbox --certfile server.crt --keyfile server.key \\
    --cafile ca.crt --require-client-cert
      over TLS, from whoever has a certificate of ca.crt

Without --require-client-cert whoever can connect can send.`;

export function RunFileServerCommand(): Command {
  const command = new Command("run-file-server")
    .description("take files into a folder")
    .argument("<port>", "where to listen; 0 lets the system choose", ParseListenPort)
    .argument("<folder>", "where the files go; it must be there")
    .option("--host <address>", 'an address or a name, "*" for all', "127.0.0.1")
    .addOption(
      new Option("--on-existing <what>", "what happens when a name is taken")
        .choices(["refuse", "replace", "number"] satisfies OnExisting[])
        .default("refuse"),
    )
    .option("--max-bytes <count>", "largest file", ParseCount, FileLimits.fileBytes)
    .option("--resumable", "keep what is cut, for a day, for senders that --resume");
  return AddFlags(command, ServerTlsFlags)
    .option("--json", "one line of JSON per event")
    .addHelpText("after", examples)
    .action(run);
}

async function run(port: number, folder: string, flags: Flags, command: Command): Promise<void> {
  RequireFolder(folder, command);
  const { host, onExisting } = flags;
  const tls = await ReadServerTlsChoice(flags, command);
  const output = new Output(flags.json === true);
  await Serve("The file server", host, output, (signal) =>
    StartFileServer(port, folder, {
      ...tls,
      host,
      signal,
      onExisting,
      maxFileBytes: flags.maxBytes,
      resumable: flags.resumable === true,
      onError: OnFailure(output),
      onStored: ({ Name, Size }, address) => {
        const from = address.ToString();
        const facts = { event: "stored", from, name: Name, bytes: Size };
        output.Tell(`${from} stored ${Name}, ${Size} bytes`, facts);
      },
    }),
  );
}
