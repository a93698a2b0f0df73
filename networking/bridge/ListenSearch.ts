/**
 * Looks for a port of a range that can be listened at: one after another, until one listens or none
 * is left. A backend may answer at once or later.
 *
 * Limits: `listenTries` ports. Ends once, with a listener or with the last one's code; `Cancel` ends
 * it without either.
 */
import { IpAddress } from "../core/IpAddress.ts";
import type { BackendListener, NetBackend } from "../core/NetBackend.ts";
import { ListenerPhase } from "../core/NetBackend.ts";
import type { SocketError } from "../core/SocketError.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { ListenPlace } from "./ListenRule.ts";

export class ListenSearch {
  readonly #backend: NetBackend;
  readonly #limits: BridgeLimits;
  readonly #address: IpAddress;
  readonly #backlog: number;
  readonly #lastPort: number;
  readonly #done: (result: BackendListener | SocketError) => void;
  #port: number;
  #listener: BackendListener | null = null;

  /** @param done may be called in the constructor: a listener that is LISTENING, or a code. */
  constructor(
    backend: NetBackend,
    limits: BridgeLimits,
    { Host, Ports: [first, last] }: ListenPlace,
    backlog: number,
    done: (result: BackendListener | SocketError) => void,
  ) {
    this.#backend = backend;
    this.#limits = limits;
    this.#address = new IpAddress(Host);
    this.#backlog = backlog;
    this.#port = first;
    this.#lastPort = Math.min(last, first + limits.listenTries - 1);
    this.#done = done;
    this.#try();
  }

  /** Nobody wants the port any more. */
  Cancel(): void {
    this.#listener?.OnActivity(null);
    this.#listener?.Close();
    this.#listener = null;
  }

  #try(): void {
    const listener = this.#backend.Listen({
      Address: this.#address,
      Port: this.#port,
      Backlog: this.#backlog,
      InboundBufferBytes: this.#limits.streamWindowBytes,
      OutboundBufferBytes: this.#limits.streamWindowBytes,
    });
    this.#listener = listener;
    listener.OnActivity(() => this.#look(listener));
    this.#look(listener);
  }

  #look(listener: BackendListener): void {
    const phase = listener.Phase();
    if (this.#listener !== listener || phase === ListenerPhase.OPENING) return;
    this.#listener = null;
    listener.OnActivity(null);
    if (phase === ListenerPhase.LISTENING) this.#done(listener);
    else if (this.#port >= this.#lastPort) this.#done(listener.Failure());
    else {
      this.#port++;
      this.#try();
    }
  }
}
