/** The bytes that travel: known from their place in the stream, so that each one can be checked. */

/** The first byte of a connection: what the server shall do with it. */
export const Command = Object.freeze({
  /** Send everything back. */
  ECHO: 0,
  /** The same, but read nothing for a while first. */
  DEAF: 1,
  /** Disconnect in the middle. */
  KICK: 2,
  /** Reset in the middle. */
  RESET: 3,
} as const);
export type Command = (typeof Command)[keyof typeof Command];

function byteAt(key: number, at: number): number {
  return (key + 31 * at + (at >>> 8)) & 0xff;
}

/** The bytes `from`.. of a connection's stream; the first of all is its command. */
export function FillPayload(into: Uint8Array, command: Command, key: number, from: number): void {
  for (let i = 0; i < into.length; i++) into[i] = byteAt(key, from + i);
  if (from === 0) into[0] = command;
}

/** @returns the place in the stream of the first wrong byte, or -1. */
export function FindWrong(bytes: Uint8Array, command: Command, key: number, from: number): number {
  for (let i = 0; i < bytes.length; i++) {
    const at = from + i;
    if (bytes[i] !== (at === 0 ? command : byteAt(key, at))) return at;
  }
  return -1;
}
