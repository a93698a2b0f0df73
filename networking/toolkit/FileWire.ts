/**
 * What a file transfer says on the wire. The sender's part is kn-sock's, so its senders are
 * understood; the answer is a line of JSON, which they do not wait for.
 *
 * ```
 *   sender   name LF  size LF  the bytes
 *   server   {"stored":"level.json"} LF        all of it is on the disk, under this name
 *            {"error":"The disk is full."} LF  it is not; may come before all bytes are sent
 *
 *   sender   name LF  size SP sha256 LF        wants to go on where an earlier attempt was cut
 *   server   {"from":4096} LF                  it has so many bytes of a file with this digest
 *   sender   the bytes from there              and so on, as above
 * ```
 *
 * Limits: `FileLimits.lineBytes` per line.
 */
import { SocketError } from "../core/SocketError.ts";
import type { Connection } from "./Connection.ts";
import { FileTransferError } from "./Errors.ts";
import { FileLimits } from "./FileLimits.ts";
import { FileNameProblem } from "./FileName.ts";
import { EncodeJsonLine } from "./JsonLines.ts";

export interface FileHeader {
  readonly Name: string;
  /** Bytes, 0..2^53 - 1 */
  readonly Size: number;
}

/** What a sender announces. */
export interface FileOffer extends FileHeader {
  /** SHA-256 in hexadecimal, of a sender that wants to go on; else null. */
  readonly Digest: string | null;
}

export type FileReply =
  { readonly stored: string } | { readonly error: string } | { readonly from: number };

const lineFeed = 10;
const sizeLine = /^(0|[1-9]\d*)(?: ([0-9a-f]{64}))?$/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export function EncodeFileOffer({ Name, Size, Digest }: FileOffer): string {
  return `${Name}\n${Size}${Digest === null ? "" : ` ${Digest}`}\n`;
}

export function EncodeFileReply(reply: FileReply): string {
  return EncodeJsonLine(reply);
}

/** Rejects with FileTransferError for an offer that is none, or a name that no file may have. */
export async function ReadFileOffer(connection: Connection): Promise<FileOffer> {
  const Name = await readLine(connection);
  const problem = FileNameProblem(Name);
  if (problem !== null) throw new FileTransferError(problem, SocketError.PROTOCOL_ERROR);
  const [, size, digest] = sizeLine.exec(await readLine(connection)) ?? [];
  const Size = Number(size);
  if (!Number.isSafeInteger(Size)) {
    throw new FileTransferError("The size is not a number of bytes.", SocketError.PROTOCOL_ERROR);
  }
  return { Name, Size, Digest: digest ?? null };
}

/** Rejects with FileTransferError when the server ends without a word, or says something else. */
export async function ReadFileReply(connection: Connection): Promise<FileReply> {
  const line = await readLine(connection);
  const reply = parse(line);
  if (typeof reply === "object" && reply !== null) {
    if ("stored" in reply && typeof reply.stored === "string") return { stored: reply.stored };
    if ("from" in reply && typeof reply.from === "number") return { from: reply.from };
    if ("error" in reply && typeof reply.error === "string") return { error: reply.error };
  }
  throw new FileTransferError("The server's reply makes no sense.", SocketError.PROTOCOL_ERROR);
}

async function readLine(connection: Connection): Promise<string> {
  const line = await connection.ReadUntil(lineFeed, FileLimits.lineBytes);
  if (line === null) {
    throw new FileTransferError("The peer ended without a word.", SocketError.FILE_EOF);
  }
  try {
    return utf8.decode(line);
  } catch (error) {
    throw new FileTransferError("A line is not UTF-8.", SocketError.PROTOCOL_ERROR, error);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
