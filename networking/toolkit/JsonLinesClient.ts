/** `SendJson`: connect, send one JSON value, return the answer (kn-sock `send_json`). */
import { Connect } from "./Connect.ts";
import type { JsonOptions } from "./JsonLines.ts";
import { EncodeJsonLine, JsonLines } from "./JsonLines.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

/** By default `timeout` is 30,000. */
export type SendJsonOptions = JsonOptions;

/**
 * @param value anything that JSON has a form for.
 * @returns the first value of the reply; undefined, which no JSON is, if the peer ends without one
 * @throws InvalidJSONError (the value, before anything is sent, or the reply);
 *   ConnectionTimeoutError; UnsupportedProtocolError (a longer line); EasySocketError as `Connect`
 */
export async function SendJson(
  host: string,
  port: number,
  value: unknown,
  options: SendJsonOptions = {},
): Promise<unknown> {
  const line = EncodeJsonLine(value);
  await using connection = await Connect(host, port, {
    ...options,
    timeout: options.timeout ?? ToolkitLimits.sendTimeoutMs,
  });
  await connection.Write(line);
  return await new JsonLines(connection, options.maxLineBytes).Receive();
}
