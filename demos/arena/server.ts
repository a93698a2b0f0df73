/** The arena's server as a program: `node server.js --port 7350`. Ends in order on SIGTERM. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Log, SceneTree } from "moonwire/engine";
import { SocketErrorText, TLSOptions } from "moonwire/networking";
import { ParsePort } from "../launch/Flags.ts";
import { RunTree } from "../launch/RunTree.ts";
import { ArenaServer } from "./ArenaServer.ts";
import { Rules } from "./Rules.ts";

const graceMs = 500;

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

const { port, host, tlsCert, tlsKey } = new Command("arena")
  .description("The arena's authoritative game server.")
  .option("--port <port>", "TCP port, 0 lets the system choose", ParsePort, 7350)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--tls-cert <file>", "speak TLS: the certificate, PEM")
  .option("--tls-key <file>", "its key, PEM")
  .parse()
  .opts<Flags>();

const tree = new SceneTree();
const server = new ArenaServer();
server.Net.Port = port;
server.Net.BindAddress = host;
if (tlsCert !== undefined && tlsKey !== undefined) {
  server.Net.TLS = TLSOptions.Server(readFileSync(tlsKey), readFileSync(tlsCert));
}
server.Net.ListenFailed.Connect((code) => {
  Log.Error(`arena cannot listen on ${host}:${port}. ${SocketErrorText(code)}`);
  tree.Quit(1);
});
tree.Root.AddChild(server);
if (server.Net.IsListening()) {
  const how = server.Net.TLS === null ? "" : " with TLS";
  Log.Info(`arena listening on ${host}:${server.Net.GetLocalPort()}${how}`);
}
process.exitCode = await RunTree(tree, Rules.stepsPerSecond, () => server.Close(graceMs));
