/**
 * What a bridge counts, for its metrics: plain numbers that sessions change as things happen, of
 * which only the last three go down again, and how the round trips to pages are spread.
 */
import { Histogram } from "prom-client";
import type { SocketError } from "../core/SocketError.ts";

/** Upper ends, in seconds: a frame, what players notice, what nobody plays with. */
const roundTripBuckets = [
  0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10,
];

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
  /** Those that WebSocket pings measured. */
  readonly RoundTrips = new Histogram({
    name: "moonwire_bridge_round_trip_seconds",
    help: "From a WebSocket ping to its pong, what waited before either included.",
    buckets: roundTripBuckets,
    registers: [],
  });
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
