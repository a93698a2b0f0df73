/** `moonwire send-tcp`: sends a text, prints the reply. */
import { Command } from "commander";
import { SendTcpMessage } from "../toolkit/TcpClient.ts";
import { ToolkitLimits } from "../toolkit/ToolkitLimits.ts";
import { ParseCount, ParsePort } from "./Arguments.ts";
import { PrintReply } from "./PrintReply.ts";
import { SignalAborts } from "./SignalAborts.ts";

interface Flags {
  readonly timeout: number;
  readonly json?: true;
}

const examples = `
Example:
  moonwire send-tcp localhost 8080 "Hello, World!"`;

export function SendTcpCommand(): Command {
  return new Command("send-tcp")
    .description("send a text over TCP and print the reply")
    .argument("<host>", "a name or an address")
    .argument("<port>", "where it listens", ParsePort)
    .argument("<message>", "what to send")
    .option("--timeout <ms>", "for all of it", ParseCount, ToolkitLimits.sendTimeoutMs)
    .option("--json", "print the reply and how long it took as JSON")
    .addHelpText("after", examples)
    .action(run);
}

async function run(host: string, port: number, message: string, flags: Flags): Promise<void> {
  const { timeout } = flags;
  await PrintReply(flags.json === true, () =>
    SendTcpMessage(host, port, message, { timeout, signal: SignalAborts() }),
  );
}
