/**
 * The page of "Moths": asks whether to host or to join, and plays. The host's page is the game's
 * server, so its loop goes on in a hidden tab (TabClock).
 */
import { MainLoop, SceneTree } from "moonwire/engine";
import type { Node } from "moonwire/engine";
import { PixiApp } from "moonwire/engine/pixi";
import { Find } from "../../Page.ts";
import type { Game } from "../Game.ts";
import { GameGuest } from "../GameGuest.ts";
import { GameHost } from "../GameHost.ts";
import { Rules } from "../Rules.ts";
import { Board } from "./Board.ts";
import { GuestCard } from "./GuestCard.ts";
import { InstallHandle } from "./Handle.ts";
import { HostCard } from "./HostCard.ts";
import { AskHow } from "./Lobby.ts";
import type { Choice } from "./Lobby.ts";
import { Palette } from "./Palette.ts";
import { Picture } from "./Picture.ts";
import { Steering } from "./Steering.ts";
import { TabClock } from "./TabClock.ts";

const stage = Find("#stage", HTMLElement);
const app = await PixiApp.Create({ Element: stage, Background: Palette.night });
const picture = new Picture(app);
const steering = new Steering(picture, stage);
const board = new Board(picture, Find("#scores", HTMLElement), Find("#notice", HTMLElement));

const tree = new SceneTree();
tree.Root.AddChild(app);
for (const node of [picture, steering, board]) app.AddChild(node);
new MainLoop(tree, new TabClock(Rules.stepsPerSecond), {
  PhysicsRate: Rules.stepsPerSecond,
}).Start();
InstallHandle(picture);

const choice = await AskHow(Find("#lobby", HTMLDialogElement));
picture.Game = choice.Kind === "host" ? host(choice.Name) : join(choice);
steering.Enabled = true;

function host(name: string): Game {
  const game = new GameHost(name);
  play(game, new HostCard(game, Find("#host-card", HTMLElement)));
  return game;
}

function join({ Name, Port }: Extract<Choice, { Kind: "join" }>): Game {
  const game = new GameGuest(Name);
  game.Net.Host = "127.0.0.1";
  game.Net.Port = Port;
  play(game, new GuestCard(game, Find("#guest-card", HTMLElement)));
  return game;
}

function play(game: Node, card: Node): void {
  for (const node of [game, card]) app.AddChild(node);
}
