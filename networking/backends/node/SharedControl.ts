/**
 * The memory that both threads share besides the sockets: a few control words and the dirty list.
 *
 * The game thread pushes the id of each socket that needs the network thread (bytes to send, room
 * to read into, a request) onto the dirty list, a ring of 32-bit entries, so the network thread
 * serves a list and never scans. A socket's own DIRTY word keeps it from being listed twice.
 *
 *     words   sequence  waiting  wake  dead  posted  head  tail
 *     dirty   [ id | id | id | ... ]       game pushes at head, network thread pops at tail
 *
 * Full list: `Push` answers false, and the caller wakes the thread and waits for room.
 */
import { Limits } from "../../core/Limits.ts";

const SEQUENCE = 0;
const WAITING = 1;
const WAKE = 2;
const DEAD = 3;
const POSTED = 4;
const HEAD = 5;
const TAIL = 6;
const wordCount = 16;

export class SharedControl {
  readonly Memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #dirty: Int32Array;

  /** @param memory from the other side, or nothing to create it. */
  constructor(memory = new SharedArrayBuffer(4 * (wordCount + Limits.dirtyListEntries))) {
    this.Memory = memory;
    this.#words = new Int32Array(memory, 0, wordCount);
    this.#dirty = new Int32Array(memory, 4 * wordCount, Limits.dirtyListEntries);
  }

  /** Game thread: lists a socket. @returns false when the list is full. */
  Push(id: number): boolean {
    const head = Atomics.load(this.#words, HEAD);
    if (((head - Atomics.load(this.#words, TAIL)) | 0) >= this.#dirty.length) return false;
    this.#dirty[head & (this.#dirty.length - 1)] = id;
    Atomics.store(this.#words, HEAD, (head + 1) | 0);
    return true;
  }

  /** Network thread: the next listed socket, or -1. */
  Pop(): number {
    const tail = Atomics.load(this.#words, TAIL);
    if (tail === Atomics.load(this.#words, HEAD)) return -1;
    const id = this.#dirty[tail & (this.#dirty.length - 1)] as number;
    Atomics.store(this.#words, TAIL, (tail + 1) | 0);
    return id;
  }

  /** Game thread: true for the first wake since the network thread last looked. */
  ClaimWake(): boolean {
    return Atomics.exchange(this.#words, WAKE, 1) === 0;
  }

  /** Game thread: the network thread has not looked since the wake that was claimed last. */
  IsWakePending(): boolean {
    return Atomics.load(this.#words, WAKE) !== 0;
  }

  /** Network thread: from here on a new wake is needed. */
  AcceptWake(): void {
    Atomics.store(this.#words, WAKE, 0);
  }

  /** Network thread: something was recorded; ends a `Wait` of the game thread. */
  Advance(): void {
    Atomics.add(this.#words, SEQUENCE, 1);
    if (Atomics.load(this.#words, WAITING) !== 0) Atomics.notify(this.#words, SEQUENCE);
  }

  Sequence(): number {
    return Atomics.load(this.#words, SEQUENCE);
  }

  /** Game thread: sleeps until the sequence is no longer `seen`, at most `timeoutMs`. */
  Wait(seen: number, timeoutMs: number): void {
    Atomics.store(this.#words, WAITING, 1);
    Atomics.wait(this.#words, SEQUENCE, seen, timeoutMs);
    Atomics.store(this.#words, WAITING, 0);
  }

  /** Network thread: a message is in the port; lets the game thread look only when there is one. */
  CountPosted(): void {
    Atomics.add(this.#words, POSTED, 1);
  }

  Posted(): number {
    return Atomics.load(this.#words, POSTED);
  }

  /** Network thread, when it ends for whatever reason: nobody may wait for it any more. */
  MarkDead(): void {
    Atomics.store(this.#words, DEAD, 1);
    Atomics.add(this.#words, SEQUENCE, 1);
    Atomics.notify(this.#words, SEQUENCE);
  }

  IsDead(): boolean {
    return Atomics.load(this.#words, DEAD) !== 0;
  }
}
