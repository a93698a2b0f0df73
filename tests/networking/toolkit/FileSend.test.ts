import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { EasySocketError, FileTransferError } from "../../../networking/toolkit/Errors.ts";
import type { SendFileOptions } from "../../../networking/toolkit/FileSend.ts";
import { SendFile } from "../../../networking/toolkit/FileSend.ts";
import type { FileServerOptions } from "../../../networking/toolkit/FileServer.ts";
import { StartFileServer } from "../../../networking/toolkit/FileServer.ts";
import type { FileHeader } from "../../../networking/toolkit/FileWire.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
let folder = "";
let inbox = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moonwire-send-"));
  inbox = await mkdtemp(join(tmpdir(), "moonwire-inbox-"));
});
afterEach(() => Promise.all([folder, inbox].map((path) => rm(path, { recursive: true }))));

async function fileOf(content: Uint8Array | string): Promise<string> {
  const path = join(folder, "level.json");
  await writeFile(path, content);
  return path;
}

async function start(options: FileServerOptions = {}): Promise<ConnectionServer> {
  const server = await StartFileServer(0, inbox, {
    host: "127.0.0.1",
    backend: network.Backend,
    onError: () => undefined,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

function send(port: number, path: string, options: SendFileOptions = {}): Promise<FileHeader> {
  const sending = SendFile("127.0.0.1", port, path, { backend: network.Backend, ...options });
  sending.catch(() => undefined); // looked at later
  return sending;
}

test.each([0, 1, 65_536, 1_000_003])("%d bytes arrive as they are", async (size) => {
  const { Port } = await start();
  const path = await fileOf(Pattern(size));
  expect(await send(Port, path)).toEqual({ Name: "level.json", Size: size });
  const arrived = await readFile(join(inbox, "level.json"));
  expect(Buffer.compare(arrived, Pattern(size))).toBe(0);
});

test("speaks as kn-sock does: name, size, bytes", async () => {
  const server = await network.PlainServer();
  const sending = send(server.Port, await fileOf("12345"), { name: "Stufe 1.txt" });
  const peer = await server.Peer();
  await WaitFor(() => peer.Text().endsWith("12345"), "the file");
  expect(peer.Received.toString()).toBe("Stufe 1.txt\n5\n12345");
  peer.Send('{"stored":"Stufe 1 (1).txt"}\n');
  expect(await sending).toEqual({ Name: "Stufe 1 (1).txt", Size: 5 });
  await WaitFor(() => peer.Ended, "the end");
});

test("is done only when the server says that it is stored", async () => {
  const server = await network.PlainServer();
  let done = false;
  const sending = send(server.Port, await fileOf("12345")).then(() => (done = true));
  const peer = await server.Peer();
  await WaitFor(() => peer.Text().endsWith("12345"), "the file");
  expect(done).toBe(false);
  peer.Send('{"stored":"a"}\n');
  await sending;
});

test("progress is told after each piece and ends at the size", async () => {
  const { Port } = await start();
  const told: number[] = [];
  const onProgress = (sent: number, size: number): unknown => told.push(sent, size);
  await send(Port, await fileOf(Pattern(600_000)), { onProgress });
  expect(told).toEqual([262_144, 600_000, 524_288, 600_000, 600_000, 600_000]);
});

describe("a FileTransferError", () => {
  test("tells what the server has against it", async () => {
    const { Port } = await start();
    const path = await fileOf("new");
    await writeFile(join(inbox, "level.json"), "old");
    await expect(send(Port, path)).rejects.toThrow(/There is a "level.json" already\.$/);
    expect(await readFile(join(inbox, "level.json"), "utf8")).toBe("old");
  });

  test("comes soon when the server refuses a large file, and not all of it is sent", async () => {
    const { Port } = await start({ maxFileBytes: 1_000 });
    const path = await fileOf("");
    await truncate(path, 4_000_000_000);
    let sent = 0;
    const sending = send(Port, path, { onProgress: (bytes) => (sent = bytes) });
    await expect(sending).rejects.toThrow(/larger than 1000 bytes/);
    expect(sent).toBeLessThan(100_000_000);
  });

  test.each([
    ["ends without a word, as kn-sock's server does", "", /ended without a word/],
    ["says something else", "HTTP/1.1 400 Bad Request\n", /makes no sense/],
    ["says JSON that is no reply", "[1]\n", /makes no sense/],
    ["says bytes that are no text", Buffer.from([0xff, 0x0a]), /not UTF-8/],
  ])("when the server %s", async (_name, reply, sentence) => {
    const server = await network.PlainServer();
    const sending = send(server.Port, await fileOf("12345"));
    const peer = await server.Peer();
    await WaitFor(() => peer.Text().endsWith("12345"), "the file");
    peer.Socket.end(reply);
    await expect(sending).rejects.toThrow(sentence);
    await expect(sending).rejects.toBeInstanceOf(FileTransferError);
  });

  test("when the server resets the connection, with the code and the cause", async () => {
    const server = await network.PlainServer("127.0.0.1", false);
    let sent = 0;
    const onProgress = (bytes: number): unknown => (sent = bytes);
    const sending = send(server.Port, await fileOf(Pattern(50_000_000)), { onProgress });
    await WaitFor(() => sent > 0, "the first piece");
    (await server.Peer()).Socket.resetAndDestroy();
    const error = (await sending.catch((reason: unknown) => reason)) as FileTransferError;
    expect(error).toBeInstanceOf(FileTransferError);
    expect(error.Code).toBe(SocketError.CONNECTION_RESET);
    expect(error.cause).toBeInstanceOf(EasySocketError);
  });

  test("when the file becomes shorter meanwhile; the server keeps nothing", async () => {
    const failures: unknown[] = [];
    const { Port } = await start({ onError: (error) => failures.push(error) });
    const path = await fileOf(Pattern(2_000_000));
    let cut: Promise<void> | null = null;
    const sending = send(Port, path, { onProgress: () => void (cut ??= truncate(path, 0)) });
    await expect(sending).rejects.toThrow(/shorter meanwhile/);
    await WaitFor(() => failures.length === 1, "the server's failure");
    expect(await readdir(inbox)).toEqual([]);
  });

  test.each([
    ["nothing is there", "gone", "it is not there"],
    ["it is a folder", ".", "is no file"],
  ])("when %s", async (_name, path, sentence) => {
    const sending = send(1, join(folder, path), { name: "a" });
    await expect(sending).rejects.toThrow(sentence);
    await expect(sending).rejects.toBeInstanceOf(FileTransferError);
  });

  test("when it is a device", async () => {
    await expect(send(1, "/dev/zero")).rejects.toThrow("is no file");
  });

  test("for a name that no file may have, before it connects", async () => {
    await expect(send(1, await fileOf(""), { name: "../a" })).rejects.toThrow("separator");
  });
});

test("nobody listens: the error of Connect, and the file is closed", async () => {
  const server = await network.PlainServer();
  server.Stop();
  const error = await send(server.Port, await fileOf("a")).catch((reason: unknown) => reason);
  expect((error as EasySocketError).Code).toBe(SocketError.CONNECTION_REFUSED);
});

test("an aborting signal ends it; the server keeps nothing", async () => {
  const end = new AbortController();
  const failures: unknown[] = [];
  const { Port } = await start({ onError: (error) => failures.push(error) });
  const path = await fileOf("");
  await truncate(path, 1_000_000_000);
  const sending = send(Port, path, { signal: end.signal, onProgress: () => end.abort() });
  await expect(sending).rejects.toThrow(/aborted/);
  await WaitFor(() => failures.length === 1, "the server's failure");
  expect(await readdir(inbox)).toEqual([]);
});
