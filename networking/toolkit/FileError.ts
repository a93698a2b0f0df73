/** What a file system says, as the toolkit's error. Its sentences name no folder: they travel. */
import { SocketError } from "../core/SocketError.ts";
import { EasySocketError, FileTransferError } from "./Errors.ts";

const sentences: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full.",
  EDQUOT: "the disk quota is used up.",
  EFBIG: "the file is larger than the system allows.",
  EACCES: "the system does not permit it.",
  EPERM: "the system does not permit it.",
  EROFS: "the disk takes no changes.",
  ENOENT: "it is not there.",
  ENOTDIR: "the folder is none.",
  EISDIR: "it is a folder.",
  ENOTEMPTY: "it is a folder.",
  EEXIST: "the name is taken.",
  EMFILE: "too many files are open.",
  ENFILE: "too many files are open.",
  EIO: "the disk failed.",
};

export function HasErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/**
 * What a transfer fails with: what the disk or the network said, with a sentence around it. A
 * FileTransferError, and a mistake in somebody's callback, stay what they are.
 * @param doing what was tried, such as `Storing "level.json"`.
 */
export function FileErrorOf(error: unknown, doing: string): unknown {
  if (error instanceof FileTransferError) return error;
  if (error instanceof EasySocketError) {
    return new FileTransferError(`${doing} failed: ${error.message}`, error.Code, error);
  }
  if (!(error instanceof Error) || !("syscall" in error && "code" in error)) return error;
  const code = String(error.code);
  const text = sentences[code] ?? `the file system says ${code}.`;
  return new FileTransferError(`${doing} failed: ${text}`, SocketError.FAILED, error);
}
