/**
 * `SendFile`: sends one file to a file server (kn-sock `send_file`), and returns when the server
 * has it on its disk.
 *
 * Limits: one piece of the file in memory; the server's pace slows the reading down.
 */
import type { FileHandle } from "node:fs/promises";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { SocketError } from "../core/SocketError.ts";
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { FileTransferError } from "./Errors.ts";
import { FileErrorOf } from "./FileError.ts";
import { FileLimits } from "./FileLimits.ts";
import { FileNameProblem } from "./FileName.ts";
import type { FileHeader } from "./FileWire.ts";
import { EncodeFileHeader, ReadFileReply } from "./FileWire.ts";

export interface SendFileOptions extends ConnectOptions {
  /** The name to store it under; the file's own by default. */
  readonly name?: string;
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
    await using connection = await Connect(host, port, options);
    return await send(connection, handle, { Name, Size }, options);
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

async function send(
  connection: Connection,
  handle: FileHandle,
  file: FileHeader,
  options: SendFileOptions,
): Promise<FileHeader> {
  try {
    await connection.Write(EncodeFileHeader(file));
    await sendBytes(connection, handle, file, options);
    const reply = await ReadFileReply(connection);
    if ("stored" in reply) return { ...file, Name: reply.stored };
    throw new FileTransferError(`The server does not take it: ${reply.error}`);
  } catch (error) {
    connection.Abort();
    throw FileErrorOf(error, `Sending "${file.Name}" to ${connection.Address}`);
  }
}

/** Stops early when the server has something to say: it can only be a refusal. */
async function sendBytes(
  connection: Connection,
  handle: FileHandle,
  file: FileHeader,
  { onProgress }: SendFileOptions,
): Promise<void> {
  const piece = new Uint8Array(FileLimits.pieceBytes);
  for (let sent = 0; sent < file.Size && connection.GetAvailableBytes() === 0;) {
    const wanted = Math.min(piece.length, file.Size - sent);
    const { bytesRead } = await handle.read(piece, 0, wanted, sent);
    if (bytesRead === 0) throw new FileTransferError("The file has become shorter meanwhile.");
    await connection.Write(piece.subarray(0, bytesRead));
    sent += bytesRead;
    onProgress?.(sent, file.Size);
  }
}
