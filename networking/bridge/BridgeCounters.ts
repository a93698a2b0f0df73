/**
 * What a bridge counts, for its metrics: plain numbers that sessions change as things happen. Only
 * the last three go down again.
 */
import type { SocketError } from "../core/SocketError.ts";

export class BridgeCounters {
  /** Bytes of WebSocket messages, from and to pages. */
  BytesFromPages = 0;
  BytesToPages = 0;
  /** WebSockets that were taken, and streams that were asked for, since the start. */
  SessionsOpened = 0;
  StreamsOpened = 0;
  /** Closed as they came, and answered 429. */
  ConnectionsRefused = 0;
  RequestsRefused = 0;
  /** Open now. */
  Sessions = 0;
  Streams = 0;
  Listeners = 0;
  readonly #refusals = new Map<SocketError, number>();
  readonly #upgradeRefusals = new Map<string, number>();

  /** A CONNECT, RESOLVE or LISTEN that was answered with this code. */
  Refused(code: SocketError): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** @param why one of the few words that the bridge has for it, never a client's text. */
  UpgradeRefused(why: string): void {
    this.#upgradeRefusals.set(why, (this.#upgradeRefusals.get(why) ?? 0) + 1);
  }

  Refusals(): ReadonlyMap<SocketError, number> {
    return this.#refusals;
  }

  UpgradeRefusals(): ReadonlyMap<string, number> {
    return this.#upgradeRefusals;
  }
}
