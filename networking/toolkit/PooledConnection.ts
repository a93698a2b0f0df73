/**
 * A pool's connection while it is lent: the calls of Connection, until it is given back. Dispose it
 * (`using` does) to give it back; a call after that rejects, because another borrower may have it.
 */
import { SocketError } from "../core/SocketError.ts";
import type { Connection } from "./Connection.ts";
import { EasySocketError } from "./Errors.ts";
import type { PeerAddress } from "./PeerAddress.ts";

export class PooledConnection implements Disposable {
  readonly Address: PeerAddress;
  readonly #giveBack: (connection: Connection) => void;
  #connection: Connection | null;

  constructor(connection: Connection, giveBack: (connection: Connection) => void) {
    this.Address = connection.Address;
    this.#connection = connection;
    this.#giveBack = giveBack;
  }

  /** As `Connection.Write`. */
  async Write(data: Uint8Array | string): Promise<void> {
    await this.#lent().Write(data);
  }

  /** As `Connection.Read`: what is there, null at the peer's end. */
  async Read(maxBytes?: number): Promise<Uint8Array | null> {
    return this.#lent().Read(maxBytes);
  }

  /** As `Connection.ReadExactly`. */
  async ReadExactly(count: number): Promise<Uint8Array> {
    return this.#lent().ReadExactly(count);
  }

  /** As `Connection.ReadUntil`. */
  async ReadUntil(delimiter: number, maxBytes?: number): Promise<Uint8Array | null> {
    return this.#lent().ReadUntil(delimiter, maxBytes);
  }

  /** Gives it back broken: it is reset, and the pool opens another in its place. */
  Discard(): void {
    this.#connection?.Abort();
    this.Release();
  }

  /**
   * Gives it back. One that has ended, or on which a call waits or a reply is unread, is not lent
   * again. The second call does nothing.
   */
  Release(): void {
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) this.#giveBack(connection);
  }

  [Symbol.dispose](): void {
    this.Release();
  }

  #lent(): Connection {
    if (this.#connection !== null) return this.#connection;
    throw new EasySocketError(
      `The connection with ${this.Address} was given back to its pool.`,
      SocketError.SOCKET_INVALID,
    );
  }
}
