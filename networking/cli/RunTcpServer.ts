/** `moonwire run-tcp-server`: answers whatever comes with `Echo: ` and the same text. */
import { Command } from "commander";
import { StartTcpServer } from "../toolkit/TcpServer.ts";
import { ParseListenPort } from "./Arguments.ts";
import { EchoHandler, OnFailure } from "./Echo.ts";
import { Output } from "./Output.ts";
import type { ServerFlags } from "./Serve.ts";
import { Serve } from "./Serve.ts";

const examples = `
Examples:
  moonwire run-tcp-server 8080
      then, elsewhere: moonwire send-tcp localhost 8080 "Hello, World!"
  moonwire run-tcp-server 0 --json
      at a port of the system's choice, one line of JSON per event`;

export function RunTcpServerCommand(): Command {
  return new Command("run-tcp-server")
    .description("a TCP server that answers Echo: and what it got")
    .argument("<port>", "where to listen; 0 lets the system choose", ParseListenPort)
    .option("--host <address>", 'an address or a name, "*" for all', "127.0.0.1")
    .option("--json", "one line of JSON per event")
    .addHelpText("after", examples)
    .action(run);
}

async function run(port: number, { host, json }: ServerFlags): Promise<void> {
  const output = new Output(json === true);
  await Serve("The TCP server", host, output, (signal) =>
    StartTcpServer(port, EchoHandler(output), { host, signal, onError: OnFailure(output) }),
  );
}
