/**
 * How long a page takes to answer, by its WebSocket's pings. A pong counts when it carries what the
 * last ping carried, once: one may come unasked, and answer an older ping. What a ping carries is
 * random, so that nobody answers before having been asked.
 *
 * A ping waits behind the bytes before it, here and on the way; so does the answer.
 */
import { randomBytes } from "node:crypto";

const payloadBytes = 8;

export class RoundTrip {
  #asked: Buffer | null = null;
  #askedAtMs = 0;
  #lastMs: number | null = null;

  /** @returns what the ping of this moment carries; an older one's answer no longer counts. */
  Ask(nowMs: number): Buffer {
    this.#askedAtMs = nowMs;
    this.#asked = randomBytes(payloadBytes);
    return this.#asked;
  }

  /** @returns how long the answer took; null for a pong that is none. */
  Answer(payload: Uint8Array, nowMs: number): number | null {
    if (this.#asked === null || !this.#asked.equals(payload)) return null;
    this.#asked = null;
    this.#lastMs = nowMs - this.#askedAtMs;
    return this.#lastMs;
  }

  /** The bridge itself is late in reading: the answer to the last ping would say nothing. */
  Forget(): void {
    this.#asked = null;
  }

  /** The last one, in ms, to a tenth; null when none was measured. */
  LastMs(): number | null {
    return this.#lastMs === null ? null : Math.round(this.#lastMs * 10) / 10;
  }
}
