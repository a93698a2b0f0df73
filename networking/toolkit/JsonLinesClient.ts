/** `SendJson`: connect, send one JSON value, return the answer (kn-sock `send_json`). */
import { Connect } from "./Connect.ts";
import type { JsonOptions } from "./JsonLines.ts";
import { EncodeJsonLine, JsonLines } from "./JsonLines.ts";
import { PositiveOption } from "./PositiveOption.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

export interface SendJsonOptions extends JsonOptions {
  /** Milliseconds for the whole call, 30,000 by default. */
  readonly timeout?: number;
}

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
  const timeout = PositiveOption(options, "timeout", ToolkitLimits.sendTimeoutMs);
  const start = performance.now();
  await using connection = await Connect(host, port, {
    ...options,
    connectTimeout: Math.min(timeout, options.connectTimeout ?? ToolkitLimits.connectTimeoutMs),
  });
  const left = Math.max(1, timeout - (performance.now() - start));
  connection.SetDeadline(left, `The exchange with ${connection.Address}`);
  await connection.Write(line);
  return await new JsonLines(connection, options.maxLineBytes).Receive();
}
