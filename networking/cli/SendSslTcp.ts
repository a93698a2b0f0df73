/** `moonwire send-ssl-tcp`: as `send-tcp`, over TLS. */
import { Command } from "commander";
import { SendTcpMessage } from "../toolkit/TcpClient.ts";
import type { TlsClientFiles } from "../toolkit/TlsFiles.ts";
import { ToolkitLimits } from "../toolkit/ToolkitLimits.ts";
import { ParseCount, ParsePort } from "./Arguments.ts";
import { PrintReply } from "./PrintReply.ts";
import { SignalAborts } from "./SignalAborts.ts";
import { AddFlags, ClientTlsFlags, ReadClientTls } from "./TlsFlags.ts";

interface Flags extends TlsClientFiles {
  readonly timeout: number;
  readonly json?: true;
}

const examples = `
Examples:
  moonwire send-ssl-tcp localhost 8443 "Hello Secure" --cafile server.crt
  moonwire send-ssl-tcp localhost 8443 "Hello" --cafile ca.crt \\
    --certfile client.crt --keyfile client.key
      with a certificate of its own, for a server that requires one`;

export function SendSslTcpCommand(): Command {
  const command = new Command("send-ssl-tcp")
    .description("send a text over TLS and print the reply")
    .argument("<host>", "a name or an address, for which the certificate must be")
    .argument("<port>", "where it listens", ParsePort)
    .argument("<message>", "what to send");
  return AddFlags(command, ClientTlsFlags)
    .option("--timeout <ms>", "for all of it", ParseCount, ToolkitLimits.sendTimeoutMs)
    .option("--json", "print the reply and how long it took as JSON")
    .addHelpText("after", examples)
    .action(run);
}

async function run(
  host: string,
  port: number,
  message: string,
  flags: Flags,
  command: Command,
): Promise<void> {
  const { timeout } = flags;
  const tls = await ReadClientTls(flags, command);
  await PrintReply(flags.json === true, () =>
    SendTcpMessage(host, port, message, { timeout, tls, signal: SignalAborts() }),
  );
}
