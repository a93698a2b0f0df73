/** The compiled command in a process of its own, as a user runs it. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { WispClient } from "../bridge/WispClient.ts";

const main = new URL("../../../dist/networking/cli/Main.js", import.meta.url).pathname;

class Run {
  Out = "";
  Err = "";
  Code: number | null = null;
  readonly Child: ChildProcess;

  constructor(...args: string[]) {
    this.Child = spawn(process.execPath, [main, ...args]);
    this.Child.stdout?.on("data", (bytes: Buffer) => (this.Out += bytes.toString()));
    this.Child.stderr?.on("data", (bytes: Buffer) => (this.Err += bytes.toString()));
    this.Child.on("close", (code) => (this.Code = code ?? -1));
    runs.push(this);
  }

  Ended(): Promise<void> {
    return WaitFor(() => this.Code !== null, "the command to end");
  }

  /** The port that it says it listens at. */
  async Port(): Promise<number> {
    await WaitFor(() => this.Out.includes("bridge listens"), "the bridge to listen");
    const line = this.Out.split("\n").find((text) => text.includes("bridge listens")) ?? "";
    return (JSON.parse(line) as { port: number }).port;
  }
}

const runs: Run[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.Child.kill("SIGKILL");
});

describe("bad arguments exit with 2 and one sentence", () => {
  test.each([
    ["an unknown command", ["brigde"]],
    ["an unknown flag", ["bridge", "--nope"]],
    ["a port that is none", ["bridge", "--port", "65536"]],
    ["a rule that is none", ["bridge", "--allow", "example.com"]],
    ["a target that is none", ["bridge", "--target", "arena"]],
    ["an origin that is none", ["bridge", "--origin", "example.com"]],
    ["a folder that is not there", ["bridge", "--static", "/nowhere/at/all"]],
  ])("%s", async (_name, args) => {
    const run = new Run(...args);
    await run.Ended();
    expect(run.Code).toBe(2);
    expect(run.Err.trim().split("\n")).toHaveLength(1);
    expect(run.Out).toBe("");
  });
});

test("--help explains every flag, with examples, and exits with 0", async () => {
  const run = new Run("bridge", "--help");
  await run.Ended();
  expect(run.Code).toBe(0);
  for (const word of ["--host", "--port", "--allow", "--target", "--origin", "--dev", "--static"]) {
    expect(run.Out).toContain(word);
  }
  expect(run.Out).toContain("Examples:");
});

test("a port in use is one sentence and exit 1", async () => {
  const first = new Run("bridge", "--port", "0");
  const port = await first.Port();
  const second = new Run("bridge", "--port", String(port));
  await second.Ended();
  expect([second.Code, second.Err]).toEqual([
    1,
    `Port ${port} of 127.0.0.1 is in use; choose another with --port.\n`,
  ]);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends in order: the target has every byte, the page a close, the exit code is 0",
  async (signal) => {
    const target = await PlainServer.Start();
    const run = new Run("bridge", "--port", "0", "--dev");
    const client = new WispClient(await run.Port());
    await client.WaitPacket(0x03);
    client.Connect(1, target.Port);
    client.SendData(1, new Uint8Array(100_000));
    const peer = await target.Peer();
    peer.Socket.on("end", () => peer.Socket.end());
    await peer.WaitReceived(1);
    run.Child.kill(signal);
    await run.Ended();
    expect([run.Code, client.Closed, peer.Received.length, peer.Failure]).toEqual([
      0,
      1001,
      100_000,
      "",
    ]);
    target.Stop();
  },
);
