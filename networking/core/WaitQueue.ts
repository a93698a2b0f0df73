/**
 * Promises that wait for a condition, for callers outside a game loop. `Check` is called whenever
 * something may have changed; a waiter whose condition holds, or whose time is up, is resolved.
 *
 * In order: a later waiter is not tested before the earlier ones are done, as two reads of one
 * stream need it. Bounded by `Limits.maxWaiters`; one more is LIMIT_REACHED.
 */
import { Limits } from "./Limits.ts";
import type { NetBackend } from "./NetBackend.ts";
import { SocketError } from "./SocketError.ts";

/** A code to resolve with, or null to go on waiting. */
export type WaitTest = () => SocketError | null;

interface Waiter {
  readonly Test: WaitTest;
  readonly Resolve: (code: SocketError) => void;
  readonly CancelTimer: () => void;
}

export class WaitQueue {
  readonly #backend: NetBackend;
  readonly #inOrder: boolean;
  readonly #waiters = new Set<Waiter>();

  constructor(backend: NetBackend, inOrder: boolean) {
    this.#backend = backend;
    this.#inOrder = inOrder;
  }

  IsEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /**
   * @param timeoutMs 0..Infinity; when it passes the promise resolves with TIMED_OUT.
   * @returns what `test` gives, TIMED_OUT, or LIMIT_REACHED.
   */
  Wait(test: WaitTest, timeoutMs: number): Promise<SocketError> {
    if (this.#waiters.size >= Limits.maxWaiters) {
      return Promise.resolve(SocketError.LIMIT_REACHED);
    }
    return new Promise((resolve) => {
      const expire = (): void => {
        this.#finish(waiter, SocketError.TIMED_OUT);
        this.Check();
      };
      const timed = timeoutMs < 2 ** 31;
      const waiter: Waiter = {
        Test: test,
        Resolve: resolve,
        CancelTimer: timed ? this.#backend.After(timeoutMs, expire) : () => undefined,
      };
      this.#waiters.add(waiter);
      this.Check();
    });
  }

  /** Tests the waiters again. */
  Check(): void {
    for (const waiter of this.#waiters) {
      const code = waiter.Test();
      if (code !== null) this.#finish(waiter, code);
      else if (this.#inOrder) return;
    }
  }

  #finish(waiter: Waiter, code: SocketError): void {
    if (!this.#waiters.delete(waiter)) return;
    waiter.CancelTimer();
    waiter.Resolve(code);
  }
}
