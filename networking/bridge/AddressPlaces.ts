/**
 * How many of one thing each client address has at a time (IPv6: each /64). An address that has
 * none is not remembered, so there are never more addresses than things.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import { AddressKey } from "./AddressKey.ts";

export class AddressPlaces {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  /** @param most places of one address. */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns a function that gives the place back, once; null when the address has all of its. */
  Enter(address: IpAddress): (() => void) | null {
    const key = AddressKey(address);
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= this.#most) return null;
    this.#taken.set(key, taken + 1);
    let left = false;
    return () => {
      if (!left) this.#leave(key);
      left = true;
    };
  }

  /** Addresses that have something. */
  Known(): number {
    return this.#taken.size;
  }

  #leave(key: string): void {
    const taken = this.#taken.get(key) ?? 0;
    if (taken > 1) this.#taken.set(key, taken - 1);
    else this.#taken.delete(key);
  }
}
