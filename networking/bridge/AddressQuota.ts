/**
 * How many WebSockets one client address holds (IPv6: one /64), and how fast it opens them.
 * Addresses without a WebSocket are forgotten once their rate has recovered.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import { AddressKey } from "./AddressKey.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import { TokenBucket } from "./TokenBucket.ts";

interface Entry {
  open: number;
  readonly rate: TokenBucket;
}

export class AddressQuota {
  readonly #limits: BridgeLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: BridgeLimits) {
    this.#limits = limits;
  }

  /**
   * Counts one more WebSocket.
   * @returns a function that gives the place back, once; null when the address has too many, opens
   * them too fast, or too many addresses are known.
   */
  Enter(address: IpAddress, nowMs: number): (() => void) | null {
    const key = AddressKey(address);
    const entry = this.#entries.get(key) ?? this.#newEntry(key, nowMs);
    if (entry === null || entry.open >= this.#limits.maxSessionsPerAddress) return null;
    if (!entry.rate.Take(nowMs)) return null;
    entry.open++;
    let left = false;
    return () => {
      if (!left) entry.open--;
      left = true;
    };
  }

  /** Forgets addresses that have nothing open and a full rate. */
  Sweep(nowMs: number): void {
    for (const [key, { open, rate }] of this.#entries) {
      if (open === 0 && rate.IsFull(nowMs)) this.#entries.delete(key);
    }
  }

  #newEntry(key: string, nowMs: number): Entry | null {
    if (this.#entries.size >= this.#limits.maxAddresses) return null;
    const { sessionsPerSecond, sessionsBurst } = this.#limits;
    const entry = { open: 0, rate: new TokenBucket(sessionsPerSecond, sessionsBurst, nowMs) };
    this.#entries.set(key, entry);
    return entry;
  }
}
