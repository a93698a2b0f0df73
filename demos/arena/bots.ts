/**
 * Bots as a program of their own: `node bots.js --port 7350`. Each one is a TCP client like a
 * page.
 */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Log, SceneTree } from "moonwire/engine";
import { TLSOptions } from "moonwire/networking";
import { ParseCount, ParsePort } from "../launch/Flags.ts";
import { RunTree } from "../launch/RunTree.ts";
import { Bot } from "./Bot.ts";
import { Rules } from "./Rules.ts";

const names = ["Vega", "Rigel", "Mira", "Deneb", "Altair", "Spica", "Bellatrix", "Sirius"];

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly count: number;
  readonly tlsCa?: string;
}

const { port, host, count, tlsCa } = new Command("bots")
  .description("Beginners for the arena, over real TCP.")
  .option("--port <port>", "the arena's TCP port", ParsePort, 7350)
  .option("--host <address>", "the arena's address", "127.0.0.1")
  .option("--count <bots>", "how many", ParseCount(Rules.maxShips), 4)
  .option("--tls-ca <file>", "speak TLS, and trust this certificate, PEM")
  .parse()
  .opts<Flags>();

const tls = tlsCa === undefined ? null : TLSOptions.Client(readFileSync(tlsCa));
const tree = new SceneTree();
for (let i = 0; i < count; i++) {
  tree.Root.AddChild(new Bot(names[i] ?? `Bot ${i + 1}`, host, port, tls));
}
Log.Info(`${count} bots fly to ${host}:${port}`);
process.exitCode = await RunTree(tree, Rules.stepsPerSecond, () => Promise.resolve());
