/**
 * The server role of a driver: listening may start, stop and start again, and may end by itself
 * (the network thread died, a bridge withdrew it), which is logged. Polled by the driver's Update.
 *
 * Limit: the backlog; clients beyond it are reset by core's TCPServer.
 */
import { NetLog } from "../core/NetLog.ts";
import type { NetSocketOptions } from "../core/NetSocketOptions.ts";
import { SocketError, SocketErrorName } from "../core/SocketError.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { TCPServer } from "../core/TCPServer.ts";
import { ListenAddress } from "./LocalEnd.ts";
import type { LocalEnd } from "./LocalEnd.ts";
import { ResultCode } from "./ResultCode.ts";

export class DriverListener {
  readonly #options: NetSocketOptions;
  #server: TCPServer | null = null;

  /** @param options buffer sizes of the connections, and the backend. */
  constructor(options: NetSocketOptions) {
    this.#options = options;
  }

  /** @returns EC_OK, EC_SOCKET_LISTEN, EC_SOCKET_BIND */
  Start(at: LocalEnd, backlog: number): ResultCode {
    if (this.#server !== null) return ResultCode.EC_SOCKET_LISTEN;
    const server = new TCPServer(this.#options);
    const code = server.Listen(at.Port, ListenAddress(at), backlog);
    if (code === SocketError.SUCCESS) this.#server = server;
    return resultOf(code);
  }

  /** @returns EC_OK, EC_SOCKET_LISTEN (not listening) */
  Stop(): ResultCode {
    if (this.#server === null) return ResultCode.EC_SOCKET_LISTEN;
    this.#server.Stop();
    this.#server = null;
    return ResultCode.EC_OK;
  }

  IsListening(): boolean {
    return this.#server?.IsListening() ?? false;
  }

  /** null while not listening. */
  GetPort(): number | null {
    return this.#server?.GetLocalPort() ?? null;
  }

  /** Notices when listening has ended by itself. */
  Poll(): void {
    const code = this.#server?.Poll() ?? SocketError.SUCCESS;
    if (code === SocketError.SUCCESS) return;
    NetLog.Error(`The driver listens no longer: ${SocketErrorName(code)}.`);
    this.Stop();
  }

  /** The client that waits longest, or null. */
  Take(): StreamPeerTCP | null {
    return this.#server?.TakeConnection() ?? null;
  }
}

/** What is the bound end's fault; anything else is the listening's. */
const bindFailures: readonly SocketError[] = [
  SocketError.ADDRESS_IN_USE,
  SocketError.ADDRESS_NOT_AVAILABLE,
  SocketError.PERMISSION_DENIED,
  SocketError.BIND_FAILED,
];

function resultOf(code: SocketError): ResultCode {
  if (code === SocketError.SUCCESS) return ResultCode.EC_OK;
  return bindFailures.includes(code) ? ResultCode.EC_SOCKET_BIND : ResultCode.EC_SOCKET_LISTEN;
}
