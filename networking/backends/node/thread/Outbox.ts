/**
 * What the network thread has to tell the game thread. Facts stand in shared memory already; the
 * outbox wakes a waiting game thread at once, and posts at most one message of each kind per turn
 * of the event loop, however many sockets changed in it, and sooner when a ring fills.
 *
 * Bounded by the number of sockets: an id is listed once until it is posted.
 */
import type { Report } from "../Commands.ts";
import type { SharedControl } from "../SharedControl.ts";

export class Outbox {
  readonly #control: SharedControl;
  readonly #send: (report: Report) => void;
  readonly #active = new Set<number>();
  #ended: number[] = [];
  #scheduled = false;
  #hurrying = false;
  /** The turn's end wakes a waiting game thread. */
  #advancing = false;

  constructor(control: SharedControl, send: (report: Report) => void) {
    this.#control = control;
    this.#send = send;
  }

  /** Posts now; for reports that carry something. */
  Post(report: Report): void {
    this.#control.CountPosted();
    this.#send(report);
    this.#control.Advance();
  }

  /** Something about `id` was recorded. @param watched whether a handler waits for it. */
  Changed(id: number, watched: boolean): void {
    this.#control.Advance();
    this.Noted(id, watched);
  }

  /** As `Changed`, and more of the kind is likely in this turn: one wake at its end is enough. */
  Changing(id: number, watched: boolean): void {
    this.#advancing = true;
    this.#schedule();
    this.Noted(id, watched);
  }

  /** What was listed is posted at the end of this run, not of the turn. */
  Hurry(): void {
    if (this.#hurrying) return;
    this.#hurrying = true;
    queueMicrotask(() => this.#flush());
  }

  /** As `Changed`, and nothing that a waiting game thread has to be woken for. */
  Noted(id: number, watched: boolean): void {
    if (!watched) return;
    this.#active.add(id);
    this.#schedule();
  }

  /** `id` is gone. */
  Ended(id: number): void {
    this.#ended.push(id);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    this.#hurrying = false;
    if (this.#advancing) this.#control.Advance();
    this.#advancing = false;
    // Taken before they are posted: on one thread a handler may ask for more, or throw.
    const [active, ended] = [[...this.#active], this.#ended];
    this.#active.clear();
    this.#ended = [];
    try {
      if (active.length > 0) this.Post({ Op: "activity", Ids: active });
    } finally {
      if (ended.length > 0) this.Post({ Op: "ended", Ids: ended });
    }
  }
}
