/**
 * `npm start`: the game's server without a display, and the bridge that brings pages to it. Ends in
 * order on Ctrl-C and SIGTERM.
 */
import { Log, MainLoop, SceneTree, TimerClock } from "moonwire/engine";
import { BridgeServer } from "moonwire/bridge";
import { SocketErrorText } from "moonwire/networking";
import { pino } from "pino";
import { GameServer } from "./GameServer.ts";

const ticksPerSecond = 30;
const graceMs = 500;
const gamePort = Number(process.env.GAME_PORT ?? 7350);
const pagePort = Number(process.env.PORT ?? 7420);

const tree = new SceneTree();
const game = new GameServer();
game.Net.Port = gamePort;
game.Net.BindAddress = "127.0.0.1";
game.Net.ListenFailed.Connect((code) => fail(`GAME_PORT ${gamePort}: ${SocketErrorText(code)}`));
const loop = new MainLoop(tree, new TimerClock(ticksPerSecond));
tree.Root.AddChild(game);
loop.Start();

// `Dev` is for this machine only; README.md says what a public server needs instead.
const bridge = new BridgeServer({
  Port: pagePort,
  Dev: true,
  Targets: [`game=127.0.0.1:${game.Net.GetLocalPort() || gamePort}`],
  Static: "dist",
  Logger: pino({ level: "warn" }),
});
if (game.Net.IsListening()) await openPage();

process.once("SIGINT", end);
process.once("SIGTERM", end);
process.exitCode = await loop.Finished;
await bridge.Stop(graceMs);

async function openPage(): Promise<void> {
  try {
    await bridge.Start();
    Log.Info(`TCP  127.0.0.1:${game.Net.GetLocalPort()}`);
    Log.Info(`Page http://127.0.0.1:${bridge.Port()}/`);
  } catch (error) {
    fail(`PORT ${pagePort}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(sentence: string): void {
  Log.Error(sentence);
  tree.Quit(1);
}

function end(): void {
  void game.Net.Shutdown(graceMs).then(() => tree.Quit(0));
}
