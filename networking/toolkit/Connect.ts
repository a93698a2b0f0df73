/**
 * Opens a Connection: looks the name up, tries its addresses, and ends in time or when the signal
 * says so. The reason of a failure is an EasySocketError.
 */
import type { NetBackend } from "../core/NetBackend.ts";
import { SocketPhase } from "../core/NetBackend.ts";
import { NetSocket } from "../core/NetSocket.ts";
import { SocketError } from "../core/SocketError.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import { WaitQueue } from "../core/WaitQueue.ts";
import type { ConnectionOptions } from "./Connection.ts";
import { Connection } from "./Connection.ts";
import { AbortError, ErrorOf } from "./Errors.ts";
import { OnAbort } from "./OnAbort.ts";
import { PeerAddress } from "./PeerAddress.ts";
import { PositiveOption } from "./PositiveOption.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

export interface ConnectOptions extends ConnectionOptions {
  /** Milliseconds for the connect, lookup included; 10,000 by default. */
  readonly connectTimeout?: number;
  /** Milliseconds for the connect and all that follows; no limit by default. */
  readonly timeout?: number;
  /** Speaks TLS; `host` is the name that the server's certificate must be for. */
  readonly tls?: TLSOptions;
  /** Ends the connect, and later the connection. */
  readonly signal?: AbortSignal;
  /** Where sockets come from; the network thread by default. Tests pass another. */
  readonly backend?: NetBackend;
}

/** Core asks for less than 2^31. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * @param host a name or an address.
 * @param port 1..65535
 * @throws ConnectionTimeoutError; EasySocketError with CONNECTION_REFUSED, CANT_RESOLVE,
 *   HOST_UNREACHABLE, INVALID_PARAMETER (the port), INVALID_IP_ADDRESS, CONNECTION_CLOSED (the
 *   signal), LIMIT_REACHED, and the codes of `Connection.Secure`
 */
export async function Connect(
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<Connection> {
  const { signal, tls } = options;
  if (tls?.IsServer()) throw new TypeError("A client's tls is what TLSOptions.Client made.");
  const doing = `Connecting to ${new PeerAddress(host, port)}`;
  if (signal?.aborted) throw AbortError(signal, doing);
  const connectMs = PositiveOption(options, "connectTimeout", ToolkitLimits.connectTimeoutMs);
  const totalMs = PositiveOption(options, "timeout", Infinity);
  const idleTimeout = PositiveOption(options, "idleTimeout", ToolkitLimits.idleTimeoutMs);
  const maxBytes = PositiveOption(options, "maxBytes", Infinity);
  const start = performance.now();
  const socket = new NetSocket({
    ConnectTimeout: Math.min(connectMs, totalMs, longestTimerMs),
    ...(options.backend === undefined ? {} : { Backend: options.backend }),
  });
  const code = socket.ConnectToHost(host, port);
  const failure = code === SocketError.SUCCESS ? await opened(socket, signal) : code;
  if (signal?.aborted) throw AbortError(signal, doing);
  if (failure !== SocketError.SUCCESS) {
    socket.Destroy();
    throw ErrorOf(failure, doing);
  }
  const connection = new Connection(socket, { idleTimeout, maxBytes });
  const leftMs = Math.max(1, totalMs - (performance.now() - start));
  connection.SetDeadline(leftMs, `${connection.Address} was not done within ${totalMs} ms.`);
  if (signal !== undefined) connection.AbortOn(signal, `The connection with ${host}`);
  if (tls !== undefined) await connection.Secure(tls, host);
  return connection;
}

/** Waits until the socket stands, or has failed with the code given. */
async function opened(socket: NetSocket, signal: AbortSignal | undefined): Promise<SocketError> {
  const waiting = new WaitQueue(socket.Backend, false);
  const abort = (): void => {
    socket.Destroy();
    waiting.Check();
  };
  const unhear = signal === undefined ? null : OnAbort(signal, abort);
  socket.OnActivity(() => waiting.Check());
  const code = await waiting.Wait(() => {
    const failure = socket.Poll();
    if (failure !== SocketError.SUCCESS) return failure;
    return socket.GetPhase() === SocketPhase.CONNECTING ? null : SocketError.SUCCESS;
  }, Infinity);
  unhear?.();
  return code;
}
