/** A transfer that is cut and gone on with. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import type { SendFileOptions } from "../../../networking/toolkit/FileSend.ts";
import { SendFile } from "../../../networking/toolkit/FileSend.ts";
import type { FileServerOptions } from "../../../networking/toolkit/FileServer.ts";
import { StartFileServer } from "../../../networking/toolkit/FileServer.ts";
import type { FileHeader } from "../../../networking/toolkit/FileWire.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const size = 3_000_000;
const content = Pattern(size);
const digest = createHash("sha256").update(content).digest("hex");
const part = `.moonwire-${digest}.part`;
const failures: Error[] = [];
let folder = "";
let inbox = "";
let path = "";
beforeEach(async () => {
  failures.length = 0;
  folder = await mkdtemp(join(tmpdir(), "moonwire-send-"));
  inbox = await mkdtemp(join(tmpdir(), "moonwire-inbox-"));
  path = join(folder, "level");
  await writeFile(path, content);
});
afterEach(() => Promise.all([folder, inbox].map((name) => rm(name, { recursive: true }))));

async function start(options: FileServerOptions = {}): Promise<ConnectionServer> {
  const server = await StartFileServer(0, inbox, {
    host: "127.0.0.1",
    backend: network.Backend,
    onError: (error) => failures.push(error as Error),
    resumable: true,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

function send(server: ConnectionServer, options: SendFileOptions = {}): Promise<FileHeader> {
  const all = { backend: network.Backend, resume: true, ...options };
  return SendFile("127.0.0.1", server.Port, path, all);
}

/** Sends, and cuts the connection when about half of it is out. */
async function sendHalf(server: ConnectionServer, options: SendFileOptions = {}): Promise<void> {
  const end = new AbortController();
  const onProgress = (sent: number): void => {
    if (sent > size / 2) end.abort();
  };
  const sending = send(server, { signal: end.signal, onProgress, ...options });
  await expect(sending).rejects.toThrow("aborted");
  await WaitFor(() => failures.length === 1, "the server to notice");
}

const stored = async (): Promise<boolean> => {
  return Buffer.compare(await readFile(join(inbox, "level")), content) === 0;
};

test("what arrived before the cut is not sent again", async () => {
  const server = await start();
  await sendHalf(server);
  expect(await readdir(inbox)).toEqual([part]);
  const kept = (await readFile(join(inbox, part))).length;
  expect(kept).toBeGreaterThan(0);

  const told: number[] = [];
  await send(server, { onProgress: (sent) => told.push(sent) });
  expect(told[0]).toBeGreaterThan(kept);
  expect(told.at(-1)).toBe(size);
  expect(told).toHaveLength(Math.ceil((size - kept) / 262_144));
  expect(await readdir(inbox)).toEqual(["level"]);
  expect(await stored()).toBe(true);
});

test("also by another server, and when all of it had arrived", async () => {
  await writeFile(join(inbox, part), content);
  const told: number[] = [];
  await send(await start(), { onProgress: (sent) => told.push(sent) });
  expect(told).toEqual([]);
  expect(await stored()).toBe(true);
});

test("what was kept and is not the file's beginning is found out, and thrown away", async () => {
  await writeFile(join(inbox, part), Pattern(100_000, 1));
  const server = await start();
  await expect(send(server)).rejects.toThrow("not what its digest says");
  expect(await readdir(inbox)).toEqual([]);
  await send(server);
  expect(await stored()).toBe(true);
});

test("what was kept and is longer than the file is not used", async () => {
  await writeFile(join(inbox, part), Pattern(size + 1));
  await send(await start());
  expect(await stored()).toBe(true);
});

test("a link in place of what was kept is not followed", async () => {
  const outside = join(folder, "outside");
  await writeFile(outside, "mine");
  await symlink(outside, join(inbox, part));
  await expect(send(await start())).rejects.toThrow("does not take it");
  expect(await readFile(outside, "utf8")).toBe("mine");
});

test("a signal ends it while the file is read for its digest, before it connects", async () => {
  const server = await start();
  await expect(send(server, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  expect(server.TotalConnections).toBe(0);
});

test("two at once with the same file: the second is refused, the first goes on", async () => {
  const server = await start();
  const first = network.PlainClient(server.Port);
  first.Send(`level\n${size} ${digest}\n`);
  await first.WaitReceived(1);
  await expect(send(server)).rejects.toThrow("under way");
  first.Send(content);
  await WaitFor(() => first.Text().endsWith('{"stored":"level"}\n'), "the file");
  expect(first.Text()).toBe('{"from":0}\n{"stored":"level"}\n');
  expect(await stored()).toBe(true);
});

describe("nothing is kept", () => {
  test("by a server that is not resumable, which begins afresh", async () => {
    const server = await start({ resumable: false });
    await sendHalf(server);
    expect(await readdir(inbox)).toEqual([]);
    await send(server);
    expect(await stored()).toBe(true);
  });

  test("of a sender that will not go on", async () => {
    await sendHalf(await start(), { resume: false });
    expect(await readdir(inbox)).toEqual([]);
  });

  test("when a callback fails", async () => {
    const server = await start({
      onProgress: () => {
        throw new Error("on purpose");
      },
    });
    await expect(send(server)).rejects.toThrow("The server failed.");
    expect(await readdir(inbox)).toEqual([]);
  });
});

test.each(["{}", '{"from":-1}', '{"from":3000001}', '{"from":0.5}', '{"stored":"level"}'])(
  "a server that answers the offer with %s is not believed",
  async (reply) => {
    const server = await network.PlainServer();
    const sending = SendFile("127.0.0.1", server.Port, path, {
      backend: network.Backend,
      resume: true,
    });
    sending.catch(() => undefined); // looked at below
    const peer = await server.Peer();
    await WaitFor(() => peer.Text().endsWith(`${digest}\n`), "the offer");
    peer.Send(`${reply}\n`);
    await expect(sending).rejects.toThrow("makes no sense");
  },
);
