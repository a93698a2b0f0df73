/**
 * `StartJsonServer`: a server whose clients send one JSON value per line (kn-sock
 * `start_json_server`). A line that is no JSON is answered with `{"error": "..."}`, and the next
 * line is read.
 */
import type { ServerOptions } from "./ConnectionServer.ts";
import { ConnectionServer } from "./ConnectionServer.ts";
import type { Connection } from "./Connection.ts";
import { InvalidJSONError } from "./Errors.ts";
import { JsonLines } from "./JsonLines.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { PositiveOption } from "./PositiveOption.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

/** What a handler answers with. */
export interface JsonReply {
  /** Sends one value; awaiting it keeps the handler at the client's pace. */
  Send(value: unknown): Promise<void>;
  /** Ends the connection after this call of the handler, when all answers are sent. */
  Close(): void;
}

/**
 * Called with each value, in order and one call at a time for each connection. What it throws
 * resets its connection.
 */
export type JsonHandler = (
  value: unknown,
  address: PeerAddress,
  reply: JsonReply,
) => void | Promise<void>;

export interface JsonServerOptions extends ServerOptions {
  /** Bytes of one line, 2^20 by default; a longer one resets its connection. */
  readonly maxLineBytes?: number;
}

/**
 * @param port 0..65535; 0 lets the system choose, see `ConnectionServer.Port`.
 * @returns a server that listens
 * @throws as `ConnectionServer.Start`
 */
export function StartJsonServer(
  port: number,
  handler: JsonHandler,
  options: JsonServerOptions = {},
): Promise<ConnectionServer> {
  if (typeof handler !== "function") {
    throw new TypeError("StartJsonServer takes a function (value, address, reply) as its handler.");
  }
  const maxLineBytes = PositiveOption(options, "maxLineBytes", ToolkitLimits.maxLineBytes);
  const serve = (connection: Connection): Promise<void> => {
    return answer(connection, handler, maxLineBytes);
  };
  return ConnectionServer.Start(port, serve, options);
}

async function answer(
  connection: Connection,
  handler: JsonHandler,
  maxLineBytes: number,
): Promise<void> {
  const lines = new JsonLines(connection, maxLineBytes);
  let closed = false;
  const reply: JsonReply = {
    Send: (value) => lines.Send(value),
    Close: () => void (closed = true),
  };
  while (!closed && (await connection.WaitForData())) {
    const value = await receive(lines);
    if (value !== undefined) await handler(value, connection.Address, reply);
  }
}

/** @returns undefined when there is nothing for the handler */
async function receive(lines: JsonLines): Promise<unknown> {
  try {
    return await lines.Receive();
  } catch (error) {
    if (!(error instanceof InvalidJSONError)) throw error;
    await lines.Send({ error: error.message });
    return undefined;
  }
}
