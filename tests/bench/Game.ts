/** Runs one game: a server process, a load process, and what both have to say. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LoadReport, Message, ServerReport } from "./Messages.ts";

export interface GameOptions {
  /** Compiled script beside this one: "GameNet.js" or "GameMoonwire.js". */
  readonly Server: string;
  readonly Clients: number;
  /** Hz, of the server's tick and of each client's inputs. */
  readonly Rate: number;
  /** The clients connect and send nothing. */
  readonly Silent?: boolean;
  readonly Seconds: number;
}

export interface GameResult {
  readonly Server: ServerReport;
  readonly Load: LoadReport;
}

/** Starts a script beside this one. It ends with this process at the latest. */
export function Start(script: string, ...args: readonly (string | number)[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return fork(path, args.map(String), { stdio: "inherit" });
}

/** The next message of a kind, or of a text. */
export function Next<K extends Message["Kind"]>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<Message, { Kind: K }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const found = message as Message;
      if (found.Kind !== kind) return;
      child.off("message", onMessage);
      resolve(found as Extract<Message, { Kind: K }>);
    };
    child.on("message", onMessage);
    child.once("exit", (code) => reject(new Error(`A benchmark process ended with ${code}.`)));
  });
}

export function NextText(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("message", (message) => {
      if (message === text) resolve();
    });
    child.once("exit", (code) => reject(new Error(`A benchmark process ended with ${code}.`)));
  });
}

export async function RunGame(options: GameOptions): Promise<GameResult> {
  const server = Start(options.Server, options.Rate);
  const { Port } = await Next(server, "listening");
  const inputRate = options.Silent === true ? 0 : options.Rate;
  const load = Start("Load.js", Port, options.Clients, inputRate, options.Seconds);
  await NextText(load, "connected");
  server.send("begin");
  const loaded = Next(load, "load");
  await NextText(load, "sent");
  const reported = Next(server, "server");
  server.send("report");
  const result = { Server: await reported, Load: await loaded };
  server.removeAllListeners("exit");
  server.disconnect();
  return result;
}
