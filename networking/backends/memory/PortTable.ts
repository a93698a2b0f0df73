/**
 * Which ports of a machine are in use: by listeners, and by the near ends of outgoing connections.
 * (The connections of a listener share its port, and TIME_WAIT is not modelled.)
 */
import type { IpAddress } from "../../core/IpAddress.ts";
import type { Endpoint } from "../../core/NetBackend.ts";
import type { Random } from "./Random.ts";

/** First and last port that the system chooses from. */
export type PortRange = readonly [number, number];

/** RFC 6335 section 6. */
export const ephemeralPorts: PortRange = Object.freeze([49_152, 65_535]);

export class PortTable {
  readonly #random: Random;
  readonly #range: PortRange;
  readonly #taken = new Map<number, Set<Endpoint>>();

  constructor(random: Random, range: PortRange) {
    const [first, last] = range;
    if (!(Number.isInteger(first) && Number.isInteger(last) && first >= 1 && last <= 65_535)) {
      throw new TypeError("EphemeralPorts are two integers in 1..65535.");
    }
    if (first > last) throw new TypeError("EphemeralPorts begin with the lower one.");
    this.#random = random;
    this.#range = range;
  }

  /**
   * @param port 0..65535; 0 lets the system choose.
   * @returns the end, to be given back; null when it, or every port to choose from, is in use.
   */
  Take(address: IpAddress, port: number): Endpoint | null {
    const chosen = port === 0 ? this.#choose(address) : port;
    if (chosen === null || !this.#isFree(address, chosen)) return null;
    const end = { Address: address, Port: chosen };
    const ends = this.#taken.get(chosen) ?? new Set();
    this.#taken.set(chosen, ends.add(end));
    return end;
  }

  /** @param end what `Take` gave. */
  GiveBack(end: Endpoint): void {
    const ends = this.#taken.get(end.Port);
    ends?.delete(end);
    if (ends?.size === 0) this.#taken.delete(end.Port);
  }

  #choose(address: IpAddress): number | null {
    const [first, last] = this.#range;
    const count = last - first + 1;
    const start = this.#random.Integer(0, count - 1);
    for (let i = 0; i < count; i++) {
      const port = first + ((start + i) % count);
      if (this.#isFree(address, port)) return port;
    }
    return null;
  }

  #isFree(address: IpAddress, port: number): boolean {
    for (const end of this.#taken.get(port) ?? []) {
      if (Overlap(end.Address, address)) return false;
    }
    return true;
  }
}

/** Whether two local addresses have a concrete one in common: "*", "0.0.0.0" and "::" are many. */
export function Overlap(a: IpAddress, b: IpAddress): boolean {
  if (a.IsWildcard() || b.IsWildcard()) return true;
  if (a.IsIpv4() !== b.IsIpv4()) return false;
  return IsAny(a) || IsAny(b) || a.Equals(b);
}

/** All addresses of one family, or of both. */
export function IsAny(address: IpAddress): boolean {
  const text = address.ToString();
  return text === "*" || text === "0.0.0.0" || text === "::";
}
