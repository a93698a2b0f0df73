/**
 * A large file in bounded memory and no slower than it should be, on the compiled package in a
 * process of its own: 192 MiB, or as many bytes as MOONWIRE_FILE_BYTES says.
 */
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const size = Number(process.env.MOONWIRE_FILE_BYTES ?? 201_326_592);
/** Both sides of the transfer, and what the garbage collector leaves for later. */
const maxGrowth = 128 * 2 ** 20;
const toolkit = new URL("../../../dist/networking/toolkit/", import.meta.url).href;

/** Sends a small file first, so that what is loaded once does not count. */
const script = `
  import { StartFileServer } from "${toolkit}FileServer.js";
  import { SendFile } from "${toolkit}FileSend.js";
  const [folder, small, large] = process.argv.slice(1);
  const server = await StartFileServer(0, folder, { host: "127.0.0.1" });
  await SendFile("127.0.0.1", server.Port, small);
  const before = process.resourceUsage().maxRSS;
  const start = performance.now();
  await SendFile("127.0.0.1", server.Port, large);
  const seconds = (performance.now() - start) / 1000;
  await server.Close();
  const growth = (process.resourceUsage().maxRSS - before) * 1024;
  console.log(JSON.stringify({ growth, seconds }));
`;

async function writeRandom(path: string, bytes: number): Promise<void> {
  const piece = randomBytes(Math.min(bytes, 2 ** 20));
  const handle = await open(path, "w");
  for (let left = bytes; left > 0; left -= piece.length) {
    piece.writeDoubleLE(left); // no two pieces alike
    await handle.write(piece, 0, Math.min(left, piece.length));
  }
  await handle.close();
}

async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

test(`${size / 2 ** 20} MiB`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "moonwire-memory-"));
  try {
    const [small, large, inbox] = ["small", "large", "inbox"].map((name) => join(folder, name));
    await mkdir(inbox!);
    await writeRandom(small!, 2 ** 20);
    await writeRandom(large!, size);
    const args = ["--input-type=module", "--eval", script, inbox!, small!, large!];
    const run = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const { growth, seconds } = JSON.parse(run.stdout) as { growth: number; seconds: number };
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    console.info(`${megabytes(size / seconds)}/s, ${megabytes(growth)} more memory at most`);
    expect(growth).toBeLessThan(maxGrowth);
    expect(await digest(join(inbox!, "large"))).toBe(await digest(large!));
  } finally {
    await rm(folder, { recursive: true });
  }
});
