/** A name lookup in the in-process network; TIMED_OUT after `Limits.resolveTimeoutMs`. */
import type { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type { BackendLookup, Family } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { MemoryNetwork } from "./MemoryNetwork.ts";

export class MemoryLookup implements BackendLookup {
  readonly #network: MemoryNetwork;
  readonly #cancelDeadline: () => void;
  readonly #cancelLookup: () => void;
  #answer: { readonly failure: SocketError; readonly addresses: readonly IpAddress[] } | null =
    null;
  #handlers: (() => void)[] = [];

  constructor(network: MemoryNetwork, name: string, family: Family) {
    this.#network = network;
    this.#cancelDeadline = network.Clock.Schedule(Limits.resolveTimeoutMs, () =>
      this.#finish(SocketError.TIMED_OUT, []),
    );
    this.#cancelLookup = network.LookUp(name, family, (failure, addresses) =>
      this.#finish(failure, addresses),
    );
  }

  Done(): boolean {
    return this.#answer !== null;
  }

  Failure(): SocketError {
    return this.#answer?.failure ?? SocketError.SUCCESS;
  }

  Addresses(): readonly IpAddress[] {
    return this.#answer?.addresses ?? [];
  }

  OnDone(handler: () => void): void {
    if (this.Done()) this.#network.Clock.Call(0, handler);
    else this.#handlers.push(handler);
  }

  #finish(failure: SocketError, addresses: readonly IpAddress[]): void {
    this.#answer = { failure, addresses };
    this.#cancelDeadline();
    this.#cancelLookup();
    for (const handler of this.#handlers) this.#network.Clock.Call(0, handler);
    this.#handlers = [];
  }
}
