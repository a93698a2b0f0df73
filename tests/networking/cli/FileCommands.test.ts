/** `run-file-server` and `send-file`, against each other and nc. */
import { readdirSync, statSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConnectPlain } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { RequireTool } from "./ForeignTool.ts";
import { Moonwire, Run } from "./Run.ts";

beforeAll(() => {
  RequireTool("nc", "netcat-openbsd");
  RequireTool("script", "bsdutils");
}, 300_000);

let folder = "";
let inbox = "";
let level = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moonwire-send-"));
  inbox = await mkdtemp(join(tmpdir(), "moonwire-inbox-"));
  level = join(folder, "level.json");
  await writeFile(level, "{}\n".repeat(100_000));
});
afterEach(() => Promise.all([folder, inbox].map((path) => rm(path, { recursive: true }))));

async function start(...flags: string[]): Promise<{ Server: Run; Port: string }> {
  const server = Run.Moonwire("run-file-server", "0", inbox, ...flags);
  return { Server: server, Port: String(await server.Port()) };
}

test("a file is sent and stored, and both say so", async () => {
  const { Server, Port } = await start();
  const sent = await Moonwire("send-file", "localhost", Port, level);
  expect([sent.Code, sent.Out, sent.Err]).toEqual([
    0,
    "Stored as level.json, 300000 bytes\n",
    "", // no bar where no person looks
  ]);
  expect(await readFile(join(inbox, "level.json"))).toEqual(await readFile(level));
  await WaitFor(() => Server.Out.includes("stored level.json, 300000 bytes\n"), "the line");
});

test("on a terminal there is a bar, and a failure is red unless NO_COLOR", async () => {
  const { Port } = await start();
  // script(1) gives its command a terminal.
  const line = (how: string): string =>
    `${how} script -qec "'$0' '$1' send-file localhost ${Port} '${level}'" /dev/null < /dev/null`;
  const sent = Run.Shell(line("NO_COLOR= TERM=xterm"));
  await sent.Ended();
  expect(sent.Out).toContain(" 87 %  262.1 kB of 300.0 kB ");
  expect(sent.Out).toContain("\r\u001b[KStored as level.json");
  const refused = Run.Shell(line("NO_COLOR= TERM=xterm"));
  const plain = Run.Shell(line("NO_COLOR=1 TERM=xterm"));
  await Promise.all([refused.Ended(), plain.Ended()]);
  expect(refused.Out).toContain("\u001b[31mThe server does not take it");
  expect(plain.Out).toContain("The server does not take it");
  expect(plain.Out).not.toContain("\u001b[31m");
});

test("--json and --name", async () => {
  const { Server, Port } = await start("--json");
  const sent = await Moonwire("send-file", "localhost", Port, level, "--json", "--name", "a b");
  expect(sent.Events()).toEqual([
    { stored: "a b", bytes: 300_000, milliseconds: expect.any(Number) },
  ]);
  await WaitFor(() => Server.Events().length === 2, "the event");
  expect(Server.Events()[1]).toEqual({
    event: "stored",
    from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    name: "a b",
    bytes: 300_000,
  });
});

describe("a name that is taken", () => {
  test.each([
    [[], 1, "", 'The server does not take it: There is a "level.json" already.\n'],
    [["--on-existing", "replace"], 0, "Stored as level.json, 300000 bytes\n", ""],
    [["--on-existing", "number"], 0, "Stored as level (1).json, 300000 bytes\n", ""],
  ])("with %j", async (flags, code, out, err) => {
    await writeFile(join(inbox, "level.json"), "old");
    const { Port } = await start(...flags);
    const sent = await Moonwire("send-file", "localhost", Port, level);
    expect([sent.Code, sent.Out, sent.Err]).toEqual([code, out, err]);
  });
});

test("--resume goes on with what a --resumable server kept", async () => {
  const { Server, Port } = await start("--resumable");
  const large = join(folder, "large");
  await writeFile(large, "moon");
  await truncate(large, 200_000_000);
  const first = Run.Moonwire("send-file", "localhost", Port, large, "--resume");
  await WaitFor(() => parts().some((part) => statSync(part).size > 0), "the first bytes");
  first.Child.kill("SIGTERM");
  await WaitFor(() => Server.Out.includes("failed"), "the cut");
  expect(parts()).toHaveLength(1);
  const second = await Moonwire("send-file", "localhost", Port, large, "--resume");
  expect([second.Code, second.Out]).toEqual([0, "Stored as large, 200000000 bytes\n"]);
  expect(await readdir(inbox)).toEqual(["large"]);
});

test("nc sends a file as kn-sock does, and gets the answer", async () => {
  const { Port } = await start();
  const client = Run.Shell(`printf 'a.txt\\n5\\nhello' | nc -N 127.0.0.1 ${Port}`);
  await client.Ended();
  expect([client.Code, client.Out]).toEqual([0, '{"stored":"a.txt"}\n']);
  expect(await readFile(join(inbox, "a.txt"), "utf8")).toBe("hello");
});

test("a file beyond --max-bytes is refused", async () => {
  const { Port } = await start("--max-bytes", "299999");
  const sent = await Moonwire("send-file", "localhost", Port, level);
  expect([sent.Code, sent.Err]).toEqual([1, expect.stringContaining("larger than 299999 bytes")]);
  expect(await readdir(inbox)).toEqual([]);
});

test("a disk that takes no more is an error on both sides, and leaves nothing", async () => {
  // The system's limit on the size of a file stands in for a full disk; in blocks of 512 bytes.
  const server = Run.Shell(`ulimit -f 100; exec "$0" "$1" run-file-server 0 '${inbox}'`);
  const sent = await Moonwire("send-file", "localhost", String(await server.Port()), level);
  const reason = "the file is larger than the system allows.";
  expect([sent.Code, sent.Err]).toEqual([1, expect.stringContaining(reason)]);
  await WaitFor(() => server.Out.includes(reason), "the server's line");
  expect(await readdir(inbox)).toEqual([]);
});

describe("a signal", () => {
  test("lets a transfer finish, then the server ends with 0", async () => {
    const { Server, Port } = await start();
    const client = ConnectPlain(Number(Port));
    client.Send("level\n10\n12345");
    await WaitFor(() => parts().length === 1, "the transfer to begin");
    Server.Child.kill("SIGTERM");
    client.Send("67890");
    await WaitFor(() => client.Ended, "the answer");
    client.Socket.end();
    await Server.Ended();
    expect([Server.Code, client.Text()]).toEqual([0, '{"stored":"level"}\n']);
    expect(await readFile(join(inbox, "level"), "utf8")).toBe("1234567890");
  });

  test("and a second one ends the server now, with 1", async () => {
    const { Server, Port } = await start();
    const client = ConnectPlain(Number(Port));
    client.Send("level\n10\n12345");
    await WaitFor(() => parts().length === 1, "the transfer to begin");
    Server.Child.kill("SIGTERM");
    // The port is free once the first one was acted on.
    const isFree = async (): Promise<boolean> => {
      const probe = ConnectPlain(Number(Port));
      await WaitFor(() => probe.Closed || !probe.Socket.connecting, "an answer");
      probe.Socket.destroy();
      return probe.Failure === "ECONNREFUSED";
    };
    while (!(await isFree()));
    Server.Child.kill("SIGTERM");
    await Server.Ended();
    expect(Server.Code).toBe(1);
    client.Socket.destroy();
  });

  test("ends send-file with 1: not all of it is there; the server keeps nothing", async () => {
    const { Server, Port } = await start();
    await truncate(level, 8_000_000_000);
    const sent = Run.Moonwire("send-file", "localhost", Port, level);
    await WaitFor(() => parts().length === 1, "the transfer to begin");
    sent.Child.kill("SIGINT");
    await sent.Ended();
    expect(sent.Code).toBe(1);
    expect(sent.Err.trim().split("\n")).toHaveLength(1);
    await WaitFor(() => Server.Out.includes("failed"), "the server's line");
    expect(await readdir(inbox)).toEqual([]);
  });
});

/** Files in the making. */
function parts(): string[] {
  const names = readdirSync(inbox).filter((name) => name.endsWith(".part"));
  return names.map((name) => join(inbox, name));
}
