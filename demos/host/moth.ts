/**
 * A moth as a program of its own: `node moth.js bodema`. It joins the game that a page hosts, over
 * plain TCP, by the word that the page shows.
 */
import { Command, InvalidArgumentError } from "commander";
import { Log, Node, SceneTree } from "moonwire/engine";
import { SocketErrorText } from "moonwire/networking";
import { RunTree } from "../launch/RunTree.ts";
import { GameGuest } from "./GameGuest.ts";
import { PortOf } from "./JoinCode.ts";
import { DecideSteer } from "./MothPilot.ts";
import { Rules } from "./Rules.ts";

const command = new Command("moth")
  .description("Joins a game of moths that somebody hosts in a page.")
  .argument("<code>", "the host's word, or its port", parseCode)
  .option("--name <name>", "what the others see", "Node")
  .option("--host <address>", "the machine of the host's bridge", "127.0.0.1")
  .parse();
const { name, host } = command.opts<{ name: string; host: string }>();
const [port] = command.processedArgs as [number];

const tree = new SceneTree();

class Moth extends Node {
  readonly #guest = new GameGuest(name);
  #score = 0;

  override Ready(): void {
    const { Net } = this.#guest;
    Net.Host = host;
    Net.Port = port;
    Net.ConnectFailed.Connect((code) => Log.Warn(`Cannot join. ${SocketErrorText(code)}`));
    Net.Disconnected.Connect(() => Log.Info("The host has gone."));
    this.#guest.Welcomed.Connect(() => Log.Info(`${name} flies at ${host}:${port}`));
    this.#guest.Refused.Connect((why) => {
      Log.Error(why);
      tree.Quit(1);
    });
    this.AddChild(this.#guest);
  }

  override PhysicsProcess(): void {
    const { Scene, OwnId } = this.#guest;
    if (Scene === null) return;
    this.#guest.Steer = DecideSteer(Scene, OwnId);
    const score = Scene.Moths.find(({ Id }) => Id === OwnId)?.Score ?? 0;
    if (score > this.#score) Log.Info(`${score} sparks`);
    this.#score = score;
  }
}

tree.Root.AddChild(new Moth());
process.exitCode = await RunTree(tree, Rules.stepsPerSecond, () => Promise.resolve());

function parseCode(text: string): number {
  const found = PortOf(text);
  if (found !== null) return found;
  throw new InvalidArgumentError("A code has six letters, such as bodema.");
}
