/** What a file system says, as the toolkit's error. Its sentence names no folder: it may travel. */
import { FileTransferError } from "./Errors.ts";

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
 * @param error what a call rejected with; a FileTransferError stays as it is.
 * @param doing what was tried, such as `Storing "level.json"`.
 */
export function FileErrorOf(error: unknown, doing: string): FileTransferError {
  if (error instanceof FileTransferError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = sentences[code] ?? `the file system says ${code === "" ? "no" : code}.`;
  return new FileTransferError(`${doing} failed: ${text}`, undefined, error);
}
