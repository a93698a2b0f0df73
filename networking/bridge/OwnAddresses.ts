/**
 * The addresses of this machine's interfaces. Asking the system takes a tenth of a millisecond, and
 * every CONNECT to a public address wants to know, so an answer counts for a second. Asking also
 * takes a descriptor: when there is none left, the latest answer counts on.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { NetBackend } from "../core/NetBackend.ts";

const freshMs = 1_000;

export class OwnAddresses {
  readonly #backend: NetBackend;
  #addresses: readonly IpAddress[];
  #askedAtMs: number;

  /** Asks at once, while there are descriptors. */
  constructor(backend: NetBackend) {
    this.#backend = backend;
    this.#addresses = backend.LocalAddresses();
    this.#askedAtMs = backend.Now();
  }

  List(): readonly IpAddress[] {
    const now = this.#backend.Now();
    if (now - this.#askedAtMs < freshMs) return this.#addresses;
    this.#askedAtMs = now;
    const addresses = this.#backend.LocalAddresses();
    // None at all, not even loopback: the system could not be asked.
    if (addresses.length > 0) this.#addresses = addresses;
    return this.#addresses;
  }
}
