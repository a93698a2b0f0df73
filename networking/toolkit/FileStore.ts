/**
 * One file that comes in: written under a name of its own in the folder, and given its real name
 * only when all of it is on the disk.
 *
 * ```
 *   Create --> .moonwire-<random>.part --Write...--> Commit: fsync, link or rename --> the name
 *                          |
 *                          +-- Discard (whatever failed) --> nothing
 *                          +-- Keep (cut, but can be gone on with) --> .moonwire-<sha256>.part
 * ```
 *
 * A name that is taken stays taken, by whatever: a link there is neither followed nor replaced
 * unless `OnExisting` says so, and then it is the link that goes, not what it leads to.
 */
import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { link, lstat, open, rename, statfs, unlink } from "node:fs/promises";
import { join, parse } from "node:path";
import { SocketError } from "../core/SocketError.ts";
import { FileTransferError } from "./Errors.ts";
import { FileErrorOf, HasErrno } from "./FileError.ts";
import { FileLimits } from "./FileLimits.ts";
import { ReleasePart, SweepParts, TakePart } from "./FileParts.ts";
import type { FileOffer } from "./FileWire.ts";

const maxTypeLength = 32;
/** Reads and writes what is there, or makes it; a link there is an error. */
const goOnFlags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/** What happens when the folder has the name already. */
export type OnExisting =
  /** The transfer fails, before its bytes when the name is taken by then. */
  | "refuse"
  /** The new file takes the old one's place, at once and whole. */
  | "replace"
  /** The new file becomes `name (1).txt`, or the next number that is free. */
  | "number";

export interface FileStoreOptions {
  readonly OnExisting: OnExisting;
  /** What is cut can be kept, and is gone on with if it is there; for offers with a digest. */
  readonly Resumable: boolean;
}

export class FileStore {
  readonly #folder: string;
  readonly #offer: FileOffer;
  readonly #options: FileStoreOptions;
  readonly #part: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash | null;
  #length = 0;
  #open = true;

  private constructor(
    folder: string,
    offer: FileOffer,
    options: FileStoreOptions,
    part: string,
    handle: FileHandle,
  ) {
    this.#folder = folder;
    this.#offer = offer;
    this.#options = options;
    this.#part = part;
    this.#handle = handle;
    this.#hash = offer.Digest === null ? null : createHash("sha256");
  }

  /**
   * Begins a file, or goes on with it: see `Length`. Rejects with FileTransferError when the name
   * is taken, the disk has no room, or the folder takes no files.
   * @param offer whose name `FileNameProblem` has nothing against.
   */
  static async Create(
    folder: string,
    offer: FileOffer,
    options: FileStoreOptions,
  ): Promise<FileStore> {
    const { Name, Size, Digest } = offer;
    if (options.OnExisting === "refuse" && (await exists(join(folder, Name)))) throw taken(Name);
    const resumes = options.Resumable && Digest !== null;
    const part = TakePart(folder, resumes ? Digest : null);
    try {
      const { blocks, bavail, bsize } = await statfs(folder);
      // Some file systems do not know their size; they say no later, if at all.
      if (blocks > 0 && bavail * bsize < Size) {
        throw new FileTransferError(`The disk has no room for "${Name}".`);
      }
      const handle = await open(part, resumes ? goOnFlags : "wx");
      const store = new FileStore(folder, offer, options, part, handle);
      if (resumes) await store.#readBack();
      return store;
    } catch (error) {
      ReleasePart(part);
      throw FileErrorOf(error, `Storing "${Name}"`);
    }
  }

  /** Bytes that are there; above 0 at the beginning when an earlier attempt left them. */
  get Length(): number {
    return this.#length;
  }

  /** Appends; the bytes must not change until it resolves. */
  async Write(bytes: Uint8Array): Promise<void> {
    try {
      for (let from = 0; from < bytes.length;) {
        const left = bytes.length - from;
        const { bytesWritten } = await this.#handle.write(bytes, from, left, this.#length);
        this.#length += bytesWritten;
        from += bytesWritten;
      }
      this.#hash?.update(bytes);
    } catch (error) {
      throw FileErrorOf(error, `Storing "${this.#offer.Name}"`);
    }
  }

  /**
   * Makes it last and gives it its name. Rejects with FileTransferError, and leaves nothing, also
   * when it is not what its digest says.
   * @returns the name, which "number" may have changed.
   */
  async Commit(): Promise<string> {
    try {
      if (this.#hash !== null && this.#hash.digest("hex") !== this.#offer.Digest) {
        const text = `"${this.#offer.Name}" is not what its digest says.`;
        throw new FileTransferError(text, SocketError.PROTOCOL_ERROR);
      }
      await this.#handle.sync();
      const name = await this.#giveName();
      await syncFolder(this.#folder);
      return name;
    } catch (error) {
      throw FileErrorOf(error, `Storing "${this.#offer.Name}"`);
    } finally {
      // Its part, if it has not become the file.
      await this.Discard();
    }
  }

  /** Leaves what is there to be gone on with, if it can be; else nothing. Never rejects. */
  async Keep(): Promise<void> {
    if (!this.#options.Resumable || this.#hash === null || this.#length === 0)
      return this.Discard();
    await this.#close();
    await SweepParts(this.#folder).catch(() => undefined);
  }

  /** Leaves nothing behind. Never rejects; harmless after `Commit` and `Keep`. */
  async Discard(): Promise<void> {
    if (!this.#open) return;
    await unlink(this.#part).catch(() => undefined);
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#handle.close().catch(() => undefined);
    ReleasePart(this.#part);
  }

  /** What an earlier attempt left counts for the digest as if it had just come. */
  async #readBack(): Promise<void> {
    const { size } = await this.#handle.stat();
    if (size > this.#offer.Size) return this.#handle.truncate(0);
    const piece = new Uint8Array(FileLimits.pieceBytes);
    while (this.#length < size) {
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, this.#length);
      if (bytesRead === 0) return;
      this.#hash?.update(piece.subarray(0, bytesRead));
      this.#length += bytesRead;
    }
  }

  async #giveName(): Promise<string> {
    const { Name } = this.#offer;
    if (this.#options.OnExisting === "replace") {
      await rename(this.#part, join(this.#folder, Name));
      return Name;
    }
    const tries = this.#options.OnExisting === "number" ? FileLimits.nameTries : 0;
    for (let i = 0; i <= tries; i++) {
      const name = numbered(Name, i);
      if (await moveTo(this.#part, join(this.#folder, name))) return name;
    }
    throw taken(Name);
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
