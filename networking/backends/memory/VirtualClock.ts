/**
 * Time that passes only when somebody says so, and what is to happen at which moment.
 *
 * Two kinds of events: what the network does (packets, deadlines of its own), and calls of user
 * code (timers, OnActivity). `Advance` runs both in the order of time. `Block` stands for a thread
 * that waits: the network goes on, user code does not run before the next `Advance`.
 */
import type { HeapEvent } from "./EventHeap.ts";
import { EventHeap, IsBefore } from "./EventHeap.ts";

/** More events at one moment are a loop without time: two handlers that feed each other. */
const maxEventsAtOnce = 1_000_000;

export class VirtualClock {
  readonly #events = new EventHeap();
  readonly #calls = new EventHeap();
  #nowMs = 0;
  #order = 0;
  #advancing = false;

  Now(): number {
    return this.#nowMs;
  }

  /** The network does something in `delayMs`. @returns a function that cancels it. */
  Schedule(delayMs: number, run: () => void): () => void {
    return this.#events.Add({ AtMs: this.#nowMs + delayMs, Order: this.#order++, Run: run });
  }

  /** User code is called in `delayMs`. @returns a function that cancels it. */
  Call(delayMs: number, handler: () => void): () => void {
    return this.#calls.Add({ AtMs: this.#nowMs + delayMs, Order: this.#order++, Run: handler });
  }

  /** Events of the network that are to come. */
  EventCount(): number {
    return this.#events.Size();
  }

  /** Calls of user code that are to come. */
  CallCount(): number {
    return this.#calls.Size();
  }

  /**
   * Lets time pass, with everything that happens in it. What a handler throws comes out here.
   * @param ms 0 or more, finite; 0 runs what is due now.
   */
  Advance(ms: number): void {
    if (typeof ms !== "number" || !(ms >= 0 && ms < Infinity)) {
      throw new TypeError("Advance takes a finite number of milliseconds, 0 or more.");
    }
    if (this.#advancing) throw new Error("A handler cannot call Advance: it is running already.");
    this.#advancing = true;
    const endMs = this.#nowMs + ms;
    try {
      this.#run(
        () => this.#nextOfBoth(),
        endMs,
        () => false,
      );
    } finally {
      this.#advancing = false;
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /**
   * Lets the network go on until `ready` or the time is up.
   * @param timeoutMs 0..Infinity; with Infinity it also ends when nothing can happen any more.
   * @returns the last answer of `ready`.
   */
  Block(ready: () => boolean, timeoutMs: number): boolean {
    const endMs = this.#nowMs + Math.max(timeoutMs, 0);
    if (this.#run(() => this.#events, endMs, ready)) return true;
    if (endMs < Infinity) this.#nowMs = Math.max(this.#nowMs, endMs);
    return ready();
  }

  /** Runs events up to `endMs`. @returns whether `done` ended it. */
  #run(next: () => EventHeap, endMs: number, done: () => boolean): boolean {
    let atOnce = 0;
    for (;;) {
      if (done()) return true;
      const heap = next();
      const event = heap.First();
      if (event === null || event.AtMs > endMs) return false;
      atOnce = event.AtMs > this.#nowMs ? 0 : atOnce + 1;
      if (atOnce > maxEventsAtOnce) {
        throw new Error("A million events at one moment: handlers call each other without end.");
      }
      heap.Shift();
      // A call that came due while somebody blocked runs late; time does not go back for it.
      this.#nowMs = Math.max(this.#nowMs, event.AtMs);
      event.Run();
    }
  }

  #nextOfBoth(): EventHeap {
    const event = this.#events.First();
    const call = this.#calls.First();
    return isFirst(call, event) ? this.#calls : this.#events;
  }
}

function isFirst(call: HeapEvent | null, event: HeapEvent | null): boolean {
  return call !== null && (event === null || IsBefore(call, event));
}
