/** Where a driver is at home: what `Initialize` was given, checked. */
import { IpAddress } from "../core/IpAddress.ts";
import { FamilyType, ResultCode } from "./ResultCode.ts";

export interface LocalEnd {
  readonly Family: FamilyType;
  /** The address to bind to, or null for all of the family's. */
  readonly Address: IpAddress | null;
  /** Where to listen; 0 lets the system choose. */
  readonly Port: number;
}

/**
 * @param address an address of this machine as text, or null for all of them.
 * @param port 0..65535
 * @returns the end, or EC_SOCKET_CREATE (no such family), EC_SOCKET_BIND (not an address of the
 *   family, no such port)
 */
export function LocalEndOf(
  family: FamilyType,
  address: string | null,
  port: number,
): LocalEnd | ResultCode {
  if (address !== null && typeof address !== "string") {
    throw new TypeError('Initialize takes an address as text, such as "127.0.0.1", or null.');
  }
  if (typeof port !== "number") throw new TypeError("Initialize takes a port number.");
  if (family !== FamilyType.BSD_AF_INET && family !== FamilyType.BSD_AF_INET6) {
    return ResultCode.EC_SOCKET_CREATE;
  }
  const ip = address === null ? null : new IpAddress(address);
  if (ip !== null && !IsOfFamily(ip, family)) return ResultCode.EC_SOCKET_BIND;
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  return isPort ? { Family: family, Address: ip, Port: port } : ResultCode.EC_SOCKET_BIND;
}

/** What to listen at: the address, or the family's wildcard. */
export function ListenAddress(end: LocalEnd): IpAddress | string {
  return end.Address ?? (end.Family === FamilyType.BSD_AF_INET ? "0.0.0.0" : "::");
}

/** Whether a socket of this family can speak to the address. */
export function IsOfFamily(ip: IpAddress, family: FamilyType): boolean {
  return ip.IsValid() && ip.IsIpv4() === (family === FamilyType.BSD_AF_INET);
}
