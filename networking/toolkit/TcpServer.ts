/**
 * `StartTcpServer` and `StartTlsTcpServer`: one call for a server that answers what clients send
 * (kn-sock `start_tcp_server`, and its threaded and asynchronous kin, which are one here).
 */
import type { ServerOptions } from "./ConnectionServer.ts";
import { ConnectionServer } from "./ConnectionServer.ts";
import type { Connection } from "./Connection.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { TcpReply } from "./TcpReply.ts";
import type { TlsServerFiles } from "./TlsFiles.ts";
import { ServerTls } from "./TlsFiles.ts";

/**
 * Called with what arrived, in order and one call at a time for each connection: the next piece is
 * read when the promise has settled, so a slow handler slows its own client down. TCP keeps no
 * borders: one message may come in several pieces, and several in one.
 */
export type TcpHandler = (
  data: Uint8Array,
  address: PeerAddress,
  reply: TcpReply,
) => void | Promise<void>;

/**
 * Listens and answers. The promise resolves as soon as the server listens, with the server; the
 * process goes on until it is closed. `await server.Closed` waits as kn-sock's calls do.
 * @param port 0..65535; 0 lets the system choose, see `ConnectionServer.Port`.
 * @param handler may be asynchronous. If it throws, its connection is reset, no other one.
 * @throws as `ConnectionServer.Start`: PortInUseError and other EasySocketErrors
 */
export function StartTcpServer(
  port: number,
  handler: TcpHandler,
  options: ServerOptions = {},
): Promise<ConnectionServer> {
  if (typeof handler !== "function") {
    throw new TypeError("StartTcpServer takes a function (data, address, reply) as its handler.");
  }
  return ConnectionServer.Start(port, (connection) => answer(connection, handler), options);
}

/** A server's options, and its certificate, key and trust (kn-sock, "SSL/TLS Configuration"). */
export type TlsServerOptions = Omit<ServerOptions, "tls"> & TlsServerFiles;

/**
 * As `StartTcpServer`, over TLS (kn-sock `start_ssl_tcp_server`).
 * @param options `certfile` and `keyfile` at least.
 * @throws as `StartTcpServer`, and EasySocketError that names a file with which something is wrong
 */
export async function StartTlsTcpServer(
  port: number,
  handler: TcpHandler,
  options: TlsServerOptions,
): Promise<ConnectionServer> {
  const tls = await ServerTls(options, options.backend);
  return StartTcpServer(port, handler, { ...options, tls });
}

async function answer(connection: Connection, handler: TcpHandler): Promise<void> {
  const reply = new TcpReply(connection);
  while (!reply.IsClosed() && (await connection.WaitForData())) {
    const data = await connection.Read();
    if (data !== null) await handler(data, connection.Address, reply);
  }
}
