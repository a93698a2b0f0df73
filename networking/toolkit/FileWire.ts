/**
 * What a file transfer says on the wire. The sender's part is kn-sock's, so its senders are
 * understood; the answer is a line of JSON, which they do not wait for.
 *
 * ```
 *   sender   name LF  size LF  the bytes
 *   server   {"stored":"level.json"} LF        all of it is on the disk, under this name
 *            {"error":"The disk is full."} LF  it is not; may come before all bytes are sent
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

export type FileReply = { readonly stored: string } | { readonly error: string };

const lineFeed = 10;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export function EncodeFileHeader({ Name, Size }: FileHeader): string {
  return `${Name}\n${Size}\n`;
}

export function EncodeFileReply(reply: FileReply): string {
  return EncodeJsonLine(reply);
}

/** Rejects with FileTransferError for a header that is none, or a name that no file may have. */
export async function ReadFileHeader(connection: Connection): Promise<FileHeader> {
  const Name = await readLine(connection);
  const problem = FileNameProblem(Name);
  if (problem !== null) throw new FileTransferError(problem, SocketError.PROTOCOL_ERROR);
  const size = await readLine(connection);
  const Size = Number(size);
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Size)) {
    throw new FileTransferError("The size is not a number of bytes.", SocketError.PROTOCOL_ERROR);
  }
  return { Name, Size };
}

/** Rejects with FileTransferError when the server ends without a word, or says something else. */
export async function ReadFileReply(connection: Connection): Promise<FileReply> {
  const line = await readLine(connection);
  const reply = parse(line);
  if (typeof reply === "object" && reply !== null) {
    if ("stored" in reply && typeof reply.stored === "string") return { stored: reply.stored };
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
