/**
 * Who a client is when proxies stand in front of the bridge: the rightmost hop of X-Forwarded-For
 * that is none of the proxies we run. Whatever stands left of it the client may have written.
 *
 *     X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.2      from 10.0.0.3
 *                      forged   the client   our proxy     our proxy
 *
 * From anybody else the header counts for nothing.
 */
import type { IncomingMessage } from "node:http";
import { IpAddress } from "../core/IpAddress.ts";
import { AddressRange } from "./AddressRange.ts";
import { BridgeLimits } from "./BridgeLimits.ts";

export class TrustedProxies {
  readonly #ranges: readonly AddressRange[];

  /** @param networks `10.0.0.0/8` or addresses. Another text: TypeError. */
  constructor(networks: readonly string[] = []) {
    if (networks.length > BridgeLimits.maxRules) {
      throw new TypeError(`A bridge takes at most ${BridgeLimits.maxRules} of each option.`);
    }
    this.#ranges = networks.map((text) => {
      const range = AddressRange.Parse(text);
      if (range !== null) return range;
      throw new TypeError(`"${text}" is no proxy's address: write 10.0.0.5 or 10.0.0.0/8.`);
    });
  }

  /**
   * @param remote the other end of the TCP connection.
   * @param forwardedFor the header; several of them joined by commas.
   */
  ClientOf(remote: IpAddress, forwardedFor: string | undefined): IpAddress {
    const hops = (forwardedFor ?? "").split(",").slice(-BridgeLimits.maxForwardedHops);
    let client = remote;
    while (this.Includes(client)) {
      const hop = hopAddress(hops.pop());
      // Our proxy did not say who came: all of its clients count as one.
      if (hop === null) return client;
      client = hop;
    }
    return client;
  }

  /** Who sent a request. */
  ClientOfRequest({ socket, headers }: IncomingMessage): IpAddress {
    const header = headers["x-forwarded-for"];
    // Node.js joins several headers of this name by commas, and its types cannot know.
    const forwardedFor = Array.isArray(header) ? header.join(",") : header;
    return this.ClientOf(new IpAddress(socket.remoteAddress ?? ""), forwardedFor);
  }

  /** Whether it is one of them. */
  Includes(address: IpAddress): boolean {
    return this.#ranges.some((range) => range.Contains(address));
  }
}

/** An address, with a port or without: some proxies add it, and brackets for IPv6. */
function hopAddress(text: string | undefined): IpAddress | null {
  if (text === undefined) return null;
  const hop = text.trim();
  const bare = /^\[(.*)\](?::[0-9]+)?$/.exec(hop)?.[1] ?? hop.replace(/^([0-9.]+):[0-9]+$/, "$1");
  const address = new IpAddress(bare);
  return address.IsValid() ? address : null;
}
