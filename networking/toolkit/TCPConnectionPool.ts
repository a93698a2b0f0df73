/**
 * `TCPConnectionPool`: connections to one server that are used again (kn-sock
 * `TCPConnectionPool`).
 *
 *     Connection() --+--> an idle one that is alive, the youngest first --+
 *                    +--> a new one, while there are fewer than maxSize --+--> lent --+
 *                    +--> the next that comes free, in order of asking ---+           |
 *     idle, closed after idleTimeout; ended ones are replaced <-------- given back ---+
 *
 * Limits: `maxSize` connections, opening ones included; `waitTimeout` and
 * `ToolkitLimits.poolMaxWaiters` for those who wait.
 */
import { SocketError } from "../core/SocketError.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import type { ConnectOptions } from "./Connect.ts";
import { Connect } from "./Connect.ts";
import type { Connection } from "./Connection.ts";
import { EasySocketError } from "./Errors.ts";
import { PeerAddress } from "./PeerAddress.ts";
import { PooledConnection } from "./PooledConnection.ts";
import { PoolQueue } from "./PoolQueue.ts";
import { PositiveOption } from "./PositiveOption.ts";
import type { TlsClientFiles } from "./TlsFiles.ts";
import { ClientTls } from "./TlsFiles.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

export interface PoolOptions
  extends Omit<ConnectOptions, "signal" | "idleTimeout" | "timeout" | "maxBytes">, TlsClientFiles {
  /** Connections at most, lent and idle; 10 by default. */
  readonly maxSize?: number;
  /** Milliseconds after which an idle connection is closed; 60,000 by default. */
  readonly idleTimeout?: number;
  /** Milliseconds to wait for a connection while all are lent; 30,000 by default. */
  readonly waitTimeout?: number;
  /** TLS, with the files given here or by default. */
  readonly ssl?: boolean;
  /** Milliseconds in which nothing moves while a borrower waits; 120,000 by default. */
  readonly stallTimeout?: number;
}

/** How a pool is doing. The first three are of this moment, the others of its whole life. */
export interface PoolCounters {
  readonly Lent: number;
  readonly Idle: number;
  readonly Waiting: number;
  readonly Opened: number;
  /** Times that an idle connection, or one just given back, was lent again. */
  readonly Reused: number;
  /** Connections that were closed after `idleTimeout`. */
  readonly Expired: number;
  /** Connections that had ended, or were in no state to be lent again. */
  readonly Broken: number;
}

interface Idle {
  readonly Connection: Connection;
  readonly Timer: NodeJS.Timeout | undefined;
}

export class TCPConnectionPool implements AsyncDisposable {
  readonly Address: PeerAddress;
  readonly #options: PoolOptions;
  readonly #maxSize: number;
  readonly #idleMs: number;
  readonly #stallMs: number;
  readonly #queue: PoolQueue;
  readonly #opening = new Set<AbortController>();
  /** The youngest last. */
  readonly #idle: Idle[] = [];
  /** Lent, opening, or promised to who waits. */
  #lent = 0;
  #tls: TLSOptions | null = null;
  #closed = false;
  #opened = 0;
  #reused = 0;
  #expired = 0;
  #broken = 0;

  /** Nothing is opened before it is needed. @param port 1..65535 */
  constructor(host: string, port: number, options: PoolOptions = {}) {
    this.Address = new PeerAddress(host, port);
    this.#options = options;
    this.#maxSize = PositiveOption(options, "maxSize", ToolkitLimits.poolSize);
    this.#idleMs = PositiveOption(options, "idleTimeout", ToolkitLimits.poolIdleTimeoutMs);
    this.#stallMs = PositiveOption(options, "stallTimeout", ToolkitLimits.idleTimeoutMs);
    const waitMs = PositiveOption(options, "waitTimeout", ToolkitLimits.poolWaitTimeoutMs);
    this.#queue = new PoolQueue(this.Address, waitMs);
  }

  /**
   * Lends a connection: `using connection = await pool.Connection()` gives it back at the block's
   * end.
   * @throws ConnectionTimeoutError (none came free, or the connect took too long); EasySocketError
   *   with the codes of `Connect`, LIMIT_REACHED (too many wait), CONNECTION_CLOSED (the pool is)
   */
  async Connection(): Promise<PooledConnection> {
    if (this.#closed) throw this.#closedError();
    const idle = this.#takeIdle();
    if (idle !== null) {
      this.#reused++;
      return this.#lend(idle);
    }
    if (this.#lent + this.#idle.length < this.#maxSize) {
      this.#lent++;
    } else {
      const given = await this.#queue.Wait();
      if (given !== null) return this.#lend(given);
    }
    return this.#open();
  }

  /**
   * Lends a connection to `use` and gives it back when its promise settles; if it rejects, the
   * connection is in an unknown state and is discarded. @returns what `use` returns
   */
  async WithConnection<T>(use: (connection: PooledConnection) => T | Promise<T>): Promise<T> {
    using connection = await this.Connection();
    try {
      return await use(connection);
    } catch (error) {
      connection.Discard();
      throw error;
    }
  }

  GetCounters(): PoolCounters {
    return {
      Lent: this.#lent,
      Idle: this.#idle.length,
      Waiting: this.#queue.Length,
      Opened: this.#opened,
      Reused: this.#reused,
      Expired: this.#expired,
      Broken: this.#broken,
    };
  }

  /**
   * Ends the pool: idle connections are closed, lent ones as soon as they are given back, and
   * whoever waits, or asks later, is refused.
   */
  async CloseAll(): Promise<void> {
    this.#closed = true;
    this.#queue.RejectAll(this.#closedError());
    for (const controller of this.#opening) controller.abort();
    await Promise.all(
      this.#idle.splice(0).map(({ Connection, Timer }) => {
        clearTimeout(Timer);
        return Connection.Close();
      }),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.CloseAll();
  }

  /** The youngest idle connection that can be lent; the broken ones on the way are closed. */
  #takeIdle(): Connection | null {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.Timer);
      if (idle.Connection.IsIdle()) {
        this.#lent++;
        return idle.Connection;
      }
      this.#broken++;
      void idle.Connection.Close();
    }
    return null;
  }

  /** Opens a connection in a place that is counted as lent. */
  async #open(): Promise<PooledConnection> {
    const controller = new AbortController();
    this.#opening.add(controller);
    try {
      if (this.#closed) throw this.#closedError();
      const connection = await Connect(this.Address.Host, this.Address.Port, {
        ...(await this.#connectOptions()),
        signal: controller.signal,
      });
      this.#opened++;
      return this.#lend(connection);
    } catch (error) {
      this.#freePlace();
      throw this.#closed ? this.#closedError() : error;
    } finally {
      this.#opening.delete(controller);
    }
  }

  async #connectOptions(): Promise<ConnectOptions> {
    const { ssl = false, tls, backend } = this.#options;
    if (ssl && tls === undefined) this.#tls ??= await ClientTls(this.#options, backend);
    return {
      ...this.#options,
      idleTimeout: this.#stallMs,
      ...(this.#tls === null ? {} : { tls: this.#tls }),
    };
  }

  #lend(connection: Connection): PooledConnection {
    return new PooledConnection(connection, (back) => this.#takeBack(back));
  }

  #takeBack(connection: Connection): void {
    const usable = connection.IsIdle();
    if (!usable) this.#broken++;
    if (!usable || this.#closed) {
      void connection.Close();
      this.#freePlace();
    } else if (this.#queue.Grant(connection)) {
      this.#reused++;
    } else {
      this.#lent--;
      this.#keep(connection);
    }
  }

  #keep(connection: Connection): void {
    const expire = (): void => {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      this.#expired++;
      void connection.Close();
    };
    const timer = this.#idleMs < 2 ** 31 ? setTimeout(expire, this.#idleMs) : undefined;
    const idle: Idle = { Connection: connection, Timer: timer };
    this.#idle.push(idle);
  }

  /** A place without a connection: whoever waits longest gets it. */
  #freePlace(): void {
    if (!this.#queue.Grant(null)) this.#lent--;
  }

  #closedError(): EasySocketError {
    const text = `The pool of connections with ${this.Address} is closed.`;
    return new EasySocketError(text, SocketError.CONNECTION_CLOSED);
  }
}
