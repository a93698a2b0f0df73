/** Server and players in one tree, over real sockets of this machine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MainLoop, SceneTree, TimerClock } from "moonwire/engine";
import { GameClient } from "./GameClient.ts";
import { GameServer } from "./GameServer.ts";

void test("everybody sees where a player moves", { timeout: 10_000 }, async () => {
  const tree = new SceneTree();
  const server = new GameServer();
  server.Net.BindAddress = "127.0.0.1";
  tree.Root.AddChild(server);
  const [mover, watcher] = [new GameClient(), new GameClient()];
  for (const client of [mover, watcher]) {
    client.Net.Port = server.Net.GetLocalPort();
    tree.Root.AddChild(client);
  }

  let seen = false;
  tree.ProcessFrame.Connect(() => {
    mover.MoveTo(0.25, 0.75);
    seen = watcher.Places.some(({ X, Y }) => X === 0.25 && Y === 0.75);
    if (seen && watcher.Places.length === 2) tree.Quit();
  });
  const loop = new MainLoop(tree, new TimerClock(60));
  loop.Start();
  await loop.Finished;
  assert.equal(seen, true);
});
