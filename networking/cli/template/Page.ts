/** The page: every player is a dot, and the pointer moves the own one. */
import { FrameClock, MainLoop, SceneTree } from "moonwire/engine";
import { GameClient } from "./GameClient.ts";

const radius = 12;

const canvas = document.querySelector("canvas");
const context = canvas?.getContext("2d");
if (!canvas || !context) throw new Error("The page needs its canvas.");

const client = new GameClient();
// A target of the bridge, which knows the address; the page never learns it.
client.Net.Host = "game";
client.Net.Port = await gamePort();
canvas.addEventListener("pointermove", ({ clientX, clientY }) => {
  client.MoveTo(clientX / innerWidth, clientY / innerHeight);
});

const tree = new SceneTree();
tree.Root.AddChild(client);
tree.ProcessFrame.Connect(() => {
  canvas.width = innerWidth;
  canvas.height = innerHeight;
  for (const { Id, X, Y } of client.Places) {
    context.fillStyle = `hsl(${(Id * 67) % 360} 80% 65%)`;
    context.beginPath();
    context.arc(X * canvas.width, Y * canvas.height, radius, 0, 2 * Math.PI);
    context.fill();
  }
  document.title = client.Net.IsConnected() ? `${client.Places.length} here` : "Connecting";
});
new MainLoop(tree, new FrameClock()).Start();

async function gamePort(): Promise<number> {
  const answer = await fetch("/bridge/targets.json");
  const targets = (await answer.json()) as { Name: string; Port: number }[];
  return targets.find(({ Name }) => Name === "game")?.Port ?? 0;
}
