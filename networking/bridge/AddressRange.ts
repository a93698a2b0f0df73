/** One network, or one address: `10.0.0.0/8`, `fd00::/8`, `127.0.0.1`. */
import ipaddr from "ipaddr.js";
import { IpAddress } from "../core/IpAddress.ts";

export class AddressRange {
  readonly #network: ReturnType<typeof ipaddr.parseCIDR>;

  private constructor(text: string) {
    this.#network = ipaddr.parseCIDR(text);
  }

  /**
   * @param text an address, or an address, `/` and the length of its prefix.
   * @returns null for another text; so are `127.1/8` and other shortened addresses.
   */
  static Parse(text: string): AddressRange | null {
    const [address = "", length] = text.split("/");
    if (!new IpAddress(address).IsValid()) return null;
    if (length === undefined) return new AddressRange(text + (text.includes(":") ? "/128" : "/32"));
    return ipaddr.isValidCIDR(text) ? new AddressRange(text) : null;
  }

  /** @param address an IPv4-mapped one is an IPv4 address. */
  Contains(address: IpAddress): boolean {
    const bytes = address.GetIpv4() ?? address.GetIpv6();
    if (bytes === null) return false;
    const parsed = ipaddr.fromByteArray([...bytes]);
    return parsed.kind() === this.#network[0].kind() && parsed.match(this.#network);
  }
}
