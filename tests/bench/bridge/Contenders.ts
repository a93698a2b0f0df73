/** Starts each bridge in a process of its own. They end with this process at the latest. */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { Next, Start } from "../Game.ts";
import type { Contender } from "./Client.ts";
import { MoonwireClient } from "./MoonwireClient.ts";
import { WebsockifyClient } from "./WebsockifyClient.ts";
import { WispJsClient } from "./WispJsClient.ts";

async function stopped(child: ChildProcess): Promise<void> {
  const over = once(child, "exit");
  if (child.connected) child.disconnect();
  else child.kill("SIGTERM");
  await over;
}

export async function StartMoonwire(target: number): Promise<Contender> {
  const bridge = Start("bridge/MoonwireBridge.js");
  const { Port } = await Next(bridge, "listening");
  bridge.removeAllListeners("exit");
  return {
    Name: "moonwire",
    Pid: bridge.pid ?? 0,
    Connect: () => Promise.resolve(MoonwireClient(`ws://127.0.0.1:${Port}/bridge/`, target)),
    Stop: () => stopped(bridge),
  };
}

export async function StartWispJs(target: number): Promise<Contender> {
  const bridge = Start("bridge/WispJsBridge.js");
  const { Port } = await Next(bridge, "listening");
  bridge.removeAllListeners("exit");
  return {
    Name: "wisp-js",
    Pid: bridge.pid ?? 0,
    Connect: () => WispJsClient(`ws://127.0.0.1:${Port}/`, target),
    Stop: () => stopped(bridge),
  };
}

/** A port that is free now; websockify cannot choose one by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });
}

/** @returns null when websockify is not here and cannot be installed. */
export async function StartWebsockify(target: number): Promise<Contender | null> {
  if (!haveWebsockify()) return null;
  const port = await freePort();
  const args = [`127.0.0.1:${port}`, `127.0.0.1:${target}`];
  const bridge = spawn("websockify", args, { stdio: "ignore" });
  process.once("exit", () => bridge.kill("SIGTERM"));
  const deadline = performance.now() + 15_000;
  while (!(await answers(port))) {
    if (performance.now() > deadline) throw new Error("websockify does not listen.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    Name: "websockify",
    Pid: bridge.pid ?? 0,
    Connect: () => Promise.resolve(WebsockifyClient(`ws://127.0.0.1:${port}/`)),
    Stop: () => stopped(bridge),
  };
}

function haveWebsockify(): boolean {
  const isHere = (): boolean => spawnSync("websockify", ["--help"]).status === 0;
  if (isHere()) return true;
  if (process.getuid?.() !== 0) return false;
  process.stderr.write("installing websockify\n");
  spawnSync("apt-get", ["install", "--yes", "--no-install-recommends", "websockify"]);
  return isHere();
}
