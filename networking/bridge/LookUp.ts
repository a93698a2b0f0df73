/**
 * One lookup with a deadline, whatever the backend's own is; `done` is called once, never at once.
 *
 * The system answers in its own time, and cannot be told to stop: a lookup whose deadline is over
 * still occupies one of its few threads. So what counts against `maxPendingLookups` is what the
 * system has not answered yet, and one page with a slow name server cannot queue up without end.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Family, NetBackend } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";

export interface LookUpAnswer {
  /** SUCCESS, CANT_RESOLVE, TIMED_OUT, ... */
  readonly Code: SocketError;
  readonly Addresses: readonly IpAddress[];
}

/** Lookups that the system has not answered, of each backend. */
const pending = new WeakMap<NetBackend, number>();

export function LookUp(
  backend: NetBackend,
  name: string,
  family: Family,
  limits: Pick<BridgeLimits, "lookupTimeoutMs" | "maxPendingLookups">,
  done: (answer: LookUpAnswer) => void,
): void {
  const before = pending.get(backend) ?? 0;
  if (before >= limits.maxPendingLookups) {
    backend.After(0, () => done({ Code: SocketError.LIMIT_REACHED, Addresses: [] }));
    return;
  }
  pending.set(backend, before + 1);
  let over = false;
  const end = (answer: LookUpAnswer): void => {
    if (over) return;
    over = true;
    done(answer);
  };
  const lookup = backend.Lookup(name, family);
  const cancel = backend.After(limits.lookupTimeoutMs, () => {
    end({ Code: SocketError.TIMED_OUT, Addresses: [] });
  });
  lookup.OnDone(() => {
    pending.set(backend, (pending.get(backend) ?? 1) - 1);
    cancel();
    end({ Code: lookup.Failure(), Addresses: lookup.Addresses() });
  });
}
