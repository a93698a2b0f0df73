/**
 * `SendTcpMessage` and `SendTcpBytes`: connect, send, and return the reply (kn-sock
 * `send_tcp_message`, `send_tcp_bytes`).
 *
 * TCP does not say where a reply ends, so the peer's end is its end. A peer that goes on listening
 * is told that nothing more comes (half close): when its reply begins, so that servers which take a
 * half close for a close answer first, or after `halfCloseAfter` without a reply. For peers that
 * never end there is `replyGap`.
 *
 * Limits: `timeout` for all of it, `maxBytes` of reply; beyond, the call rejects.
 */
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { DelayOption, PositiveOption } from "./PositiveOption.ts";
import type { TlsClientFiles } from "./TlsFiles.ts";
import { ClientTls } from "./TlsFiles.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

/** By default `timeout` is 30,000 and `maxBytes`, of the reply, 2^24. */
export interface SendOptions extends ConnectOptions {
  /**
   * Milliseconds without a reply after which the peer is told that nothing more comes; 1,000 by
   * default. Infinity: only once the reply begins.
   */
  readonly halfCloseAfter?: number;
  /**
   * For peers that never end: the reply is complete when nothing has come for so many milliseconds
   * since its last byte. The peer is not told then that nothing more comes.
   */
  readonly replyGap?: number;
}

/**
 * @param text goes out as UTF-8.
 * @returns the reply as text, "" if the peer ends without one
 * @throws ConnectionTimeoutError; EasySocketError with the codes of `Connect`, CONNECTION_RESET, or
 *   LIMIT_REACHED (a longer reply)
 */
export async function SendTcpMessage(
  host: string,
  port: number,
  text: string,
  options: SendOptions = {},
): Promise<string> {
  if (typeof text !== "string") throw new TypeError("SendTcpMessage takes a text to send.");
  const reply = await SendTcpBytes(host, port, new TextEncoder().encode(text), options);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(reply);
}

/** As `SendTcpMessage`, in bytes both ways. */
export async function SendTcpBytes(
  host: string,
  port: number,
  data: Uint8Array,
  options: SendOptions = {},
): Promise<Uint8Array> {
  if (!(data instanceof Uint8Array)) throw new TypeError("SendTcpBytes takes a Uint8Array.");
  await using connection = await Connect(host, port, {
    ...options,
    timeout: options.timeout ?? ToolkitLimits.sendTimeoutMs,
    maxBytes: options.maxBytes ?? ToolkitLimits.maxReplyBytes,
  });
  await connection.Write(data);
  return await readReply(connection, options);
}

/** A send's options, and its certificate, key and trust (kn-sock, "SSL/TLS Configuration"). */
export type TlsSendOptions = Omit<SendOptions, "tls"> & TlsClientFiles;

/**
 * As `SendTcpMessage`, over TLS (kn-sock `send_ssl_tcp_message`).
 * @param host must be the name, or address, that the server's certificate is for.
 * @throws as `SendTcpMessage`; EasySocketError with TLS_CERTIFICATE_INVALID, TLS_HOSTNAME_MISMATCH
 *   or TLS_FAILED, or that names a file with which something is wrong
 */
export async function SendTlsTcpMessage(
  host: string,
  port: number,
  text: string,
  options: TlsSendOptions = {},
): Promise<string> {
  const tls = await ClientTls(options, options.backend);
  return SendTcpMessage(host, port, text, { ...options, tls });
}

async function readReply(connection: Connection, options: SendOptions): Promise<Uint8Array> {
  const silence = DelayOption(options, "halfCloseAfter", ToolkitLimits.halfCloseAfterMs);
  const gapMs = PositiveOption(options, "replyGap", Infinity);
  const pieces: Uint8Array[] = [];
  const halfClose = startTimer(silence, () => void connection.End());
  let gap: NodeJS.Timeout | undefined;
  try {
    while (await connection.WaitForData()) {
      const piece = await connection.Read();
      if (piece === null) break;
      if (pieces.length === 0) {
        clearTimeout(halfClose);
        gap = startTimer(gapMs, () => connection.StopWaiting());
        if (gap === undefined) void connection.End();
      }
      gap?.refresh();
      pieces.push(piece);
    }
  } finally {
    clearTimeout(halfClose);
    clearTimeout(gap);
  }
  return joined(pieces);
}

/** No timer for a time that none can hold. */
function startTimer(delayMs: number, handler: () => void): NodeJS.Timeout | undefined {
  return delayMs < 2 ** 31 ? setTimeout(handler, delayMs) : undefined;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
