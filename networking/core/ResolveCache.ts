/**
 * Addresses of names that were looked up lately, for Resolver.
 *
 * An entry is good for `Limits.resolveCacheMs`; of more than `Limits.resolveCacheEntries` the
 * oldest leaves. Failures are never kept: a name that fails now may exist in a second. No timer
 * runs, so every call is told the time.
 */
import type { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { Family } from "./NetBackend.ts";

interface Entry {
  readonly name: string;
  readonly family: Family;
  readonly addresses: readonly IpAddress[];
  readonly storedMs: number;
}

export class ResolveCache {
  /** Oldest first: a Map keeps the order of insertion, and `Put` inserts anew. */
  readonly #entries = new Map<string, Entry>();

  /** @returns the addresses, or null when they are unknown or too old. */
  Get(name: string, family: Family, nowMs: number): readonly IpAddress[] | null {
    const entry = this.#entries.get(keyOf(name, family));
    return entry !== undefined && isFresh(entry, nowMs) ? entry.addresses : null;
  }

  /** Keeps an answer in place of the one before. */
  Put(name: string, family: Family, addresses: readonly IpAddress[], nowMs: number): void {
    const key = keyOf(name, family);
    this.#entries.delete(key);
    this.#entries.set(key, { name, family, addresses, storedMs: nowMs });
    if (this.#entries.size <= Limits.resolveCacheEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Forgets one name, or with "" all of them. */
  Clear(name: string): void {
    for (const [key, entry] of this.#entries) {
      if (name === "" || entry.name === name) this.#entries.delete(key);
    }
  }

  /** The name that led to this address most lately, "" when none did. Looks at every entry. */
  NameOf(address: IpAddress, nowMs: number): string {
    let name = "";
    for (const entry of this.#entries.values()) {
      if (!isFresh(entry, nowMs)) continue;
      if (entry.addresses.some((known) => known.Equals(address))) name = entry.name;
    }
    return name;
  }
}

function keyOf(name: string, family: Family): string {
  return `${family} ${name}`;
}

function isFresh(entry: Entry, nowMs: number): boolean {
  return nowMs - entry.storedMs < Limits.resolveCacheMs;
}
