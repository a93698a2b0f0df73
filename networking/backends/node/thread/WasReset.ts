/**
 * Whether a connection that reads as ended was reset. libuv takes a hang-up after data for the end
 * without asking, and TLS ignores what comes behind an end, so the system is asked for the peer: it
 * has forgotten it after a reset, and still knows it after a FIN.
 */
import type { Socket } from "node:net";

/**
 * @param raw whose own FIN was not sent: after both, the system forgets the peer as well.
 * @returns false also for a Node that cannot be asked.
 */
export function WasReset(raw: Socket): boolean {
  const { _handle } = raw as unknown as {
    _handle: { getpeername?: (into: object) => number } | null;
  };
  return typeof _handle?.getpeername === "function" && _handle.getpeername({}) !== 0;
}
