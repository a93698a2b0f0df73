/**
 * One listening port of the bridge that a page asked for, as both ends count it: the page says how
 * many connections may have been announced in all, so it never holds more than its backlog.
 *
 *     page   |== taken ==|-- backlog --|   granted: LISTEN's backlog, then the last ACCEPT_CREDIT
 *     bridge |====== announced =====|  |   never beyond granted
 *
 * Only the mux drives it.
 */
import type { AcceptCreditPacket } from "./Packet.ts";
import { PacketType } from "./Packet.ts";

export class MuxListener {
  readonly Id: number;
  /** Bridge: "listening" was answered. Page: it has come. */
  Listening = false;
  readonly #backlog: number;
  #granted: number;
  #announced = 0;
  #taken = 0;

  /** @param backlog connections that may wait at the page, 1..65,535. */
  constructor(id: number, backlog: number) {
    this.Id = id;
    this.#backlog = backlog;
    this.#granted = backlog;
  }

  /** Bridge: one more connection may be announced. */
  HasCredit(): boolean {
    return this.#announced < this.#granted;
  }

  /** One more is announced. @returns false when it is more than was granted. */
  Announce(): boolean {
    return ++this.#announced <= this.#granted;
  }

  /** Bridge: the page's word. @param count absolute; one lower than before changes nothing. */
  Grant(count: number): void {
    this.#granted = Math.max(this.#granted, count);
  }

  /** Page: an announced connection waits no more. */
  Take(): void {
    this.#taken++;
  }

  /** Page: the next ACCEPT_CREDIT, or null while it is not worth a packet. */
  GrantPacket(): AcceptCreditPacket | null {
    const Count = this.#taken + this.#backlog;
    const gain = Count - this.#granted;
    if (gain <= 0 || (gain < this.#backlog / 2 && this.HasCredit())) return null;
    this.#granted = Count;
    return { Type: PacketType.ACCEPT_CREDIT, Stream: this.Id, Count };
  }
}
