/** Every number that bounds a file transfer, with its unit and what happens when it is reached. */
export const FileLimits = Object.freeze({
  /** Longest name, in UTF-8; what most file systems hold. Longer: the transfer is refused. */
  nameBytes: 255,
  /** Largest file unless the server's option says otherwise. Larger: the transfer is refused. */
  fileBytes: 17_179_869_184,
  /** A transfer that takes longer is cut (a day): slow is no fault, the idle time limits silence. */
  totalTimeoutMs: 86_400_000,
  /** Piece in which a file is read and written; each side of a transfer holds one. */
  pieceBytes: 262_144,
  /** Longest line of a header and of a reply; longer: the transfer fails. */
  lineBytes: 1_024,
  /** What a cut transfer left, to be gone on with, is removed after this (a day). */
  partAgeMs: 86_400_000,
  /** Files of that kind in a folder. More: the oldest goes. */
  maxParts: 64,
  /** Numbers tried for a name that is taken, with `OnExisting: "number"`. More: refused. */
  nameTries: 1_000,
});
