/**
 * Those who wait for a connection of a pool, served in the order in which they came. Each is
 * granted a connection, or the place of one that is gone; or its time passes and it rejects.
 *
 * Limits: `waitMs` for each, `ToolkitLimits.poolMaxWaiters` of them.
 */
import { SocketError } from "../core/SocketError.ts";
import type { Connection } from "./Connection.ts";
import type { EasySocketError } from "./Errors.ts";
import { ConnectionTimeoutError, ErrorOf } from "./Errors.ts";
import type { PeerAddress } from "./PeerAddress.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

interface Waiter {
  readonly Grant: (connection: Connection | null) => void;
  readonly Reject: (error: EasySocketError) => void;
}

export class PoolQueue {
  readonly #address: PeerAddress;
  readonly #waitMs: number;
  readonly #waiters = new Set<Waiter>();

  constructor(address: PeerAddress, waitMs: number) {
    this.#address = address;
    this.#waitMs = waitMs;
  }

  get Length(): number {
    return this.#waiters.size;
  }

  /** @returns a connection, or null for the place of one: who waited opens it. */
  Wait(): Promise<Connection | null> {
    const doing = `Waiting for a connection with ${this.#address}`;
    if (this.#waiters.size >= ToolkitLimits.poolMaxWaiters) {
      return Promise.reject(ErrorOf(SocketError.LIMIT_REACHED, doing));
    }
    return new Promise((resolve, reject) => {
      const expire = (): void => {
        this.#waiters.delete(waiter);
        const text = `${doing} failed: none came free within ${this.#waitMs} ms.`;
        reject(new ConnectionTimeoutError(text));
      };
      const timer = this.#waitMs < 2 ** 31 ? setTimeout(expire, this.#waitMs) : undefined;
      const waiter: Waiter = {
        Grant: (connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
        Reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** To whoever waits longest. @returns false when nobody waits */
  Grant(connection: Connection | null): boolean {
    const [first] = this.#waiters;
    if (first === undefined) return false;
    this.#waiters.delete(first);
    first.Grant(connection);
    return true;
  }

  RejectAll(error: EasySocketError): void {
    for (const waiter of this.#waiters) waiter.Reject(error);
    this.#waiters.clear();
  }
}
