/** One lookup with a deadline, whatever the backend's own is; `done` is called once. */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Family, NetBackend } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";

export interface LookUpAnswer {
  /** SUCCESS, CANT_RESOLVE, TIMED_OUT, ... */
  readonly Code: SocketError;
  readonly Addresses: readonly IpAddress[];
}

export function LookUp(
  backend: NetBackend,
  name: string,
  family: Family,
  timeoutMs: number,
  done: (answer: LookUpAnswer) => void,
): void {
  let over = false;
  const end = (answer: LookUpAnswer): void => {
    if (over) return;
    over = true;
    done(answer);
  };
  const lookup = backend.Lookup(name, family);
  const cancel = backend.After(timeoutMs, () => {
    end({ Code: SocketError.TIMED_OUT, Addresses: [] });
  });
  lookup.OnDone(() => {
    cancel();
    end({ Code: lookup.Failure(), Addresses: lookup.Addresses() });
  });
}
