/**
 * Listens, and runs one asynchronous function per connection: the frame that the toolkit's servers
 * share. What one connection does, or fails to do, concerns no other.
 *
 *     Start --> listening --Close, or the signal--> stopping --all done, or the grace over--> closed
 *
 * Stopping frees the port, lets every function come to the end of its message (`WaitForData`
 * answers false), and resets what is left after the grace time.
 *
 * Limits: `maxConnections` at once, further ones wait in core's backlog and are reset when that is
 * full; bytes, idle time and total time of each connection. Driven by the backend's activity.
 */
import { NetSocket } from "../core/NetSocket.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import { NetLog } from "../core/NetLog.ts";
import { SocketError } from "../core/SocketError.ts";
import { Connection } from "./Connection.ts";
import { EasySocketError, ErrorOf } from "./Errors.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

/** Serves one connection until it is over; it is closed when this resolves, reset when it rejects. */
export type ServeConnection = (connection: Connection) => Promise<void>;

export interface ServerOptions {
  /** Where to listen: "*" (the default) for all addresses of both families, or one address. */
  readonly host?: string;
  /** Stops the server when it aborts, as `Close` does. */
  readonly signal?: AbortSignal;
  /** Connections at once, 1,024 by default; further ones wait. */
  readonly maxConnections?: number;
  /** Bytes that one connection may send in all, 2^30 by default. */
  readonly maxBytes?: number;
  /** Milliseconds in which nothing moves while this side waits; 120,000 by default. */
  readonly idleTimeout?: number;
  /** Milliseconds that one connection may last, 3,600,000 by default. */
  readonly totalTimeout?: number;
  /** Milliseconds that a stopped server's handlers have to finish, 5,000 by default. */
  readonly grace?: number;
  /**
   * Told of each connection that failed, and why. Without it only what is no EasySocketError, a
   * mistake in a handler, is logged.
   */
  readonly onError?: (error: unknown, address: PeerAddress) => void;
  /** Where sockets come from; the network thread by default. Tests pass another. */
  readonly backend?: NetBackend;
}

export class ConnectionServer implements AsyncDisposable {
  /** Where it listens; stays readable. */
  readonly Port: number;
  /** Resolves when the server has stopped and every connection is over. */
  readonly Closed: Promise<void>;
  readonly #listener: NetSocket;
  readonly #serve: ServeConnection;
  readonly #options: ServerOptions;
  readonly #active = new Set<Connection>();
  readonly #onAbort = (): void => void this.Close();
  readonly #resolveClosed: () => void;
  #stopping = false;
  #graceTimer: NodeJS.Timeout | null = null;
  #total = 0;
  #failed = 0;

  private constructor(listener: NetSocket, serve: ServeConnection, options: ServerOptions) {
    this.Port = listener.GetLocalPort();
    this.#listener = listener;
    this.#serve = serve;
    this.#options = options;
    let resolve = (): void => undefined;
    this.Closed = new Promise((resolveClosed) => (resolve = resolveClosed));
    this.#resolveClosed = resolve;
    listener.OnActivity(() => this.#accept());
    options.signal?.addEventListener("abort", this.#onAbort);
  }

  /**
   * @param port 0..65535; 0 lets the system choose, see `Port`.
   * @returns a server that listens
   * @throws PortInUseError; EasySocketError with ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED,
   *   INVALID_PARAMETER (the port), INVALID_IP_ADDRESS (the host), CONNECTION_CLOSED (the signal
   *   had aborted)
   */
  static async Start(
    port: number,
    serve: ServeConnection,
    options: ServerOptions = {},
  ): Promise<ConnectionServer> {
    const { host = "*", signal, backend } = options;
    const doing = `Listening at ${host}, port ${port},`;
    if (signal?.aborted) {
      throw new EasySocketError(
        `${doing} was aborted by its signal.`,
        SocketError.CONNECTION_CLOSED,
        signal.reason,
      );
    }
    const listener = new NetSocket(backend === undefined ? {} : { Backend: backend });
    const bound = listener.Bind(port, host);
    const code = bound === SocketError.SUCCESS ? listener.Listen() : bound;
    if (code !== SocketError.SUCCESS) {
      listener.Close();
      throw ErrorOf(code, doing);
    }
    return new ConnectionServer(listener, serve, options);
  }

  /** Connections that are served now. */
  get ActiveConnections(): number {
    return this.#active.size;
  }

  /** Connections that were ever served. */
  get TotalConnections(): number {
    return this.#total;
  }

  /** Connections that ended with an error. */
  get FailedConnections(): number {
    return this.#failed;
  }

  /** Connections that were reset unserved, because too many waited. */
  get DroppedConnections(): number {
    return this.#listener.GetDroppedConnections();
  }

  /**
   * Stops: the port is free at once; handlers under way may finish within the grace time.
   * @returns `Closed`
   */
  Close(): Promise<void> {
    if (this.#stopping) return this.Closed;
    this.#stopping = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#listener.OnActivity(null);
    this.#listener.Close();
    for (const connection of this.#active) connection.StopWaiting();
    this.#graceTimer = setTimeout(() => {
      for (const connection of this.#active) connection.Abort();
    }, this.#options.grace ?? ToolkitLimits.graceMs);
    this.#finishIfDone();
    return this.Closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.Close();
  }

  #accept(): void {
    const most = this.#options.maxConnections ?? ToolkitLimits.maxConnections;
    while (!this.#stopping && this.#active.size < most) {
      const socket = this.#listener.Accept();
      if (socket === null) return;
      void this.#run(new Connection(socket, this.#options));
    }
  }

  async #run(connection: Connection): Promise<void> {
    this.#active.add(connection);
    this.#total++;
    const { totalTimeout = ToolkitLimits.totalTimeoutMs } = this.#options;
    connection.SetDeadline(totalTimeout, `The connection with ${connection.Address}`);
    try {
      await this.#serve(connection);
      await connection.Close();
    } catch (error) {
      this.#failed++;
      connection.Abort();
      this.#report(error, connection.Address);
    }
    this.#active.delete(connection);
    this.#accept();
    this.#finishIfDone();
  }

  #report(error: unknown, address: PeerAddress): void {
    try {
      if (this.#options.onError !== undefined) this.#options.onError(error, address);
      else if (!(error instanceof EasySocketError)) {
        NetLog.Error(`The handler of ${address} failed: ${String(error)}`);
      }
    } catch (mistake) {
      NetLog.Error(`onError failed for ${address}: ${String(mistake)}`);
    }
  }

  #finishIfDone(): void {
    if (!this.#stopping || this.#active.size > 0) return;
    if (this.#graceTimer !== null) clearTimeout(this.#graceTimer);
    this.#resolveClosed();
  }
}
