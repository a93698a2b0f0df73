/** What the server commands share: listen, say where, and end in order on SIGINT or SIGTERM. */
import type { ConnectionServer } from "../toolkit/ConnectionServer.ts";
import { PeerAddress } from "../toolkit/PeerAddress.ts";
import type { Output } from "./Output.ts";

/** Options that every server command has. */
export interface ServerFlags {
  readonly host: string;
  readonly json?: true;
}

/**
 * Runs until a signal comes and what is under way has finished. A second signal means now.
 * @param what names the server in its first line.
 * @param start listens, and stops when the signal that it is given aborts.
 */
export async function Serve(
  what: string,
  host: string,
  output: Output,
  start: (signal: AbortSignal) => Promise<ConnectionServer>,
): Promise<void> {
  const end = new AbortController();
  const onSignal = (): void => {
    if (end.signal.aborted) process.exit(1);
    end.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const server = await start(end.signal);
  const place = new PeerAddress(host, server.Port).ToString();
  output.Tell(`${what} listens at ${place}`, { event: "listening", host, port: server.Port });
  await server.Closed;
  output.Tell(`${what} has ended.`, { event: "ended", connections: server.TotalConnections });
}
