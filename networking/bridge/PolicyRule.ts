/**
 * One `--allow`: a host and its ports. The host is a network (`10.0.0.0/8`), an address, a name, a
 * pattern (`*.example.com`), or `*` for everything public.
 *
 * A network is allowed with whatever lies in it. A name allows the public addresses behind it, and
 * `localhost` the loopback ones; a name cannot smuggle in a private network.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import { JudgeAddress } from "./AddressJudge.ts";
import { AddressRange } from "./AddressRange.ts";

export class PolicyRule {
  readonly #network: AddressRange | null;
  /** Lower case; "" for a network. */
  readonly #pattern: string;
  readonly #firstPort: number;
  readonly #lastPort: number;

  /** @param text `host:port`, `host:first-last`; IPv6 in brackets. Another text: TypeError. */
  constructor(text: string) {
    const { host, ports } = SplitHostPort(text);
    const range = ParsePorts(ports);
    if (range === null) {
      throw new TypeError(`"${text}" has no ports: write host:port or host:first-last.`);
    }
    [this.#firstPort, this.#lastPort] = range;
    this.#network = parseNetwork(host, text);
    this.#pattern = this.#network === null ? parsePattern(host, text) : "";
  }

  AllowsPort(port: number): boolean {
    return port >= this.#firstPort && port <= this.#lastPort;
  }

  /** @param name lower case. */
  MatchesName(name: string): boolean {
    const pattern = this.#pattern;
    if (pattern.startsWith("*."))
      return name.endsWith(pattern.slice(1)) && name.length >= pattern.length;
    return pattern === "*" || (pattern !== "" && pattern === name);
  }

  /** Whether an address that the client gave, or that a lookup of `name` gave, is allowed. */
  AllowsAddress(address: IpAddress, name: string | null, kind = JudgeAddress(address)): boolean {
    if (kind === "never") return false;
    if (this.#network !== null) return this.#network.Contains(address);
    if (name === null ? this.#pattern !== "*" : !this.MatchesName(name)) return false;
    return kind === "public" || (kind === "loopback" && this.#pattern === "localhost");
  }
}

/** Splits at the last colon; brackets round IPv6 are taken off. Both parts may be empty. */
export function SplitHostPort(text: string): { host: string; ports: string } {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0));
  const bare = host.replace(/^\[(.*)\](\/[0-9]+)?$/, "$1$2");
  return { host: bare, ports: colon < 0 ? "" : text.slice(colon + 1) };
}

/** @returns 1..65535, or null for another text. */
export function ParsePort(text: string): number | null {
  if (!/^[0-9]{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

/** @param text `port` or `first-last`. @returns both ends, or null for another text. */
export function ParsePorts(text: string): readonly [number, number] | null {
  const [first = null, last = first, more] = text.split("-").map(ParsePort);
  if (first === null || last === null || last < first || more !== undefined) return null;
  return [first, last];
}

/**
 * A name that a resolver cannot take for a number: `2130706433`, `127.1` and `0x7f000001` are
 * loopback to the system, and digits of other scripts become ours on the way (WHATWG URL, "ends
 * in a number"). Letters, digits, `-`, `_`, at most 253 of them.
 */
export function IsHostName(name: string): boolean {
  if (name.length === 0 || name.length > 253) return false;
  if (!/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i.test(name)) return false;
  const last = name.replace(/\.$/, "").split(".").at(-1) ?? "";
  return !/^([0-9]+|0x[0-9a-f]*)$/i.test(last);
}

function parseNetwork(host: string, text: string): AddressRange | null {
  const network = AddressRange.Parse(host);
  if (network === null && host.includes("/")) {
    throw new TypeError(`"${text}" is no network: write 10.0.0.0/8:port or [fd00::]/8:port.`);
  }
  return network;
}

function parsePattern(host: string, text: string): string {
  const name = host.startsWith("*.") ? host.slice(2) : host;
  if (host !== "*" && !IsHostName(name)) {
    throw new TypeError(`"${text}" names no host: write a name, *.name, an address or a network.`);
  }
  return host.toLowerCase();
}
