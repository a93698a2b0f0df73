/** The page of a game that `moonwire new` made, in a real browser. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { NewGame, RunningGame } from "../networking/cli/NewGame.ts";
import { UseBrowser } from "./Page.ts";

const browsing = UseBrowser();
let game: NewGame;
let running: RunningGame;
beforeAll(async () => {
  game = await NewGame.Make();
  game.Npm("run", "prestart");
  running = new RunningGame(game, process.execPath, "--import", "tsx", "Server.ts");
});
afterAll(async () => {
  await running.End("SIGTERM");
  await game.Remove();
});

test("two windows see each other and where the pointer is", async () => {
  const url = await running.Says("Page");
  const first = await browsing.Visit(url);
  const second = await browsing.Visit(url);
  for (const { Page } of [first, second]) {
    await Page.waitForFunction(() => document.title === "2 here");
  }
  const { width, height } = first.Page.viewportSize() ?? { width: 0, height: 0 };
  await first.Page.mouse.move(width / 4, height / 4);
  // Something is drawn where the other one's pointer is.
  await second.Page.waitForFunction(() => {
    const canvas = document.querySelector("canvas");
    const pixel = canvas
      ?.getContext("2d")
      ?.getImageData(canvas.width / 4, canvas.height / 4, 1, 1).data;
    return pixel !== undefined && pixel[3] !== 0;
  });
  await second.Picture("new-game");
  expect(await second.Page.title()).toBe("2 here");
});
