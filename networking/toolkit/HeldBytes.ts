/**
 * Bytes that came and are not wanted yet, as one run: what a search for a delimiter reads past.
 * Grows by doubling, so that a peer which sends byte by byte costs no more than its bytes; the
 * caller bounds how much it appends.
 */
export class HeldBytes {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get Length(): number {
    return this.#end - this.#start;
  }

  Append(more: Uint8Array): void {
    if (this.#end + more.length > this.#bytes.length) this.#makeRoom(more.length);
    this.#bytes.set(more, this.#end);
    this.#end += more.length;
  }

  /** The place of the first `byte` at or after `from`, or -1. */
  IndexOf(byte: number, from: number): number {
    const found = this.#bytes.subarray(0, this.#end).indexOf(byte, this.#start + from);
    return found < 0 ? -1 : found - this.#start;
  }

  /** Removes the first `count` bytes, or all if there are fewer, and gives a copy of them. */
  Take(count: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, Math.min(this.#start + count, this.#end));
    this.#start += taken.length;
    if (this.#start === this.#end) {
      this.#bytes = new Uint8Array(0);
      this.#start = 0;
      this.#end = 0;
    }
    return taken;
  }

  #makeRoom(count: number): void {
    const needed = this.Length + count;
    const grown = needed > this.#bytes.length / 2;
    const next = grown ? new Uint8Array(Math.max(needed, this.#bytes.length * 2)) : this.#bytes;
    const held = this.#bytes.subarray(this.#start, this.#end);
    if (grown) next.set(held);
    else next.copyWithin(0, this.#start, this.#end);
    this.#bytes = next;
    this.#end = held.length;
    this.#start = 0;
  }
}
