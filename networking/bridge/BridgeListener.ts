/**
 * One port where the bridge listens for a page: hands on every connection that comes in, and
 * resets the ones that nobody has room for.
 *
 * Limits: the system's queue is as long as the page's backlog; beyond the page's credit the newest
 * are reset and counted. Driven by the backend's activity.
 */
import type { BackendListener, BackendSocket, Endpoint } from "../core/NetBackend.ts";
import { ListenerPhase } from "../core/NetBackend.ts";
import type { SocketError } from "../core/SocketError.ts";

export interface ListenerOwner {
  /** A connection came in, OPEN. @returns false when there is no room for it. */
  Accept(socket: BackendSocket): boolean;
  /** Listening ended by itself. */
  Ended(code: SocketError): void;
}

export class BridgeListener {
  readonly Bound: Endpoint;
  readonly #listener: BackendListener;
  readonly #owner: ListenerOwner;
  #reset = 0;

  /** @param listener LISTENING. @param bound where. */
  constructor(listener: BackendListener, bound: Endpoint, owner: ListenerOwner) {
    this.Bound = bound;
    this.#listener = listener;
    this.#owner = owner;
    listener.OnActivity(() => this.#look());
  }

  /** Connections that were reset because nobody had room for them. */
  Dropped(): number {
    return this.#reset + this.#listener.Dropped();
  }

  /** The port is free when this returns. Connections that were handed on live on. */
  Close(): void {
    this.#listener.OnActivity(null);
    this.#listener.Close();
  }

  #look(): void {
    const ended = this.#listener.Phase() === ListenerPhase.CLOSED;
    for (let one = this.#listener.Take(); one !== null; one = this.#listener.Take()) {
      if (this.#owner.Accept(one)) continue;
      one.Abort();
      this.#reset++;
    }
    if (ended) this.#owner.Ended(this.#listener.Failure());
  }
}
