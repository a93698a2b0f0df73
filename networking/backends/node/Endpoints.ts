/** From what Node says of an address to IpAddress and Endpoint. */
import { IpAddress } from "../../core/IpAddress.ts";
import type { Endpoint } from "../../core/NetBackend.ts";

/** A scope id ("fe80::1%eth0") names an interface; it is not part of the address. */
export function AddressOf(text: string): IpAddress {
  const scope = text.indexOf("%");
  return new IpAddress(scope < 0 ? text : text.slice(0, scope));
}

/** null for an end that is gone already. */
export function EndpointOf(address: string | undefined, port: number | undefined): Endpoint | null {
  if (address === undefined || port === undefined) return null;
  return { Address: AddressOf(address), Port: port };
}
