/** By which a client is counted: its IPv4 address, or the /64 that one IPv6 subscriber has. */
import type { IpAddress } from "../core/IpAddress.ts";

export function AddressKey(address: IpAddress): string {
  const bytes = address.GetIpv4() ?? address.GetIpv6()?.subarray(0, 8) ?? new Uint8Array(0);
  return bytes.join(".");
}
