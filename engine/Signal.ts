/**
 * Signal: a typed event that one object emits and others connect to (Godot 4's Signal).
 *
 * Emit is synchronous and calls handlers in the order of connection. Handlers connected during an
 * Emit wait for the next one; handlers disconnected during it are not called any more. A handler
 * that throws, or returns a promise that rejects, stops nobody else: the error goes to the log at
 * its 1st, 2nd, 4th, 8th ... occurrence, so that a handler failing 60 times a second cannot flood.
 *
 * Nothing queues up here. However many callers wait in `Next()`, they share one promise.
 */

import { Log } from "./Log.ts";

export type SignalHandler<Args extends unknown[]> = (...args: Args) => void;

export interface ConnectOptions {
  /** Disconnect before the first call. Godot's CONNECT_ONE_SHOT. */
  readonly Once?: boolean;
  /** The object on whose behalf the handler runs; freeing a node ends the connections it owns. */
  readonly Owner?: object;
}

interface Connection<Args extends unknown[]> {
  readonly handler: SignalHandler<Args>;
  readonly once: boolean;
  /** False from the moment of disconnection, so that an Emit under way passes it over. */
  live: boolean;
  failures: number;
  readonly disconnect: () => void;
}

const ownedConnections = new WeakMap<object, Set<() => void>>();

/** Ends every connection that was made with this Owner. Does nothing the second time. */
export function DisconnectOwner(owner: object): void {
  const owned = ownedConnections.get(owner);
  if (owned === undefined) return;
  ownedConnections.delete(owner);
  for (const disconnect of owned) disconnect();
}

export class Signal<Args extends unknown[] = []> {
  #connections: Connection<Args>[] = [];
  /** The array that the innermost Emit walks; a change then works on a copy. */
  #walked: Connection<Args>[] | null = null;
  /** What the callers of Next() wait for, if any do. */
  #next: Promise<Args> | null = null;
  #resolveNext: ((args: Args) => void) | null = null;

  /**
   * Calls `handler` at every Emit from now on.
   * @returns a function that disconnects it; calling that twice is harmless
   * @throws {TypeError} if `handler` is not a function
   * @throws {Error} if `handler` is connected already, as in Godot
   */
  Connect(handler: SignalHandler<Args>, options: ConnectOptions = {}): () => void {
    if (typeof handler !== "function") {
      throw new TypeError(`Signal.Connect needs a function, not ${typeof handler}.`);
    }
    if (this.IsConnected(handler)) {
      throw new Error("This handler is connected already; disconnect it or pass another function.");
    }
    const owner = options.Owner;
    const connection: Connection<Args> = {
      handler,
      once: options.Once === true,
      live: true,
      failures: 0,
      disconnect: () => {
        if (!connection.live) return;
        connection.live = false;
        const list = this.#writable();
        list.splice(list.indexOf(connection), 1);
        if (owner !== undefined) ownedConnections.get(owner)?.delete(connection.disconnect);
      },
    };
    this.#writable().push(connection);
    if (owner !== undefined) rememberOwner(owner, connection.disconnect);
    return connection.disconnect;
  }

  /** @returns whether the handler was connected */
  Disconnect(handler: SignalHandler<Args>): boolean {
    const connection = this.#find(handler);
    connection?.disconnect();
    return connection !== undefined;
  }

  IsConnected(handler: SignalHandler<Args>): boolean {
    return this.#find(handler) !== undefined;
  }

  /** How many handlers are connected; callers of `Next()` are not counted. */
  GetConnectionCount(): number {
    return this.#connections.length;
  }

  /** Calls the handlers now, in the order of connection, then wakes the callers of `Next()`. */
  Emit(...args: Args): void {
    const resolveNext = this.#resolveNext;
    this.#next = this.#resolveNext = null;
    if (this.#connections.length > 0) this.#callHandlers(args);
    resolveNext?.(args);
  }

  /**
   * The arguments of the next Emit, for `const [delta] = await tree.ProcessFrame.Next()`.
   * Called during an Emit it means the one after. If there is none, it never settles.
   */
  Next(): Promise<Args> {
    this.#next ??= new Promise((resolve) => {
      this.#resolveNext = resolve;
    });
    return this.#next;
  }

  #callHandlers(args: Args): void {
    const outer = this.#walked;
    const walked = (this.#walked = this.#connections);
    for (const connection of walked) {
      if (!connection.live) continue;
      if (connection.once) connection.disconnect();
      try {
        const { handler } = connection;
        const result: unknown = handler(...args);
        if (result instanceof Promise) result.catch((error) => reportFailure(connection, error));
      } catch (error) {
        reportFailure(connection, error);
      }
    }
    this.#walked = outer;
  }

  #find(handler: SignalHandler<Args>): Connection<Args> | undefined {
    return this.#connections.find((connection) => connection.handler === handler);
  }

  /** The list to change: a copy while an Emit walks the present one. */
  #writable(): Connection<Args>[] {
    if (this.#walked === this.#connections) this.#connections = [...this.#connections];
    return this.#connections;
  }
}

function rememberOwner(owner: object, disconnect: () => void): void {
  const owned = ownedConnections.get(owner);
  if (owned === undefined) ownedConnections.set(owner, new Set([disconnect]));
  else owned.add(disconnect);
}

/** Logs at powers of two: the count says what was left out. */
function reportFailure(connection: { failures: number }, error: unknown): void {
  const count = ++connection.failures;
  if ((count & (count - 1)) !== 0) return;
  Log.Error(`A signal handler threw (occurrence ${count}).`, error);
}
