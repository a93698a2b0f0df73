/** A name that the bridge looks up for the page. */
import type { IpAddress } from "../../core/IpAddress.ts";
import type { BackendLookup, Family } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";

export class BridgedLookup implements BackendLookup {
  readonly Name: string;
  readonly Family: Family;
  #done = false;
  #failure: SocketError = SocketError.SUCCESS;
  #addresses: readonly IpAddress[] = [];
  readonly #handlers: (() => void)[] = [];

  constructor(name: string, family: Family) {
    this.Name = name;
    this.Family = family;
  }

  Done(): boolean {
    return this.#done;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Addresses(): readonly IpAddress[] {
    return this.#addresses;
  }

  OnDone(handler: () => void): void {
    if (this.#done) queueMicrotask(handler);
    else this.#handlers.push(handler);
  }

  /** The answer, or why there is none. The first one counts. */
  End(code: SocketError, addresses: readonly IpAddress[] = []): void {
    if (this.#done) return;
    this.#done = true;
    this.#failure = code;
    this.#addresses = addresses;
    for (const handler of this.#handlers.splice(0)) queueMicrotask(handler);
  }
}
