/** `moonwire new`: what it makes works with the two commands that it prints. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { NewGame, RunningGame } from "./NewGame.ts";
import { Moonwire } from "./Run.ts";

const network = UseNetwork();

describe("a game that is new", () => {
  let game: NewGame;
  beforeAll(async () => void (game = await NewGame.Make()), 60_000);
  afterAll(() => game.Remove());

  const text = (name: string): Promise<string> => readFile(join(game.Folder, name), "utf8");

  test("has the files that its README names, and its own name", async () => {
    const readme = await text("README.md");
    const files = await readdir(game.Folder);
    const named = [...readme.matchAll(/`([\w.]+\.(?:ts|html))`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(files).toEqual(expect.arrayContaining([...named, ".gitignore", "package.json"]));
    expect(files).not.toContain("gitignore");
    expect(readme).toContain("# my-game");
    for (const file of files) expect(await text(file)).not.toContain("{{");
  });

  test("asks for Moonwire and its tools in the versions that this package has", async () => {
    const own = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    const made = JSON.parse(await text("package.json")) as Record<string, unknown>;
    expect(made).toMatchObject({
      name: "my-game",
      private: true,
      dependencies: { moonwire: `^${own.version}` },
      devDependencies: { vite: expect.any(String), typescript: expect.any(String) },
    });
  });

  test("npm test: types, and the server with two players", { timeout: 60_000 }, () => {
    expect(game.Npm("test")).toMatch(/(# |ℹ )pass 1\n/);
  });

  test(
    "npm start: the page, its bridge and the game; Ctrl-C ends all",
    { timeout: 60_000 },
    async () => {
      const running = new RunningGame(game, "npm", "start");
      try {
        const url = await running.Says("Page");
        const page = await fetch(url);
        expect([page.status, await page.text()]).toEqual([
          200,
          expect.stringContaining("<canvas>"),
        ]);
        const targets: unknown = await (await fetch(`${url}bridge/targets.json`)).json();
        const port = Number((await running.Says("TCP")).split(":")[1]);
        expect(targets).toEqual([{ Name: "game", Port: port }]);
      } finally {
        await running.End("SIGINT", true);
      }
    },
  );

  test("its server plays with a native client; SIGTERM ends it in order, with 0", async () => {
    const running = new RunningGame(game, process.execPath, "--import", "tsx", "Server.ts");
    const port = Number((await running.Says("TCP")).split(":")[1]);
    await running.Says("Page");
    const stream = network.Stream();
    stream.ConnectToHost("127.0.0.1", port);
    const packets = new PacketPeerStream();
    packets.StreamPeer = stream;
    let places: unknown = null;
    await WaitFor(() => {
      if (packets.GetAvailablePacketCount() > 0) places = packets.GetVar();
      return places !== null;
    }, "the places");
    expect(places).toEqual([[1, 0.5, 0.5]]);
    await running.End("SIGTERM");
    expect(running.Code).toBe(0);
  });
});

describe("the folder", () => {
  let root = "";
  beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), "moonwire-folder-"))));
  afterAll(() => rm(root, { recursive: true }));

  test("may be there and empty, and may be deep", async () => {
    await mkdir(join(root, "empty"));
    for (const folder of ["empty", "deep/er/game"]) {
      const run = await Moonwire("new", join(root, folder));
      expect([run.Code, run.Err]).toEqual([0, ""]);
      expect(run.Out).toContain("npm install && npm start");
      expect(await readdir(join(root, folder))).toContain("package.json");
    }
  });

  test("is never touched when anything is in it, or it is a file", async () => {
    await mkdir(join(root, "full"));
    await writeFile(join(root, "full", "mine"), "mine");
    for (const [path, sentence] of [
      ["full", "is not an empty folder"],
      ["full/mine", "is not an empty folder"],
    ] as const) {
      const run = await Moonwire("new", join(root, path));
      expect(run.Code).toBe(2);
      expect(run.Err).toContain(sentence);
    }
    expect(await readdir(join(root, "full"))).toEqual(["mine"]);
    expect(await readFile(join(root, "full", "mine"), "utf8")).toBe("mine");
  });

  test("of a game made from a checkout points to it, or to what --moonwire says", async () => {
    await Moonwire("new", join(root, "one"));
    await Moonwire("new", join(root, "two"), "--moonwire", "file:../moonwire.tgz");
    const source = async (name: string): Promise<unknown> => {
      const made = JSON.parse(await readFile(join(root, name, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      };
      return made.dependencies.moonwire;
    };
    expect(await source("one")).toMatch(/^file:\.\./);
    expect(await source("two")).toBe("file:../moonwire.tgz");
  });
});
