/**
 * `StartFileServer`: takes files into a folder (kn-sock `start_file_server`), one per connection. A
 * file has its name only when all of it is on the disk; whatever fails is told to the sender, and
 * leaves nothing in the folder.
 *
 * Limits: those of ConnectionServer, and `maxFileBytes` per file. A transfer holds one piece of a
 * file in memory; the disk's pace slows the sender down.
 */
import { stat } from "node:fs/promises";
import { SocketError } from "../core/SocketError.ts";
import type { ServerOptions } from "./ConnectionServer.ts";
import { ConnectionServer } from "./ConnectionServer.ts";
import type { Connection } from "./Connection.ts";
import { FileTransferError } from "./Errors.ts";
import { FileErrorOf } from "./FileError.ts";
import { FileLimits } from "./FileLimits.ts";
import { SweepParts } from "./FileParts.ts";
import type { OnExisting } from "./FileStore.ts";
import { FileStore } from "./FileStore.ts";
import type { FileHeader, FileReply } from "./FileWire.ts";
import { EncodeFileReply, ReadFileOffer } from "./FileWire.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { PositiveOption } from "./PositiveOption.ts";

/** By default `totalTimeout` is a day. */
export interface FileServerOptions extends Omit<ServerOptions, "maxBytes"> {
  /** What happens when the folder has the name already; "refuse" by default. */
  readonly onExisting?: OnExisting;
  /**
   * What a cut transfer leaves is kept for a day, unfinished and under no file's name, for senders
   * that go on (`SendFile`, `resume`). false by default: a cut transfer leaves nothing.
   */
  readonly resumable?: boolean;
  /** Largest file, in bytes; 2^34 by default. A larger one is refused before its bytes. */
  readonly maxFileBytes?: number;
  /** Told after each piece of a file. */
  readonly onProgress?: (file: FileHeader, received: number, address: PeerAddress) => void;
  /** Told of each file that is stored; its name is the one that it got. */
  readonly onStored?: (file: FileHeader, address: PeerAddress) => void;
}

/**
 * @param port 0..65535; 0 lets the system choose, see `ConnectionServer.Port`.
 * @param folder where the files go; it must be there.
 * @returns a server that listens
 * @throws FileTransferError (the folder is none); otherwise as `ConnectionServer.Start`
 */
export async function StartFileServer(
  port: number,
  folder: string,
  options: FileServerOptions = {},
): Promise<ConnectionServer> {
  if (typeof folder !== "string" || folder === "") {
    throw new TypeError("StartFileServer takes the path of a folder.");
  }
  const maxFileBytes = PositiveOption(options, "maxFileBytes", FileLimits.fileBytes);
  await prepareFolder(folder);
  const serve = (connection: Connection): Promise<void> => {
    return takeFile(connection, folder, { ...options, maxFileBytes });
  };
  return ConnectionServer.Start(port, serve, {
    ...options,
    totalTimeout: options.totalTimeout ?? FileLimits.totalTimeoutMs,
    maxBytes: Infinity,
  });
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory())
      throw new FileTransferError(`"${folder}" is no folder.`);
    await SweepParts(folder);
  } catch (error) {
    throw FileErrorOf(error, `Opening the folder "${folder}"`);
  }
}

type TakeOptions = FileServerOptions & { readonly maxFileBytes: number };

async function takeFile(
  connection: Connection,
  folder: string,
  options: TakeOptions,
): Promise<void> {
  // Whoever connects and leaves, to see whether somebody listens, did nothing wrong.
  if (!(await connection.WaitForData())) return;
  let file: FileHeader;
  try {
    file = await receive(connection, folder, options);
  } catch (error) {
    const failure = FileErrorOf(error, "The transfer");
    const told = failure instanceof FileTransferError ? failure.message : "The server failed.";
    await reply(connection, { error: told }).catch(() => undefined);
    // In order: a reset could overtake the reply.
    await connection.Close();
    throw failure;
  }
  // Stored it is, whether the sender waits to hear it or not, as kn-sock's do not.
  await reply(connection, { stored: file.Name }).catch(() => undefined);
  options.onStored?.(file, connection.Address);
}

/** @returns the file under the name that it was stored with */
async function receive(
  connection: Connection,
  folder: string,
  options: TakeOptions,
): Promise<FileHeader> {
  const offer = await ReadFileOffer(connection);
  if (offer.Size > options.maxFileBytes) {
    const text = `"${offer.Name}" is larger than ${options.maxFileBytes} bytes.`;
    throw new FileTransferError(text, SocketError.LIMIT_REACHED);
  }
  const { onExisting: OnExisting = "refuse", resumable: Resumable = false } = options;
  const store = await FileStore.Create(folder, offer, { OnExisting, Resumable });
  try {
    if (offer.Digest !== null) await reply(connection, { from: store.Length });
    await receiveBytes(connection, offer, store, options);
    return { Name: await store.Commit(), Size: offer.Size };
  } finally {
    await store.Discard();
  }
}

async function receiveBytes(
  connection: Connection,
  { Name, Size }: FileHeader,
  store: FileStore,
  { onProgress }: TakeOptions,
): Promise<void> {
  while (store.Length < Size) {
    let piece: Uint8Array | null;
    try {
      piece = await connection.Read(Math.min(FileLimits.pieceBytes, Size - store.Length));
      if (piece === null) {
        const text = `"${Name}" ended after ${store.Length} of ${Size} bytes.`;
        throw new FileTransferError(text, SocketError.FILE_EOF);
      }
    } catch (error) {
      // It was cut; what the disk or a callback has against it is no reason to keep it.
      await store.Keep();
      throw error;
    }
    await store.Write(piece);
    onProgress?.({ Name, Size }, store.Length, connection.Address);
  }
}

function reply(connection: Connection, message: FileReply): Promise<void> {
  return connection.Write(EncodeFileReply(message));
}
