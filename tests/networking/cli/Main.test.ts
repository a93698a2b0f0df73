/** What all sub-commands have in common. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PlainServer } from "../../Support/PlainPeer.ts";
import { Moonwire, Run } from "./Run.ts";

const commands = [
  "new",
  "bridge",
  "ticket",
  "run-tcp-server",
  "send-tcp",
  "run-ssl-tcp-server",
  "send-ssl-tcp",
  "run-file-server",
  "send-file",
] as const;

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const run = await Moonwire("--version");
  expect([run.Code, run.Out]).toEqual([0, `${version}\n`]);
});

test("--help names every command", async () => {
  const run = await Moonwire("--help");
  expect(run.Code).toBe(0);
  for (const command of commands) expect(run.Out).toMatch(new RegExp(`^  ${command} `, "m"));
});

test.each(commands)("%s --help has an example and exits with 0", async (command) => {
  const run = await Moonwire(command, "--help");
  expect([run.Code, run.Err]).toEqual([0, ""]);
  expect(run.Out).toMatch(/\nExamples?:\n {2}\w/);
  expect(run.Out).toContain(`moonwire ${command} `);
});

describe("bad arguments exit with 2 and one sentence", () => {
  test.each([
    ["an unknown command", ["send-udp"]],
    ["a flag that is none", ["send-tcp", "localhost", "80", "x", "--nope"]],
    ["too few", ["send-tcp", "localhost", "80"]],
    ["too many", ["send-tcp", "localhost", "80", "x", "y"]],
    ["a port beyond all", ["run-tcp-server", "65536"]],
    ["a folder that is not there", ["run-file-server", "0", "/nowhere/at/all"]],
    ["a way to treat names", ["run-file-server", "0", ".", "--on-existing", "ask"]],
    ["a file that is not there", ["send-file", "localhost", "80", "/nowhere/at/all"]],
    ["a name that no file has", ["send-file", "localhost", "80", "package.json", "--name", "a/b"]],
    ["half of TLS", ["run-file-server", "0", ".", "--certfile", "server.crt"]],
    ["a key that is not there", ["run-ssl-tcp-server", "0", "gone.crt", "gone.key"]],
    ["a file that is no key", ["run-ssl-tcp-server", "0", "package.json", "package.json"]],
    ["trust in no file", ["send-ssl-tcp", "localhost", "80", "x", "--cafile", "package.json"]],
    ["a certificate alone", ["send-ssl-tcp", "localhost", "80", "x", "--certfile", "a.crt"]],
    ["a folder that is full", ["new", "."]],
    ["a name that no package has", ["new", "/tmp/Not A Name"]],
  ])("%s", async (_name, args) => {
    const { Code, Out, Err } = await Moonwire(...args);
    expect([Code, Out, Err]).toEqual([2, "", expect.stringMatching(/^[^\n]+\n$/)]);
  });
});

describe("what the network refuses exits with 1", () => {
  const nobody = async (): Promise<string> => {
    const server = await PlainServer.Start();
    server.Stop();
    return String(server.Port);
  };

  test("and one sentence, without a stack", async () => {
    const run = await Moonwire("send-tcp", "127.0.0.1", await nobody(), "x");
    expect(run.Code).toBe(1);
    expect(run.Err).toMatch(/^Connecting to 127\.0\.0\.1:\d+ failed: the host refused .*\.\n$/);
  });

  test("and with --verbose the stack and the cause", async () => {
    const run = await Moonwire("send-tcp", "127.0.0.1", await nobody(), "x", "--verbose");
    expect(run.Code).toBe(1);
    expect(run.Err).toMatch(/\n {4,}at .*Connect/);
    expect(run.Err).toContain("CONNECTION_REFUSED");
  });

  test.each(["run-tcp-server", "run-file-server"])("a port in use: %s", async (command) => {
    const server = await PlainServer.Start();
    const rest = command === "run-file-server" ? ["."] : [];
    const run = await Moonwire(command, String(server.Port), ...rest);
    expect([run.Code, run.Out]).toEqual([1, ""]);
    expect(run.Err).toMatch(/in use by another socket\.\n$/);
    server.Stop();
  });
});

test("a reader that has enough ends it without a word", async () => {
  const run = Run.Shell('"$0" "$1" run-tcp-server 0 | head -1; echo over >&2');
  const port = await run.Port();
  await Moonwire("send-tcp", "127.0.0.1", String(port), "x");
  await run.Ended();
  expect([run.Code, run.Err]).toEqual([0, "over\n"]);
});
