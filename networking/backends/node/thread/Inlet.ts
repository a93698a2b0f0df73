/**
 * What reads bring: into the inbound ring, by the shared read buffer or, while reads are large and
 * the ring has room for another, without it.
 *
 * Full ring: what does not fit waits in `spill` and reading pauses, so TCP slows the sender down.
 * The spill holds what one read of the system held: 64 KiB of a plain socket; of a TLS one the
 * records in it, which OpenSSL gives one after another, pause or not. Every read of a full ring
 * moves some of it on: whoever waits for a full ring must get one.
 */
import type { SharedSocket } from "../SharedSocket.ts";

const none = new Uint8Array(0);

export class Inlet {
  readonly #shared: SharedSocket;
  #readBytes: number;
  #spill: Uint8Array = none;
  /** What the spill is in, if others may use it next. */
  #memory: Uint8Array | null = null;
  /** The last read was large: more of the kind is likely. */
  #bulk = false;
  /** The next read lands in the ring itself. */
  #direct = false;

  /** @param readBytes the most that one read brings. */
  constructor(shared: SharedSocket, readBytes: number) {
    this.#shared = shared;
    this.#readBytes = readBytes;
  }

  /** As ReadSink. */
  NextBuffer(): Uint8Array | null {
    this.#direct = false;
    if (!this.#bulk || this.HasSpill()) return null;
    const back = this.#shared.Inbound.Back();
    this.#direct = back.length >= this.#readBytes;
    return this.#direct ? back : null;
  }

  /** As ReadSink. */
  Receive(bytes: Uint8Array, count: number): boolean {
    this.#bulk = count >= this.#readBytes / 2;
    if (this.#direct) {
      this.#shared.Inbound.Commit(count);
      return true;
    }
    if (this.HasSpill()) {
      // Reading is paused, and goes on when the game thread has read and `Unspill` was called.
      this.#keep(joined(this.#spill, bytes.subarray(0, count)));
      return false;
    }
    const taken = this.#shared.Inbound.Write(bytes, 0, count);
    if (taken === count) return true;
    this.#keep(bytes.subarray(taken, count));
    this.#shared.SetPaused(true);
    // Room may have come free between the write and the mark, unseen by a game thread that looked
    // at the mark first.
    return this.Unspill();
  }

  /** The last read was large, and there is much room yet. */
  IsMoreLikely(): boolean {
    return this.#bulk && !this.IsFilling();
  }

  /** The ring is half full or more. */
  IsFilling(): boolean {
    const ring = this.#shared.Inbound;
    return ring.Used() >= ring.Capacity / 2;
  }

  HasSpill(): boolean {
    return this.#spill.length > 0;
  }

  /** Moves the spill on into the ring. @returns true when reading may go on. */
  Unspill(): boolean {
    this.#spill = this.#spill.subarray(this.#shared.Inbound.Write(this.#spill));
    if (this.HasSpill()) return false;
    this.#forget();
    this.#shared.SetPaused(false);
    return true;
  }

  /** Nobody wants any of it: reading goes on. */
  Drop(): void {
    this.#forget();
    this.#direct = false;
    this.#shared.SetPaused(false);
  }

  /**
   * Takes out all that came and was not read, for TLS to begin with.
   * @param readBytes the most that one read brings from now on.
   */
  TakeAll(readBytes: number): Uint8Array {
    const ring = this.#shared.Inbound;
    const all = new Uint8Array(ring.Used() + this.#spill.length);
    all.set(this.#spill, ring.Read(all));
    this.#readBytes = readBytes;
    this.Drop();
    return all;
  }

  /** Copies the bytes; many of them into memory that another spill has left, if there is some. */
  #keep(bytes: Uint8Array): void {
    const large = bytes.length > spareBytes / 4 && bytes.length <= spareBytes;
    const memory = large ? (spares.pop() ?? new Uint8Array(spareBytes)) : null;
    memory?.set(bytes);
    this.#forget();
    this.#spill = memory?.subarray(0, bytes.length) ?? bytes.slice();
    this.#memory = memory;
  }

  #forget(): void {
    if (this.#memory !== null && spares.length < mostSpares) spares.push(this.#memory);
    this.#memory = null;
    this.#spill = none;
  }
}

/**
 * A fresh 64 KiB for each large spill would cost the collector more than the bytes cost to move.
 * Small ones have no more memory than they need, as thousands of sockets may each have one.
 */
const spareBytes = 65_536;
const mostSpares = 16;
const spares: Uint8Array[] = [];

function joined(first: Uint8Array, more: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + more.length);
  both.set(first);
  both.set(more, first.length);
  return both;
}
