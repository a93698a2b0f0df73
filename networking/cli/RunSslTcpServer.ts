/** `moonwire run-ssl-tcp-server`: as `run-tcp-server`, over TLS. */
import { Command } from "commander";
import { StartTcpServer } from "../toolkit/TcpServer.ts";
import { ParseListenPort } from "./Arguments.ts";
import { EchoHandler, OnFailure } from "./Echo.ts";
import { Output } from "./Output.ts";
import type { ServerFlags } from "./Serve.ts";
import { Serve } from "./Serve.ts";
import { AddFlags, ReadServerTls, ServerTrustFlags } from "./TlsFlags.ts";

interface Flags extends ServerFlags {
  readonly cafile?: string;
  readonly requireClientCert?: boolean;
}

const examples = `
Examples:
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \\
    -addext subjectAltName=DNS:localhost -keyout server.key -out server.crt
  moonwire run-ssl-tcp-server 8443 server.crt server.key
      then, elsewhere:
      moonwire send-ssl-tcp localhost 8443 "Hello Secure" --cafile server.crt
  moonwire run-ssl-tcp-server 8443 server.crt server.key --cafile ca.crt --require-client-cert
      only for clients with a certificate of ca.crt`;

export function RunSslTcpServerCommand(): Command {
  const command = new Command("run-ssl-tcp-server")
    .description("a TLS server that answers Echo: and what it got")
    .argument("<port>", "where to listen; 0 lets the system choose", ParseListenPort)
    .argument("<certfile>", "its PEM certificate, the chain behind it")
    .argument("<keyfile>", "its PEM key")
    .option("--host <address>", 'an address or a name, "*" for all', "127.0.0.1");
  return AddFlags(command, ServerTrustFlags)
    .option("--json", "one line of JSON per event")
    .addHelpText("after", examples)
    .action(run);
}

async function run(
  port: number,
  certfile: string,
  keyfile: string,
  flags: Flags,
  command: Command,
): Promise<void> {
  const { host } = flags;
  const tls = await ReadServerTls({ ...flags, certfile, keyfile }, command);
  const output = new Output(flags.json === true);
  await Serve("The TLS server", host, output, (signal) =>
    StartTcpServer(port, EchoHandler(output), { host, tls, signal, onError: OnFailure(output) }),
  );
}
