/**
 * One file that comes in: written under a name of its own in the folder, and given its real name
 * only when all of it is on the disk.
 *
 * ```
 *   Create --> .moonwire-<random>.part --Write...--> Commit: fsync, link or rename --> the name
 *                          |
 *                          +-- Discard (whatever failed) --> nothing
 * ```
 *
 * A name that is taken stays taken, by whatever: a link there is neither followed nor replaced
 * unless `OnExisting` says so, and then it is the link that goes, not what it leads to.
 */
import { randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { link, lstat, open, rename, statfs, unlink } from "node:fs/promises";
import { join, parse } from "node:path";
import { SocketError } from "../core/SocketError.ts";
import { FileTransferError } from "./Errors.ts";
import { FileErrorOf, HasErrno } from "./FileError.ts";
import { FileLimits } from "./FileLimits.ts";
import { PartPrefix } from "./FileName.ts";

const maxTypeLength = 32;

/** What happens when the folder has the name already. */
export type OnExisting =
  /** The transfer fails, before its bytes when the name is taken by then. */
  | "refuse"
  /** The new file takes the old one's place, at once and whole. */
  | "replace"
  /** The new file becomes `name (1).txt`, or the next number that is free. */
  | "number";

export class FileStore {
  readonly #folder: string;
  readonly #name: string;
  readonly #onExisting: OnExisting;
  readonly #part: string;
  readonly #handle: FileHandle;

  private constructor(
    folder: string,
    name: string,
    onExisting: OnExisting,
    part: string,
    handle: FileHandle,
  ) {
    this.#folder = folder;
    this.#name = name;
    this.#onExisting = onExisting;
    this.#part = part;
    this.#handle = handle;
  }

  /**
   * Begins a file. Rejects with FileTransferError when the name is taken, the disk has no room, or
   * the folder takes no files.
   * @param name one that `FileNameProblem` has nothing against.
   * @param size bytes that will come.
   */
  static async Create(
    folder: string,
    name: string,
    size: number,
    onExisting: OnExisting,
  ): Promise<FileStore> {
    if (onExisting === "refuse" && (await exists(join(folder, name)))) throw taken(name);
    const part = join(folder, `${PartPrefix}${randomUUID()}.part`);
    try {
      const { blocks, bavail, bsize } = await statfs(folder);
      // Some file systems do not know their size; they say no later, if at all.
      if (blocks > 0 && bavail * bsize < size)
        throw new FileTransferError(`The disk has no room for "${name}".`);
      const handle = await open(part, "wx");
      return new FileStore(folder, name, onExisting, part, handle);
    } catch (error) {
      throw FileErrorOf(error, `Storing "${name}"`);
    }
  }

  /** Appends; the bytes must not change until it resolves. */
  async Write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        written += (await this.#handle.write(bytes, written)).bytesWritten;
      }
    } catch (error) {
      throw FileErrorOf(error, `Storing "${this.#name}"`);
    }
  }

  /** Makes it last and gives it its name. @returns the name, which "number" may have changed. */
  async Commit(): Promise<string> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      const name = await this.#giveName();
      await syncFolder(this.#folder);
      return name;
    } catch (error) {
      await this.Discard();
      throw FileErrorOf(error, `Storing "${this.#name}"`);
    }
  }

  /** Leaves nothing behind. Never rejects; harmless after `Commit`. */
  async Discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await unlink(this.#part).catch(() => undefined);
  }

  async #giveName(): Promise<string> {
    if (this.#onExisting === "replace") {
      await rename(this.#part, join(this.#folder, this.#name));
      return this.#name;
    }
    const tries = this.#onExisting === "number" ? FileLimits.nameTries : 0;
    for (let i = 0; i <= tries; i++) {
      const name = numbered(this.#name, i);
      if (await moveTo(this.#part, join(this.#folder, name))) return name;
    }
    throw taken(this.#name);
  }
}

/** Moves without ever replacing. @returns false when something is there. */
async function moveTo(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (HasErrno(error, "EEXIST")) return false;
    if (!HasErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS")) throw error;
    // A file system without links: a glance before the rename is the best there is.
    if (await exists(to)) return false;
    await rename(from, to);
    return true;
  }
  await unlink(from);
  return true;
}

/** `level.json`, `level (1).json`, `level (2).json`, ..., none longer than a name may be. */
function numbered(name: string, number: number): string {
  if (number === 0) return name;
  const { ext } = parse(name);
  // What is longer is no type of a file.
  const type = ext.length <= maxTypeLength ? ext : "";
  const suffix = ` (${number})${type}`;
  let kept = name.slice(0, name.length - type.length);
  while (Buffer.byteLength(kept + suffix) > FileLimits.nameBytes) {
    kept = Array.from(kept).slice(0, -1).join("");
  }
  return kept + suffix;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !HasErrno(error, "ENOENT");
  }
}

/** After it a crash of the machine does not undo the name; Windows cannot and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

function taken(name: string): FileTransferError {
  return new FileTransferError(`There is a "${name}" already.`, SocketError.ALREADY_INIT);
}
