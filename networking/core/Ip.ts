/**
 * Names and addresses for the whole process, as Luna and Godot 4 (`IP`) have it: `Resolver`
 * over the default backend, which is made at the first call.
 *
 *     const address = Ip.ResolveHostnameAddress("example.com", Ip.Type.TYPE_IPV6);
 *
 * In a game loop, and always on a page, ask without waiting:
 *
 *     Ready()    id = Ip.ResolveHostnameQueueItem("example.com");
 *     Process()  if (Ip.GetResolveItemStatus(id) === Ip.ResolverStatus.DONE) ...
 */
import { DefaultBackend } from "./DefaultBackend.ts";
import type { IpAddress } from "./IpAddress.ts";
import { IpType, Resolver, ResolverStatus } from "./Resolver.ts";
import type { SocketError } from "./SocketError.ts";

let shared: Resolver | null = null;

function resolver(): Resolver {
  shared ??= new Resolver(DefaultBackend());
  return shared;
}

export const Ip = Object.freeze({
  /** NONE 0, IPV4 1, IPV6 2, ANY 3, also as TYPE_NONE and so on. */
  Type: IpType,
  /** NONE 0, WAITING 1, DONE 2, ERROR 3. */
  ResolverStatus,

  /**
   * The first address of a name as text, "" on failure. On Node.js it waits, 5,000 ms at most
   * (`Limits.resolveTimeoutMs`). On a page it answers literals, `localhost` and cached names; for
   * others it starts a lookup, answers "" and warns once.
   * @param name host name (in any case, a trailing dot is ignored) or address literal.
   */
  ResolveHostname(name: string, type: IpType = IpType.ANY): string {
    return resolver().ResolveHostname(name, type);
  },

  /** As `ResolveHostname`; an invalid address on failure. */
  ResolveHostnameAddress(name: string, type: IpType = IpType.ANY): IpAddress {
    return resolver().ResolveHostnameAddress(name, type);
  },

  /** As `ResolveHostname`; all addresses in the order in which to try them, none on failure. */
  ResolveHostnameAddresses(name: string, type: IpType = IpType.ANY): IpAddress[] {
    return resolver().ResolveHostnameAddresses(name, type);
  },

  /** For code outside a game loop: the first address as text, "" on failure. */
  ResolveHostnameAsync(name: string, type: IpType = IpType.ANY): Promise<string> {
    return resolver().ResolveHostnameAsync(name, type);
  },

  /**
   * Starts a lookup and does not wait.
   * @returns an id above 0, valid until `EraseResolveItem`; -1 when 256 are live
   * (`Limits.maxResolveItems`).
   */
  ResolveHostnameQueueItem(name: string, type: IpType = IpType.ANY): number {
    return resolver().ResolveHostnameQueueItem(name, type);
  },

  /** WAITING, then DONE or ERROR; NONE for an id that is not live. */
  GetResolveItemStatus(id: number): ResolverStatus {
    return resolver().GetResolveItemStatus(id);
  },

  /** The first address of a DONE item, else an invalid address. */
  GetResolveItemAddress(id: number): IpAddress {
    return resolver().GetResolveItemAddress(id);
  },

  /** All addresses of a DONE item in the order in which to try them, else none. */
  GetResolveItemAddresses(id: number): IpAddress[] {
    return resolver().GetResolveItemAddresses(id);
  },

  /**
   * Why an item is in ERROR: CANT_RESOLVE, TIMED_OUT, POLICY_DENIED, LIMIT_REACHED, or
   * UNAVAILABLE when the backend broke. SUCCESS for WAITING and DONE, INVALID_PARAMETER for an
   * id not live.
   */
  GetResolveItemError(id: number): SocketError {
    return resolver().GetResolveItemError(id);
  },

  /** Makes the id free. The lookup goes on, and its answer is cached. */
  EraseResolveItem(id: number): void {
    resolver().EraseResolveItem(id);
  },

  /** Forgets the cached addresses of one name, or with "" of all. They are kept 60,000 ms. */
  ClearCache(name = ""): void {
    resolver().ClearCache(name);
  },

  /** The name that was resolved to this address most lately, from the cache; "" when unknown. */
  GetHostnameFromIP(address: IpAddress): string {
    return resolver().GetHostnameFromIP(address);
  },

  /** Addresses of this machine's interfaces; none on a page. */
  GetLocalAddresses(): IpAddress[] {
    return resolver().GetLocalAddresses();
  },
});
