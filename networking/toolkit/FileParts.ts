/**
 * The unfinished files of a folder. One that nobody writes is what a cut transfer left to be gone
 * on with, or what a server that was killed left behind: neither stays for ever.
 */
import { randomUUID } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { SocketError } from "../core/SocketError.ts";
import { FileTransferError } from "./Errors.ts";
import { FileLimits } from "./FileLimits.ts";
import { PartPrefix } from "./FileName.ts";

/** Paths of those that this process writes. */
const open = new Set<string>();

/**
 * The path for a new one, which is then its caller's until `ReleasePart`.
 * @param digest null gives a path of its own; else there is one for each digest.
 * @throws FileTransferError with BUSY when another transfer writes it
 */
export function TakePart(folder: string, digest: string | null): string {
  const path = join(folder, `${PartPrefix}${digest ?? randomUUID()}.part`);
  if (open.has(path)) {
    throw new FileTransferError("Another transfer of this file is under way.", SocketError.BUSY);
  }
  open.add(path);
  return path;
}

export function ReleasePart(path: string): void {
  open.delete(path);
}

/** Removes what is older than `FileLimits.partAgeMs`, and all but the newest `maxParts`. */
export async function SweepParts(folder: string, nowMs: number = Date.now()): Promise<void> {
  const idle: { readonly Path: string; readonly AgeMs: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.startsWith(PartPrefix) || open.has(path)) continue;
    // It may go while this looks, and then that is what was wanted.
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) idle.push({ Path: path, AgeMs: nowMs - found.mtimeMs });
  }
  idle.sort((a, b) => a.AgeMs - b.AgeMs);
  const old = idle.filter(
    ({ AgeMs }, i) => AgeMs > FileLimits.partAgeMs || i >= FileLimits.maxParts,
  );
  for (const { Path } of old) await unlink(Path).catch(() => undefined);
}
