/**
 * What a window allows and the ring behind it has no room for: a window may grow larger than the
 * ring, so that a stream from far away is fast though its reader chose a small buffer. In a page
 * this is what the system's receive buffer is elsewhere.
 *
 * Holds at most a window, in a ring of its own that is made when it is first needed.
 */
import { ByteRing } from "../core/ByteRing.ts";

export class WindowInbox {
  #ring: ByteRing | null = null;

  /** Bytes that wait. */
  Used(): number {
    return this.#ring?.Used() ?? 0;
  }

  /**
   * Puts what fits into the sink and keeps the rest, in order.
   * @param windowBytes that the peer may have under way and unread, these included.
   * @returns false when it is more than the window.
   */
  Push(data: Uint8Array, sink: ByteRing, windowBytes: number): boolean {
    const taken = this.Used() === 0 ? sink.Write(data) : 0;
    if (taken === data.length) return true;
    return this.#roomFor(windowBytes).Write(data, taken) === data.length - taken;
  }

  /** Moves what fits into the sink. @returns whether anything moved. */
  Drain(sink: ByteRing): boolean {
    const before = this.Used();
    // Twice at most: what waits may go on at the storage's start.
    while (this.#ring !== null && this.#ring.Used() > 0) {
      const moved = sink.Write(this.#ring.Front());
      this.#ring.Skip(moved);
      if (moved === 0) break;
    }
    return this.Used() < before;
  }

  #roomFor(windowBytes: number): ByteRing {
    const small = this.#ring;
    if (small !== null && small.Capacity >= windowBytes) return small;
    const ring = ByteRing.Create(windowBytes);
    this.#ring = ring;
    if (small !== null) {
      ring.Write(small.Front());
      small.Skip(ring.Used());
      ring.Write(small.Front());
    }
    return ring;
  }
}
