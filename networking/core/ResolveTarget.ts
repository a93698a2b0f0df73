/**
 * Where to send to, now: for calls that need an address before they return. Only a host name makes
 * them wait, `Limits.resolveTimeoutMs` at most, and only where the backend can wait.
 */
import type { IpAddress } from "./IpAddress.ts";
import type { NetBackend } from "./NetBackend.ts";
import { TargetOf } from "./NetSocketOptions.ts";
import { IpType, Resolver } from "./Resolver.ts";
import { SocketError } from "./SocketError.ts";

/**
 * @param host an address, or a name. Throws TypeError for other types.
 * @param type the family that a name is looked up in.
 * @returns the address, or INVALID_IP_ADDRESS, CANT_RESOLVE.
 */
export function ResolveTarget(
  backend: NetBackend,
  host: IpAddress | string,
  type: IpType = IpType.ANY,
): IpAddress | SocketError {
  const target = TargetOf(host);
  if (typeof target !== "string") return target;
  const address = new Resolver(backend).ResolveHostnameAddress(target, type);
  return address.IsValid() ? address : SocketError.CANT_RESOLVE;
}
