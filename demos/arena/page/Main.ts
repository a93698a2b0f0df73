/**
 * The arena's page: puts picture, client, controls and panels together, asks for a name, and
 * flies.
 */
import { FrameClock, MainLoop, SceneTree } from "moonwire/engine";
import { PixiApp } from "moonwire/engine/pixi";
import { Find } from "../../Page.ts";
import { ArenaClient } from "../ArenaClient.ts";
import { Rules } from "../Rules.ts";
import { ArenaGame } from "./ArenaGame.ts";
import { Controls } from "./Controls.ts";
import { InstallHandle } from "./Handle.ts";
import { AskName } from "./JoinDialog.ts";
import { NetPanel } from "./NetPanel.ts";
import { Notice } from "./Notice.ts";
import { Overlay } from "./Overlay.ts";
import { Palette } from "./Palette.ts";
import { ScoreBoard } from "./ScoreBoard.ts";
import { Session } from "./Session.ts";
import type { SessionState } from "./Session.ts";

const stage = Find("#stage", HTMLElement);
const touch = Find("#touch", HTMLElement);
const status = Find("#status", HTMLElement);
const net = Find("#net", HTMLElement);

const app = await PixiApp.Create({ Element: stage, Background: Palette.space });
const client = new ArenaClient();
const controls = new Controls(touch);
const game = new ArenaGame(app, client, controls);
const overlay = new Overlay(Find("#overlay", HTMLElement), () => session.TryNow());
const session = new Session(client, overlay);

const tree = new SceneTree();
tree.Root.AddChild(app);
const scores = new ScoreBoard(game, Find("#scores", HTMLElement));
const notice = new Notice(game, Find("#notice", HTMLElement));
for (const node of [client, controls, game, session, scores, notice]) app.AddChild(node);
InstallHandle(game, session);
new MainLoop(tree, new FrameClock(), { PhysicsRate: Rules.stepsPerSecond }).Start();

session.StateChanged.Connect(showState);
showState(session.State);
const name = await AskName(Find("#join", HTMLDialogElement));
showTouchButtons();
app.AddChild(new NetPanel(client, net));
session.Start(name);

function showState(state: SessionState): void {
  const texts = { offline: "Not connected", connecting: "Connecting", playing: "In the arena" };
  status.dataset.state = state;
  status.textContent = texts[state];
  controls.Enabled = state === "playing";
}

/** At once where fingers are the main pointer, else with the first touch. */
function showTouchButtons(): void {
  touch.hidden = !matchMedia("(pointer: coarse)").matches;
  const onTouch = (event: PointerEvent): void => {
    if (event.pointerType === "touch") touch.hidden = false;
  };
  addEventListener("pointerdown", onTouch);
}
