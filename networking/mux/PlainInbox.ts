/**
 * What a plain Wisp peer sent on one stream and its ring had no room for.
 *
 * Plain credit counts packets, not bytes, and a compliant client may have twice the credit on its
 * way, so bytes must be able to wait somewhere. Who owns the mux bounds the sum of `Cost`: the
 * bridge stops reading the WebSocket, the page ends the stream.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import { MuxLimits } from "./MuxLimits.ts";

export class PlainInbox {
  readonly #packets: Uint8Array[] = [];
  #cost = 0;
  #sinceGrant = 0;

  /** Bytes that wait, and a fixed amount for each packet, so that empty ones are not free. */
  Cost(): number {
    return this.#cost;
  }

  /**
   * Puts what fits into the ring and keeps a copy of the rest: the message may be a small part of a
   * large read, which would stay in memory with it.
   */
  Push(data: Uint8Array, sink: ByteRing | null): void {
    this.#sinceGrant++;
    const taken = sink === null || this.#packets.length > 0 ? 0 : sink.Write(data);
    if (taken === data.length) return;
    this.#packets.push(data.slice(taken));
    this.#cost += data.length - taken + MuxLimits.waitingPacketBytes;
  }

  /** Moves what fits into the ring. @returns whether anything moved. */
  Drain(sink: ByteRing): boolean {
    let moved = false;
    let delivered = 0;
    for (const packet of this.#packets) {
      const taken = sink.Write(packet);
      if (taken > 0) moved = true;
      this.#cost -= taken;
      if (taken < packet.length) {
        this.#packets[delivered] = packet.subarray(taken);
        break;
      }
      delivered++;
      this.#cost -= MuxLimits.waitingPacketBytes;
    }
    // At once, because taking tens of thousands off the front one by one takes a second.
    this.#packets.splice(0, delivered);
    return moved;
  }

  /** The next CONTINUE, or null while half of the credit is not used up or not free again. */
  NextCredit(): number | null {
    const half = MuxLimits.plainCreditPackets / 2;
    if (this.#sinceGrant < half || this.#packets.length > half) return null;
    this.#sinceGrant = 0;
    return MuxLimits.plainCreditPackets - this.#packets.length;
  }
}
