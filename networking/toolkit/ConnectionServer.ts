/**
 * Listens, and runs one asynchronous function per connection: the frame that the toolkit's servers
 * share. What one connection does, or fails to do, concerns no other.
 *
 *     Start --> listening --Close, or the signal--> stopping --all done, or grace over--> closed
 *
 * Stopping frees the port, lets every function come to the end of its message (`WaitForData`
 * answers false), and resets what is left after the grace time.
 *
 * Limits: `maxConnections` at once, further ones wait in core's backlog and are reset when that is
 * full; bytes, idle time and total time of each connection. Driven by the backend's activity.
 */
import { DefaultBackend } from "../core/DefaultBackend.ts";
import { IpAddress } from "../core/IpAddress.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import { NetLog } from "../core/NetLog.ts";
import type { NetSocket } from "../core/NetSocket.ts";
import { Resolver } from "../core/Resolver.ts";
import { SocketError } from "../core/SocketError.ts";
import { TLSMistakeCode } from "../core/TLSMistake.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import type { ConnectionOptions } from "./Connection.ts";
import { Connection } from "./Connection.ts";
import { AbortError, ConnectionTimeoutError, EasySocketError, ErrorOf } from "./Errors.ts";
import { ListenAt } from "./ListenAt.ts";
import { OnAbort } from "./OnAbort.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { DelayOption, PositiveOption } from "./PositiveOption.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

/** Serves one connection until it is over; it is closed when this resolves, reset when it rejects. */
export type ServeConnection = (connection: Connection) => Promise<void>;

export interface ServerOptions {
  /** Where to listen: "*", the default, for all addresses of both families; an address; a name. */
  readonly host?: string;
  /** Speaks TLS; a handshake is part of its own connection and holds up no other. */
  readonly tls?: TLSOptions;
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
  /**
   * Resolves when the server has stopped and every connection is over; rejects when the system
   * ended the listening.
   */
  readonly Closed: Promise<void>;
  readonly #listener: NetSocket;
  readonly #serve: ServeConnection;
  readonly #options: ServerOptions;
  readonly #limits: ServerLimits;
  readonly #active = new Set<Connection>();
  readonly #unhear: () => void;
  #settle: (failure: EasySocketError | null) => void = () => undefined;
  #failure: EasySocketError | null = null;
  #stopping = false;
  #graceTimer: NodeJS.Timeout | null = null;
  #total = 0;
  #failed = 0;
  #dropped = 0;

  private constructor(
    listener: NetSocket,
    serve: ServeConnection,
    options: ServerOptions,
    limits: ServerLimits,
  ) {
    this.Port = listener.GetLocalPort();
    this.#listener = listener;
    this.#serve = serve;
    this.#options = options;
    this.#limits = limits;
    this.Closed = new Promise((resolve, reject) => {
      this.#settle = (failure) => (failure === null ? resolve() : reject(failure));
    });
    // Whoever does not ask need not hear it.
    this.Closed.catch(() => undefined);
    listener.OnActivity(() => this.#onActivity());
    const { signal } = options;
    this.#unhear =
      signal === undefined ? () => undefined : OnAbort(signal, () => void this.Close());
  }

  /**
   * @param port 0..65535; 0 lets the system choose, see `Port`.
   * @returns a server that listens
   * @throws PortInUseError; EasySocketError with ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED,
   *   INVALID_PARAMETER (the port), CANT_RESOLVE (the host), CONNECTION_CLOSED (the signal has
   *   aborted), TLS_CERTIFICATE_INVALID or TLS_FAILED (what `tls` holds)
   */
  static async Start(
    port: number,
    serve: ServeConnection,
    options: ServerOptions = {},
  ): Promise<ConnectionServer> {
    const { host = "*", signal, tls, backend = DefaultBackend() } = options;
    const limits = limitsOf(options);
    const doing = `Listening at port ${port} of ${host === "*" ? "all addresses" : host}`;
    const address = await addressOf(host, backend);
    if (address === "") throw ErrorOf(SocketError.CANT_RESOLVE, doing);
    if (signal?.aborted) throw AbortError(signal, doing);
    if (tls !== undefined) checkTls(tls, backend, doing);
    const listener = await ListenAt(port, address, backend, doing, signal);
    return new ConnectionServer(listener, serve, options, limits);
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
    return this.#stopping ? this.#dropped : this.#listener.GetDroppedConnections();
  }

  /**
   * Stops: the port is free at once; what is being served may come to its end within the grace
   * time. @returns `Closed`
   */
  Close(): Promise<void> {
    if (this.#stopping) return this.Closed;
    this.#dropped = this.#listener.GetDroppedConnections();
    this.#stopping = true;
    this.#unhear();
    this.#listener.OnActivity(null);
    this.#listener.Close();
    for (const connection of this.#active) connection.StopWaiting();
    this.#graceTimer = setTimeout(() => this.#onGraceOver(), this.#limits.Grace);
    this.#settleIfDone();
    return this.Closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.Close();
  }

  #onActivity(): void {
    const code = this.#listener.Poll();
    if (code === SocketError.SUCCESS) return this.#accept();
    this.#failure = ErrorOf(code, `Listening at port ${this.Port}`);
    void this.Close().catch(() => undefined);
  }

  #accept(): void {
    while (!this.#stopping && this.#active.size < this.#limits.Connections) {
      const socket = this.#listener.Accept();
      if (socket === null) return;
      void this.#run(new Connection(socket, this.#limits.Each));
    }
  }

  async #run(connection: Connection): Promise<void> {
    this.#active.add(connection);
    this.#total++;
    const { Total } = this.#limits;
    connection.SetDeadline(Total, `${connection.Address} was connected for more than ${Total} ms.`);
    try {
      await untilOver(connection, this.#serveAll(connection));
      await connection.Close();
    } catch (error) {
      this.#failed++;
      connection.Abort();
      this.#report(error, connection.Address);
    }
    this.#active.delete(connection);
    this.#accept();
    this.#settleIfDone();
  }

  async #serveAll(connection: Connection): Promise<void> {
    if (this.#options.tls !== undefined) await connection.Secure(this.#options.tls);
    await this.#serve(connection);
    await connection.Flush();
  }

  #onGraceOver(): void {
    const { Grace } = this.#limits;
    for (const connection of this.#active) {
      const text = `What serves ${connection.Address} did not end within ${Grace} ms of grace.`;
      connection.Abort(new ConnectionTimeoutError(text));
    }
  }

  #report(error: unknown, address: PeerAddress): void {
    const { onError } = this.#options;
    try {
      if (onError !== undefined) onError(error, address);
      else if (!(error instanceof EasySocketError)) {
        NetLog.Error(`The handler of ${address} failed: ${String(error)}`);
      }
    } catch (mistake) {
      NetLog.Error(`onError failed for ${address}: ${String(mistake)}`);
    }
  }

  #settleIfDone(): void {
    if (!this.#stopping || this.#active.size > 0) return;
    if (this.#graceTimer !== null) clearTimeout(this.#graceTimer);
    this.#settle(this.#failure);
  }
}

interface ServerLimits {
  readonly Connections: number;
  readonly Total: number;
  readonly Grace: number;
  readonly Each: ConnectionOptions;
}

function limitsOf(options: ServerOptions): ServerLimits {
  return {
    Connections: PositiveOption(options, "maxConnections", ToolkitLimits.maxConnections),
    Total: PositiveOption(options, "totalTimeout", ToolkitLimits.totalTimeoutMs),
    Grace: DelayOption(options, "grace", ToolkitLimits.graceMs),
    Each: {
      idleTimeout: PositiveOption(options, "idleTimeout", ToolkitLimits.idleTimeoutMs),
      maxBytes: PositiveOption(options, "maxBytes", ToolkitLimits.maxConnectionBytes),
    },
  };
}

/** What is wrong with keys and certificates is told now, not to each client. */
function checkTls(tls: TLSOptions, backend: NetBackend, doing: string): void {
  if (!tls.IsServer()) throw new TypeError("A server's tls is what TLSOptions.Server made.");
  const code = TLSMistakeCode(tls.FindMistake(backend));
  if (code !== SocketError.SUCCESS) throw ErrorOf(code, doing);
}

/** Where to listen, for a name its first address; "" for an unknown one. */
async function addressOf(host: string, backend: NetBackend): Promise<string> {
  const address = new IpAddress(host);
  if (address.IsValid() || address.IsWildcard()) return host;
  return new Resolver(backend).ResolveHostnameAsync(host);
}

/**
 * Waits for what serves the connection. Nothing can stop a function that never ends; one whose
 * connection has failed is left behind after a while, so that it holds nobody up.
 */
async function untilOver(connection: Connection, serving: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    connection.OnFailure((error) => {
      timer = setTimeout(() => reject(error), ToolkitLimits.stuckHandlerMs);
    });
  });
  await Promise.race([serving, stuck]).finally(() => clearTimeout(timer));
}
