/** Against plain senders, which say what they like; SendFile has a test of its own. */
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { FileTransferError } from "../../../networking/toolkit/Errors.ts";
import type { FileServerOptions } from "../../../networking/toolkit/FileServer.ts";
import { StartFileServer } from "../../../networking/toolkit/FileServer.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const failures: unknown[] = [];
let folder = "";
beforeEach(async () => {
  failures.length = 0;
  folder = await mkdtemp(join(tmpdir(), "moonwire-server-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function start(options: FileServerOptions = {}): Promise<ConnectionServer> {
  const server = await StartFileServer(0, folder, {
    host: "127.0.0.1",
    backend: network.Backend,
    onError: (error) => failures.push(error),
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

/** Sends `data` as it is. @returns the reply, once the server has ended */
async function send(server: ConnectionServer, ...data: (string | Uint8Array)[]): Promise<unknown> {
  const peer = network.PlainClient(server.Port);
  for (const piece of data) peer.Send(piece);
  return replyTo(peer);
}

async function replyTo(peer: PlainPeer): Promise<unknown> {
  await WaitFor(() => peer.Ended, "the server's end");
  peer.Socket.end();
  expect(peer.Failure).toBe("");
  return peer.Received.length === 0 ? undefined : JSON.parse(peer.Received.toString());
}

/** Files in the making. */
function partCount(): number {
  return readdirSync(folder).filter((name) => name.endsWith(".part")).length;
}

test("a file comes in as kn-sock sends it: name, size, bytes", async () => {
  const stored: unknown[] = [];
  const server = await start({ onStored: (file) => stored.push(file) });
  const content = Pattern(200_000);
  const file = { Name: "Größe 1.bin", Size: 200_000 };
  expect(await send(server, "Größe 1.bin\n", "200000\n", content)).toEqual({
    stored: "Größe 1.bin",
  });
  expect(Buffer.compare(await readFile(join(folder, file.Name)), content)).toBe(0);
  expect(stored).toEqual([file]);
  expect(failures).toEqual([]);
});

test("a sender that leaves right after the last byte, as kn-sock's do, is served", async () => {
  const stored: unknown[] = [];
  const server = await start({ onStored: (file) => stored.push(file.Name) });
  network.PlainClient(server.Port, "127.0.0.1", false).Socket.end("a\n3\nabc");
  await WaitFor(() => stored.length === 1, "the file");
  expect(await readFile(join(folder, "a"), "utf8")).toBe("abc");
});

test("an empty file is a file, and byte by byte is a way to send", async () => {
  const server = await start();
  expect(await send(server, "empty\n0\n")).toEqual({ stored: "empty" });
  const peer = network.PlainClient(server.Port);
  for (const byte of Buffer.from("slow\n5\nbytes")) peer.Send(Uint8Array.of(byte));
  expect(await replyTo(peer)).toEqual({ stored: "slow" });
  expect(await readdir(folder)).toEqual(["empty", "slow"]);
});

test("many come at once, each whole", async () => {
  const server = await start();
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  await Promise.all(
    numbers.map((i) => send(server, `file${i}\n${i * 10_000}\n`, Pattern(i * 10_000, i))),
  );
  for (const i of numbers) {
    const content = await readFile(join(folder, `file${i}`));
    expect(Buffer.compare(content, Pattern(i * 10_000, i))).toBe(0);
  }
});

test("progress is told after each piece and ends at the size", async () => {
  const told: number[] = [];
  const server = await start({ onProgress: (_file, received) => told.push(received) });
  await send(server, "a\n300000\n", Pattern(300_000));
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBe(300_000);
});

describe("refuses in one line, and leaves nothing:", () => {
  test.each([
    ["a way up", "../a\n1\nx"],
    ["a path", "/tmp/a\n1\nx"],
    ["another system's path", "a\\b\n1\nx"],
    ["a NUL", "a\0b\n1\nx"],
    ["no name", "\n1\nx"],
    ["a device", "nul\n1\nx"],
    ["a name that is too long", `${"x".repeat(256)}\n1\nx`],
    ["a name that is no UTF-8", Buffer.from([0xff, 0x0a, 0x31, 0x0a, 0x78])],
    ["a name of an unfinished file", ".moonwire-1.part\n1\nx"],
    ["a size that is none", "a\nmany\nx"],
    ["a negative size", "a\n-1\nx"],
    ["a size with a fraction", "a\n1.5\nx"],
    ["a size with a zero in front", "a\n01\nx"],
    ["a size beyond all numbers", `a\n${"9".repeat(30)}\nx`],
    ["a file that is too large", "a\n1001\nx"],
    ["a name that is taken", "taken\n1\nx"],
    ["a link's name", "link\n1\nx"],
  ])("%s", async (_name, data) => {
    await writeFile(join(folder, "taken"), "old");
    await symlink("/etc/passwd", join(folder, "link"));
    const server = await start({ maxFileBytes: 1_000 });
    expect(await send(server, data)).toEqual({ error: expect.stringMatching(/\.$/) });
    await WaitFor(() => failures.length === 1, "the failure");
    expect(failures[0]).toBeInstanceOf(FileTransferError);
    expect(await readdir(folder)).toEqual(["link", "taken"]);
    expect(await readFile(join(folder, "taken"), "utf8")).toBe("old");
  });

  test("a size of the limit is taken", async () => {
    const server = await start({ maxFileBytes: 1_000 });
    expect(await send(server, "a\n1000\n", Pattern(1_000))).toEqual({ stored: "a" });
  });
});

describe("a transfer that is cut", () => {
  test.each([
    ["in the name", "level"],
    ["in the size", "level\n10"],
    ["before the bytes", "level\n10\n"],
    ["one byte early", "level\n10\n123456789"],
  ])("%s is an error on both sides and leaves nothing", async (_name, data) => {
    const server = await start();
    const peer = network.PlainClient(server.Port);
    peer.Socket.end(data);
    expect(await replyTo(peer)).toEqual({ error: expect.any(String) });
    await WaitFor(() => failures.length === 1, "the failure");
    expect(await readdir(folder)).toEqual([]);
  });

  test("by a reset leaves nothing", async () => {
    const server = await start();
    const peer = network.PlainClient(server.Port);
    peer.Send("level\n1000000\n");
    peer.Send(Pattern(500_000));
    await WaitFor(() => server.ActiveConnections === 1, "the transfer");
    peer.Socket.resetAndDestroy();
    await WaitFor(() => failures.length === 1, "the failure");
    expect(failures[0]).toBeInstanceOf(FileTransferError);
    expect(await readdir(folder)).toEqual([]);
  });

  test("by silence leaves nothing", async () => {
    const server = await start({ idleTimeout: 50 });
    const peer = network.PlainClient(server.Port);
    peer.Send("level\n10\n12345");
    await WaitFor(() => failures.length === 1, "the failure");
    expect(await readdir(folder)).toEqual([]);
  });

  test("by the server's end, after its grace time, leaves nothing", async () => {
    const server = await start({ grace: 20 });
    const peer = network.PlainClient(server.Port);
    peer.Send("level\n10\n12345");
    await WaitFor(() => partCount() === 1, "the transfer");
    await server.Close();
    expect(await readdir(folder)).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});

test("a server that ends lets a transfer finish within the grace time", async () => {
  const server = await start({ grace: 10_000 });
  const peer = network.PlainClient(server.Port);
  peer.Send("level\n10\n12345");
  await WaitFor(() => partCount() === 1, "the transfer");
  const closed = server.Close();
  peer.Send("67890");
  expect(await replyTo(peer)).toEqual({ stored: "level" });
  await closed;
});

test("a mistake in a callback is told as such, and leaves nothing", async () => {
  const server = await start({
    onProgress: () => {
      throw new Error("on purpose");
    },
  });
  expect(await send(server, "a\n1\nx")).toEqual({ error: "The server failed." });
  await WaitFor(() => failures.length === 1, "the failure");
  expect(failures).toEqual([new Error("on purpose")]);
  expect(await readdir(folder)).toEqual([]);
});

test("whoever only looks whether somebody listens is no failure", async () => {
  const server = await start();
  const peer = network.PlainClient(server.Port);
  peer.Socket.end();
  expect(await replyTo(peer)).toBeUndefined();
  expect(server.FailedConnections).toBe(0);
});

test("a folder that is none is a FileTransferError", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const path of [file, join(folder, "gone")]) {
    await expect(StartFileServer(0, path)).rejects.toThrow(FileTransferError);
  }
});
