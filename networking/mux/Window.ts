/**
 * How much one side of a stream may send, and how much the other has promised to take.
 *
 * MWX counts bytes as absolute offsets, so a lost or repeated grant does no harm:
 *
 *     sender    |== sent ==|-- room --|            granted: the last WINDOW
 *     receiver  |= consumed =|= waiting in the ring =|- free -|   grants `received + free`
 *
 * Plain Wisp counts packets towards the bridge, and nothing towards the client.
 */
import { MuxLimits } from "./MuxLimits.ts";
import type { WindowGrowth } from "./WindowGrowth.ts";

/** Says how large the next DATA of a stream may be. */
export interface SendWindow {
  /** Bytes; 0 means wait for a grant. */
  Room(): number;
  /** A DATA of this many bytes was sent; never more than `Room`. */
  Sent(bytes: number): void;
  /** The peer's word: an offset of WINDOW or OPENED, or the packets of CONTINUE. */
  Grant(value: number): void;
  /** Bytes ever sent: FIN's offset. */
  Total(): number;
}

/** MWX: absolute byte offsets. */
export class OffsetSendWindow implements SendWindow {
  #sent = 0;
  #granted = 0;

  Room(): number {
    return this.#granted - this.#sent;
  }

  Sent(bytes: number): void {
    this.#sent += bytes;
  }

  Total(): number {
    return this.#sent;
  }

  /** @param offset absolute; one lower than before changes nothing. */
  Grant(offset: number): void {
    this.#granted = Math.max(this.#granted, offset);
  }
}

/** Plain Wisp: packets towards the bridge. */
export class PacketSendWindow implements SendWindow {
  #sent = 0;
  #credit: number;

  /**
   * @param credit from the handshake; Infinity towards the client, where only the WebSocket
   * pushes back.
   */
  constructor(credit: number) {
    this.#credit = credit;
  }

  Room(): number {
    return this.#credit > 0 ? MuxLimits.quantumBytes : 0;
  }

  Sent(bytes: number): void {
    this.#sent += bytes;
    this.#credit--;
  }

  Total(): number {
    return this.#sent;
  }

  /** @param packets that the bridge can buffer now: replaces the counter. */
  Grant(packets: number): void {
    this.#credit = packets;
  }
}

/**
 * MWX, receiving: grants what fits into the ring behind it, and more while the budget has it. It
 * begins small and doubles each time a whole window went by in little time and the reader left
 * little of it waiting: who is far away and read at once gets more on the way. Who does not read
 * costs no more than the first window, and on a slow line, where more would only queue in front of
 * other streams, it stays what goes by in `windowGrowthMs`. What it grew beyond the ring stays
 * taken until `Release`.
 */
export class ReceiveWindow {
  readonly #capacity: number;
  readonly #growth: WindowGrowth;
  #size: number;
  #received = 0;
  #granted = 0;
  /** Bytes that had been consumed, and when, as the window that is looked at began. */
  #beganAt = 0;
  #beganMs: number;

  /**
   * @param capacity of the ring that takes the bytes.
   * @param growth what windows may grow beyond their rings.
   */
  constructor(capacity: number, growth: WindowGrowth) {
    this.#capacity = capacity;
    this.#growth = growth;
    this.#beganMs = growth.Now();
    this.#size = Math.min(capacity, MuxLimits.windowFirstBytes);
  }

  /** Bytes that the peer may have under way and the reader not taken yet. */
  Size(): number {
    return this.#size;
  }

  /** The stream is over: gives back what it grew. */
  Release(): void {
    this.#growth.Give(this.#beyondRing(this.#size));
    this.#size = Math.min(this.#size, this.#capacity);
  }

  /** Bytes ever received: FIN's offset must be the same. */
  Total(): number {
    return this.#received;
  }

  /** @returns false when the peer sent more than it was granted. */
  Received(bytes: number): boolean {
    this.#received += bytes;
    return this.#received <= this.#granted;
  }

  /**
   * The next offset to grant, or null while it is not worth a packet: half a window has come free,
   * or the peer has nothing left and any byte helps. The second part keeps a reader that waits for
   * one large record from waiting for ever.
   * @param waiting bytes that nobody took yet.
   */
  NextGrant(waiting: number): number | null {
    this.#grow(waiting);
    const offset = this.#received - waiting + this.#size;
    const gain = offset - this.#granted;
    if (gain <= 0) return null;
    if (gain < this.#size / 2 && this.#received < this.#granted) return null;
    this.#granted = offset;
    return offset;
  }

  #grow(waiting: number): void {
    if (this.#size >= MuxLimits.windowMaxBytes) return;
    const consumed = this.#received - waiting;
    if (consumed - this.#beganAt < this.#size || waiting > this.#size / 4) return;
    const now = this.#growth.Now();
    const tookMs = now - this.#beganMs;
    this.#beganAt = consumed;
    this.#beganMs = now;
    if (tookMs > MuxLimits.windowGrowthMs) return;
    const larger = Math.min(2 * this.#size, MuxLimits.windowMaxBytes);
    const more = this.#beyondRing(larger) - this.#beyondRing(this.#size);
    if (more === 0 || this.#growth.Take(more)) this.#size = larger;
    else this.#size = Math.max(this.#size, Math.min(larger, this.#capacity));
  }

  #beyondRing(size: number): number {
    return Math.max(0, size - this.#capacity);
  }
}
