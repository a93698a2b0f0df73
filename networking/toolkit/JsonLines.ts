/**
 * JSON values over a connection, one per line (kn-sock's JSON sockets; https://jsonlines.org).
 * Empty lines are passed over, and a last line without its end counts, so that a person with `nc`
 * is understood too.
 *
 * Limit: `maxLineBytes` per line; a longer one resets the connection with PROTOCOL_ERROR.
 */
import { SocketError } from "../core/SocketError.ts";
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { InvalidJSONError } from "./Errors.ts";
import { PositiveOption } from "./PositiveOption.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

const lineFeed = 10;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export class JsonLines implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #maxLineBytes: number;

  /** @param maxLineBytes longest line that is taken, its end not counted. */
  constructor(connection: Connection, maxLineBytes: number = ToolkitLimits.maxLineBytes) {
    this.#connection = connection;
    this.#maxLineBytes = maxLineBytes;
  }

  /** Rejects with InvalidJSONError for a value that JSON has no form for; nothing is sent then. */
  async Send(value: unknown): Promise<void> {
    await this.#connection.Write(EncodeJsonLine(value));
  }

  /**
   * The next value.
   * @returns undefined, which no JSON is, at the peer's end
   * @throws InvalidJSONError for a line that is none, and the next call goes on behind it;
   *   UnsupportedProtocolError for a line that is too long, and the connection is over
   */
  async Receive(): Promise<unknown> {
    for (;;) {
      const line = await this.#connection.ReadUntil(lineFeed, this.#maxLineBytes);
      if (line === null) return undefined;
      const value = decodeLine(line);
      if (value !== undefined) return value;
    }
  }

  /** Tells the peer that nothing more comes; its answers still do. */
  End(): Promise<void> {
    return this.#connection.End();
  }

  /** Closes after all that was sent. Never rejects. */
  Close(): Promise<void> {
    return this.#connection.Close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.Close();
  }
}

export interface JsonOptions extends ConnectOptions {
  /** Bytes of one line, 2^20 by default. */
  readonly maxLineBytes?: number;
}

/** A conversation: send and receive as often as you like, then `Close`. Throws as `Connect`. */
export async function ConnectJson(
  host: string,
  port: number,
  options: JsonOptions = {},
): Promise<JsonLines> {
  const maxLineBytes = PositiveOption(options, "maxLineBytes", ToolkitLimits.maxLineBytes);
  return new JsonLines(await Connect(host, port, options), maxLineBytes);
}

/** One value as its line. Throws InvalidJSONError for a function, a bigint, a circle. */
export function EncodeJsonLine(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new InvalidJSONError(
      "This value has no JSON form.",
      SocketError.INVALID_PARAMETER,
      error,
    );
  }
  if (text !== undefined) return `${text}\n`;
  throw new InvalidJSONError(
    "A value of this type has no JSON form.",
    SocketError.INVALID_PARAMETER,
  );
}

/** @returns undefined for an empty line */
function decodeLine(line: Uint8Array): unknown {
  try {
    const text = utf8.decode(line).trim();
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch (error) {
    throw new InvalidJSONError("A line is not JSON.", SocketError.PROTOCOL_ERROR, error);
  }
}
