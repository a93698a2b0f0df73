/** What the system holds of a loopback connection, as Linux tells in /proc/net/tcp. */
import { readFileSync } from "node:fs";

function port(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(":") + 1), 16);
}

/**
 * Bytes that the socket at one port has sent and the one at the other has not read. Exact when
 * nothing moves: what is received and not yet acknowledged counts at both ends.
 */
export function InTransit(fromPort: number, toPort: number): number {
  let bytes = 0;
  for (const line of readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1, -1)) {
    const [, local = "", remote = "", , queues = ""] = line.trim().split(/\s+/);
    const [unsent = "", unread = ""] = queues.split(":");
    if (port(local) === fromPort && port(remote) === toPort) bytes += Number.parseInt(unsent, 16);
    if (port(local) === toPort && port(remote) === fromPort) bytes += Number.parseInt(unread, 16);
  }
  return bytes;
}
