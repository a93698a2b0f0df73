/** The echo server as a program: `node server.js --port 7351`. Ends in order on SIGTERM. */
import { Command } from "commander";
import { Log, SceneTree } from "moonwire/engine";
import { SocketErrorText } from "moonwire/networking";
import { ParsePort } from "../launch/Flags.ts";
import { RunTree } from "../launch/RunTree.ts";
import { EchoServer } from "./EchoServer.ts";

const graceMs = 500;
const physicsRate = 60;

const { port, host } = new Command("echo")
  .description("Sends every byte back.")
  .option("--port <port>", "TCP port, 0 lets the system choose", ParsePort, 7351)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .parse()
  .opts<{ port: number; host: string }>();

const tree = new SceneTree();
const server = new EchoServer();
server.Net.Port = port;
server.Net.BindAddress = host;
server.Net.ListenFailed.Connect((code) => {
  Log.Error(`echo cannot listen on ${host}:${port}. ${SocketErrorText(code)}`);
  tree.Quit(1);
});
tree.Root.AddChild(server);
if (server.Net.IsListening()) Log.Info(`echo listening on ${host}:${server.Net.GetLocalPort()}`);
process.exitCode = await RunTree(tree, physicsRate, () => server.Net.Shutdown(graceMs));
