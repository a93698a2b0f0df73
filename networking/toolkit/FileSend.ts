/**
 * `SendFile`: sends one file to a file server (kn-sock `send_file`), and returns when the server
 * has it on its disk.
 *
 * Limits: one piece of the file in memory; the server's pace slows the reading down.
 */
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { SocketError } from "../core/SocketError.ts";
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { AbortError, FileTransferError } from "./Errors.ts";
import { FileErrorOf } from "./FileError.ts";
import { FileLimits } from "./FileLimits.ts";
import { FileNameProblem } from "./FileName.ts";
import type { FileHeader, FileOffer, FileReply } from "./FileWire.ts";
import { EncodeFileOffer, ReadFileReply } from "./FileWire.ts";

export interface SendFileOptions extends ConnectOptions {
  /** The name to store it under; the file's own by default. */
  readonly name?: string;
  /**
   * Go on where an earlier attempt was cut, if the server kept it. The file is read twice: the
   * server checks at the end that what it has put together is this file.
   */
  readonly resume?: boolean;
  /** Told after each piece. */
  readonly onProgress?: (sent: number, size: number) => void;
}

/**
 * @param path a file. If it grows meanwhile the rest is not sent, if it shrinks the transfer fails.
 * @returns the name that the server stored it under, and its size, once it is on the disk there
 * @throws FileTransferError (the file, or the server could not take it); EasySocketError as
 *   `Connect`
 */
export async function SendFile(
  host: string,
  port: number,
  path: string,
  options: SendFileOptions = {},
): Promise<FileHeader> {
  const Name = options.name ?? basename(path);
  const problem = FileNameProblem(Name);
  if (problem !== null) throw new FileTransferError(problem, SocketError.INVALID_PARAMETER);
  const handle = await openFile(path);
  try {
    const { size: Size } = await handle.stat();
    const Digest = options.resume === true ? await digest(handle, path, Size, options) : null;
    await using connection = await Connect(host, port, options);
    return await send(connection, handle, { Name, Size, Digest }, options);
  } finally {
    await handle.close();
  }
}

/** Opening what is no file, such as a pipe, could wait for ever. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isFile()) return await open(path);
  } catch (error) {
    throw FileErrorOf(error, `Reading "${path}"`);
  }
  throw new FileTransferError(`"${path}" is no file.`);
}

async function digest(
  handle: FileHandle,
  path: string,
  size: number,
  { signal }: SendFileOptions,
): Promise<string> {
  const hash = createHash("sha256");
  try {
    await readPieces(handle, 0, size, (piece) => {
      if (signal?.aborted) throw AbortError(signal, "Sending it");
      hash.update(piece);
    });
  } catch (error) {
    throw FileErrorOf(error, `Reading "${path}"`);
  }
  return hash.digest("hex");
}

async function send(
  connection: Connection,
  handle: FileHandle,
  offer: FileOffer,
  { onProgress }: SendFileOptions,
): Promise<FileHeader> {
  try {
    await connection.Write(EncodeFileOffer(offer));
    const from = offer.Digest === null ? 0 : await readFrom(connection, offer.Size);
    await readPieces(handle, from, offer.Size, async (piece, sent) => {
      // Whatever the server says before it has all of it is a refusal, which is read below.
      if (connection.GetAvailableBytes() > 0) return false;
      await connection.Write(piece);
      onProgress?.(sent, offer.Size);
      return true;
    });
    const reply = await ReadFileReply(connection);
    if ("stored" in reply) return { Name: reply.stored, Size: offer.Size };
    throw refusal(reply);
  } catch (error) {
    connection.Abort();
    throw FileErrorOf(error, `Sending "${offer.Name}" to ${connection.Address}`);
  }
}

async function readFrom(connection: Connection, size: number): Promise<number> {
  const reply = await ReadFileReply(connection);
  if (!("from" in reply)) throw refusal(reply);
  if (Number.isInteger(reply.from) && reply.from >= 0 && reply.from <= size) return reply.from;
  throw new FileTransferError("The server's reply makes no sense.", SocketError.PROTOCOL_ERROR);
}

function refusal(reply: FileReply): FileTransferError {
  const why = "error" in reply ? reply.error : "its reply makes no sense.";
  return new FileTransferError(`The server does not take it: ${why}`);
}

/**
 * Reads on until the end, or until `take` answers false.
 * @param take gets each piece, which is its own until it resolves, and where the piece ends.
 */
async function readPieces(
  handle: FileHandle,
  from: number,
  size: number,
  take: (piece: Uint8Array, end: number) => unknown,
): Promise<void> {
  const piece = new Uint8Array(FileLimits.pieceBytes);
  for (let at = from; at < size;) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at);
    if (bytesRead === 0) throw new FileTransferError("The file has become shorter meanwhile.");
    at += bytesRead;
    if ((await take(piece.subarray(0, bytesRead), at)) === false) return;
  }
}
