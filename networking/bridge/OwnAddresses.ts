/**
 * The addresses of this machine's interfaces. Asking the system takes a tenth of a millisecond, and
 * every CONNECT to a public address wants to know, so an answer counts for a second.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { NetBackend } from "../core/NetBackend.ts";

const freshMs = 1_000;

export class OwnAddresses {
  readonly #backend: NetBackend;
  #addresses: readonly IpAddress[] = [];
  #askedAtMs = -Infinity;

  constructor(backend: NetBackend) {
    this.#backend = backend;
  }

  List(): readonly IpAddress[] {
    const now = this.#backend.Now();
    if (now - this.#askedAtMs >= freshMs) {
      this.#addresses = this.#backend.LocalAddresses();
      this.#askedAtMs = now;
    }
    return this.#addresses;
  }
}
