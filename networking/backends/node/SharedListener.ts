/**
 * The memory of one listener: its phase, its true port, and how many connections were announced,
 * taken and dropped. Untaken connections are `announced - taken`, which both sides can see.
 */
import type { ListenerPhase } from "../../core/NetBackend.ts";
import { ListenerPhase as Phase } from "../../core/NetBackend.ts";
import type { SocketError } from "../../core/SocketError.ts";

const PHASE = 0;
const FAILURE = 1;
const PORT = 2;
const ANNOUNCED = 3;
const TAKEN = 4;
const DROPPED = 5;
const WATCHED = 6;

export class SharedListener {
  readonly Memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(64)) {
    this.Memory = memory;
    this.#words = new Int32Array(memory);
  }

  Phase(): ListenerPhase {
    return Atomics.load(this.#words, PHASE) as ListenerPhase;
  }

  Failure(): SocketError {
    return Atomics.load(this.#words, FAILURE) as SocketError;
  }

  Port(): number {
    return Atomics.load(this.#words, PORT);
  }

  SetListening(port: number): void {
    Atomics.store(this.#words, PORT, port);
    Atomics.store(this.#words, PHASE, Phase.LISTENING);
  }

  SetClosed(failure: SocketError): void {
    if (this.Phase() === Phase.CLOSED) return;
    Atomics.store(this.#words, FAILURE, failure);
    Atomics.store(this.#words, PHASE, Phase.CLOSED);
  }

  CountAnnounced(): void {
    Atomics.add(this.#words, ANNOUNCED, 1);
  }

  CountTaken(): void {
    Atomics.add(this.#words, TAKEN, 1);
  }

  CountDropped(): void {
    Atomics.add(this.#words, DROPPED, 1);
  }

  Untaken(): number {
    return (Atomics.load(this.#words, ANNOUNCED) - Atomics.load(this.#words, TAKEN)) | 0;
  }

  Dropped(): number {
    return Atomics.load(this.#words, DROPPED);
  }

  SetWatched(watched: boolean): void {
    Atomics.store(this.#words, WATCHED, watched ? 1 : 0);
  }

  IsWatched(): boolean {
    return Atomics.load(this.#words, WATCHED) !== 0;
  }
}
