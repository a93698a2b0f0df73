import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SocketError, TCPServer } from "moonwire/networking";
import { afterEach, describe, expect, test, vi } from "vitest";
import { KillPrograms, Program } from "./Program.ts";

const freePorts = ["--port", "0", "--arena-port", "0"];
const ceilingMs = 12_000;
/** The bridge's port when no flag says another one. */
const usualPort = 7420;

afterEach(KillPrograms);

/** Processes below `pid`, with their command lines. */
function childrenOf(pid: number): { Pid: number; Command: string }[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="]).toString().split("\n");
  return lines.flatMap((line) => {
    const [, child = "", parent = "", Command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid ? [{ Pid: Number(child), Command }] : [];
  });
}

/** Processes below `pid`, and below those. */
function descendantsOf(pid: number): { Pid: number; Command: string }[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child.Pid)]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventually(what: string, condition: () => boolean): Promise<void> {
  const check = (): void => {
    if (!condition()) throw new Error(`This did not happen in time: ${what}`);
  };
  await vi.waitFor(check, { timeout: ceilingMs, interval: 20 });
}

/** A launcher that is ready. */
async function launched(): Promise<{ launcher: Program; url: string; pids: number[] }> {
  const launcher = new Program("demos/Launch.js", freePorts);
  const url = await launcher.Says(/Pages +(\S+)/);
  await launcher.Says(/4 in the arena/);
  const pids = childrenOf(launcher.Process.pid ?? 0).map(({ Pid }) => Pid);
  expect(pids).toHaveLength(4);
  return { launcher, url, pids };
}

describe("npm start", () => {
  test("offers arena and echo at the bridge", async () => {
    const { launcher, url } = await launched();
    const targets: unknown = await (await fetch(`${url}bridge/targets.json`)).json();
    const port = Number(await launcher.Says(/Arena \(TCP\) +127\.0\.0\.1:(\d+)/));
    expect(targets).toEqual(expect.arrayContaining([{ Name: "arena", Port: port }]));
    expect(JSON.stringify(targets)).toContain("echo");
    expect(await launcher.Exit("SIGTERM")).toBe(0);
  });

  test("--tls: the arena speaks it, bots and bridge trust its certificate, no key is left", async () => {
    const launcher = new Program("demos/Launch.js", [...freePorts, "--tls"]);
    const url = await launcher.Says(/Pages +(\S+)/);
    await launcher.Says(/arena listening on \S+ with TLS/);
    await launcher.Says(/4 in the arena/);
    const targets = await (await fetch(`${url}bridge/targets.json`)).text();
    expect(targets).toContain('"arena-tls"');
    const commands = childrenOf(launcher.Process.pid ?? 0).map(({ Command }) => Command);
    const [, key = ""] = /--tls-key (\S+)/.exec(commands.join("\n")) ?? [];
    expect(existsSync(key)).toBe(true);
    expect(await launcher.Exit("SIGTERM")).toBe(0);
    expect(existsSync(key)).toBe(false);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s ends all within two seconds", async (signal) => {
    const { launcher, pids } = await launched();
    const before = performance.now();
    expect(await launcher.Exit(signal)).toBe(0);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("Ctrl-C before it is ready ends it, too", async () => {
    const launcher = new Program("demos/Launch.js", freePorts);
    await eventually("children", () => childrenOf(launcher.Process.pid ?? 0).length > 0);
    expect(await launcher.Exit("SIGINT")).toBe(0);
  });

  test("its processes end when it is killed hard", async () => {
    const { launcher, pids } = await launched();
    expect(await launcher.Exit("SIGKILL")).toBeNull();
    await eventually("the end of all children", () => !pids.some(isAlive));
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("its processes end when npm gets SIGTERM, which does not reach them", async ({
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), "moonwire-npm-"));
    const launch = `node "${resolve("dist/demos/Launch.js")}" ${freePorts.join(" ")}`;
    const scripts = { start: `true && ${launch}` }; // as after the build
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
    const npm = spawn("npm", ["start"], { cwd: folder, stdio: "ignore" });
    const { pid } = npm;
    if (pid === undefined) throw new Error("npm cannot be started.");
    const below = new Set<number>();
    onTestFinished(() => {
      for (const one of [pid, ...below].filter(isAlive)) process.kill(one, "SIGKILL");
      rmSync(folder, { recursive: true });
    });
    await eventually("all four servers", () => {
      const found = descendantsOf(pid);
      for (const { Pid } of found) below.add(Pid);
      return found.filter(({ Command }) => Command.includes("EndWithParent")).length === 4;
    });
    npm.kill("SIGTERM");
    await eventually("the end of all of them", () => ![pid, ...below].some(isAlive));
  });

  test("a process that dies is reported and started again", async () => {
    const { launcher } = await launched();
    const pid = launcher.Process.pid ?? 0;
    const echo = childrenOf(pid).find(({ Command }) => Command.includes("demos/start/server"));
    process.kill(echo?.Pid ?? 0, "SIGKILL");
    await launcher.Says(/echo died \(SIGKILL\) and is started again/);
    await eventually("four processes again", () => childrenOf(pid).length === 4);
    expect(await launcher.Exit("SIGTERM")).toBe(0);
  });

  test("a port that was asked for and is taken: one sentence and exit 1", async () => {
    const holder = new TCPServer();
    expect(holder.Listen(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
    const port = holder.GetLocalPort();
    const launcher = new Program("demos/Launch.js", ["--port", `${port}`]);
    expect(await launcher.Exit()).toBe(1);
    expect(launcher.Output).not.toMatch(/^\s+at /m);
    expect(launcher.Output).toContain(`Port ${port} for the bridge is taken`);
    holder.Stop();
  });

  test("the usual port, when it is taken, gives way to the next free one", async () => {
    const holder = new TCPServer();
    holder.Listen(usualPort, "127.0.0.1"); // if somebody else has it, that is just as good
    const launcher = new Program("demos/Launch.js", ["--arena-port", "0", "--no-bots"]);
    const said = /Port 7420 for the bridge is taken; (\d+) is used instead/;
    const port = Number(await launcher.Says(said));
    expect(port).toBeGreaterThan(usualPort);
    expect(await launcher.Says(/Pages +(\S+)/)).toBe(`http://127.0.0.1:${port}/`);
    expect(await launcher.Exit("SIGTERM")).toBe(0);
    holder.Stop();
  });

  test("--help explains, a bad port is one sentence", async () => {
    const help = new Program("demos/Launch.js", ["--help"]);
    expect(await help.Exit()).toBe(0);
    expect(help.Output).toContain("--arena-port");
    const bad = new Program("demos/Launch.js", ["--port", "65536"]);
    expect(await bad.Exit()).toBe(1);
    expect(bad.Output).toContain("A port is a whole number from 0 to 65535.");
  });
});

describe("the programs", () => {
  test.each([
    ["demos/arena/server.js", /arena listening on 127\.0\.0\.1:(\d+)/, "SIGTERM"],
    ["demos/start/server.js", /echo listening on 127\.0\.0\.1:(\d+)/, "SIGINT"],
  ] as const)("%s says where it listens and ends in order", async (path, pattern, signal) => {
    const server = new Program(path, ["--port", "0"]);
    expect(Number(await server.Says(pattern))).toBeGreaterThan(0);
    expect(await server.Exit(signal)).toBe(0);
  });

  test("a server whose port is taken says so and exits with 1", async () => {
    const holder = new TCPServer();
    holder.Listen(0, "127.0.0.1");
    const server = new Program("demos/arena/server.js", ["--port", `${holder.GetLocalPort()}`]);
    expect(await server.Exit()).toBe(1);
    expect(server.Output).toContain("in use");
    holder.Stop();
  });

  test("bots join and end in order", async () => {
    const server = new Program("demos/arena/server.js", ["--port", "0"]);
    const port = await server.Says(/listening on 127\.0\.0\.1:(\d+)/);
    const bots = new Program("demos/arena/bots.js", ["--port", port, "--count", "3"]);
    await server.Says(/3 in the arena/);
    expect(await bots.Exit("SIGTERM")).toBe(0);
    await server.Says(/\(0 in the arena\)/);
    expect(await server.Exit("SIGTERM")).toBe(0);
  });
});
