/**
 * `SendTcpMessage` and `SendTcpBytes`: connect, send, and return the reply (kn-sock
 * `send_tcp_message`, `send_tcp_bytes`).
 *
 * TCP does not say where a reply ends, so this does: at the peer's end. When the reply begins, or
 * after `halfCloseAfter` of silence, the peer is told that nothing more comes (half close); a
 * server that reads on until then ends as well. For peers that never end there is `replyGap`.
 */
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

export interface SendOptions extends ConnectOptions {
  /** Milliseconds for the whole call, 30,000 by default. */
  readonly timeout?: number;
  /** Bytes that a reply may have, 2^24 by default. */
  readonly maxBytes?: number;
}

/**
 * @param text goes out as UTF-8.
 * @returns the reply, as UTF-8 text; "" if the peer ends without one
 * @throws ConnectionTimeoutError; EasySocketError with the codes of `Connect`, CONNECTION_RESET, and
 *   LIMIT_REACHED (a longer reply)
 */
export async function SendTcpMessage(
  host: string,
  port: number,
  text: string,
  options: SendOptions = {},
): Promise<string> {
  if (typeof text !== "string") throw new TypeError("SendTcpMessage takes a text to send.");
  return new TextDecoder().decode(
    await SendTcpBytes(host, port, new TextEncoder().encode(text), options),
  );
}

/** As `SendTcpMessage`, for bytes. */
export async function SendTcpBytes(
  host: string,
  port: number,
  data: Uint8Array,
  options: SendOptions = {},
): Promise<Uint8Array> {
  if (!(data instanceof Uint8Array))
    throw new TypeError("SendTcpBytes takes a Uint8Array to send.");
  await using connection = await Connect(host, port, {
    ...options,
    maxBytes: options.maxBytes ?? ToolkitLimits.maxReplyBytes,
  });
  connection.SetDeadline(
    options.timeout ?? ToolkitLimits.sendTimeoutMs,
    `The reply of ${connection.Address}`,
  );
  await connection.Write(data);
  await connection.End();
  return await readAll(connection);
}

async function readAll(connection: Connection): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let piece = await connection.Read(); piece !== null; piece = await connection.Read()) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
