/**
 * `--listen-ports` with `--listen-host`: where pages may listen. The bridge binds where this rule
 * says and never where a page says: a page that asks for every interface gets the rule's address.
 */
import { IpAddress } from "../core/IpAddress.ts";
import { ParsePorts } from "./PolicyRule.ts";

/** What a LISTEN may bind. */
export interface ListenPlace {
  /** An address, or "*" for all of them. */
  readonly Host: string;
  /** First and last; the page's own port twice when it named one. */
  readonly Ports: readonly [number, number];
}

export class ListenRule {
  readonly #host: IpAddress;
  readonly #ports: readonly [number, number];

  /**
   * @param ports `7400-7499` or `7400`. @param host an address or `*`; never a name, whose address
   * may change. Another text: TypeError.
   */
  constructor(ports: string, host: string) {
    const range = ParsePorts(ports);
    if (range === null) {
      throw new TypeError(`"${ports}" are no ports to listen at: write 7400-7499.`);
    }
    this.#ports = range;
    this.#host = new IpAddress(isEverywhere(host) ? "*" : host);
    if (!this.#host.IsValid() && !this.#host.IsWildcard()) {
      throw new TypeError(`"${host}" is no address to listen at: write 127.0.0.1, ::1 or *.`);
    }
  }

  IsLoopback(): boolean {
    return this.#host.IsLoopback();
  }

  /**
   * @param host as the page sent it: "" or a wildcard leaves it to the bridge, another must be the
   * rule's own. @param port 0 asks for any port of the range.
   * @returns null when the page may not.
   */
  Decide(host: string, port: number): ListenPlace | null {
    const own = this.#host.ToString();
    if (!isEverywhere(host) && !new IpAddress(host).Equals(this.#host)) return null;
    if (port === 0) return { Host: own, Ports: this.#ports };
    const [first, last] = this.#ports;
    return port >= first && port <= last ? { Host: own, Ports: [port, port] } : null;
  }
}

function isEverywhere(host: string): boolean {
  return host === "" || host === "*" || host === "0.0.0.0" || host === "::";
}
