/**
 * How one UDP socket comes to stand: where it is bound, whom it is connected to, its options and
 * its multicast groups. It is bound by `Bind`, or by the first call that needs it to a port of the
 * system's choice. `Close` starts it afresh.
 *
 * Nothing here waits for the network: binding, connecting and options wait for the system's answer,
 * and only a host name is looked up. SocketDatagrams adds the datagrams.
 */
import type { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { BackendDatagramSocket, Endpoint, NetBackend } from "./NetBackend.ts";
import { AddressOf, IsPort } from "./NetSocketOptions.ts";
import { ResolveTarget } from "./ResolveTarget.ts";
import { IpType } from "./Resolver.ts";
import { SocketError } from "./SocketError.ts";

export class DatagramBinding {
  readonly #backend: NetBackend;
  readonly #inboundBytes: number;
  readonly #outboundBytes: number;
  #socket: BackendDatagramSocket | null = null;
  /** The family that the bound address reaches. */
  #family: IpType = IpType.ANY;
  /** Set by ConnectToHost. */
  #peer: IpAddress | null = null;
  #reuseAddress = false;
  #broadcast = false;
  #onActivity: (() => void) | null = null;

  /** @param inboundBytes,outboundBytes the rings, `minBufferBytes`..`maxBufferBytes` of Limits. */
  constructor(
    backend: NetBackend,
    inboundBytes: number = Limits.datagramBufferBytes,
    outboundBytes: number = Limits.datagramBufferBytes,
  ) {
    this.#backend = backend;
    this.#inboundBytes = inboundBytes;
    this.#outboundBytes = outboundBytes;
  }

  /**
   * @param port 0..65535; 0 lets the system choose.
   * @param address "*" for all addresses of both families, "0.0.0.0" for IPv4 only, "::" for IPv6
   *   only, or an address of this machine.
   * @param inboundBytes the ring for what arrives, this time.
   * @returns the system's answer: SUCCESS, ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE,
   *   PERMISSION_DENIED, BIND_FAILED; or ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   LIMIT_REACHED, UNAVAILABLE (no UDP here)
   */
  Bind(port: number, address: IpAddress | string, inboundBytes?: number): SocketError {
    const host = AddressOf(address, "Bind");
    const inRange = IsPort(port, 0, "Bind");
    if (this.#socket !== null) return SocketError.ALREADY_INIT;
    if (!inRange) return SocketError.INVALID_PARAMETER;
    if (!host.IsValid() && !host.IsWildcard()) return SocketError.INVALID_IP_ADDRESS;
    const socket = this.#backend.OpenDatagram?.({
      Address: host,
      Port: port,
      ReuseAddress: this.#reuseAddress,
      Broadcast: this.#broadcast,
      InboundBufferBytes: inboundBytes ?? this.#inboundBytes,
      OutboundBufferBytes: this.#outboundBytes,
    });
    if (socket === undefined) return SocketError.UNAVAILABLE;
    if (socket.Failure() !== SocketError.SUCCESS) return socket.Failure();
    if (this.#onActivity !== null) socket.OnActivity(this.#onActivity);
    this.#socket = socket;
    const only = host.IsIpv4() ? IpType.IPV4 : IpType.IPV6;
    this.#family = host.IsWildcard() ? IpType.ANY : only;
    return SocketError.SUCCESS;
  }

  /**
   * Chooses the one peer: `Send` goes to it, and only what it sends is received from now on, as
   * with connect(2). Nothing is sent, so a peer that does not exist is no failure here.
   * @param host an address, or a name that is looked up, waiting `Limits.resolveTimeoutMs` at most.
   * @param port 1..65535
   * @returns SUCCESS, ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS, CANT_RESOLVE,
   *   ADDRESS_NOT_AVAILABLE (the other family than the bound one), HOST_UNREACHABLE,
   *   PERMISSION_DENIED (a broadcast address), CONNECT_FAILED, or what `Bind` answers
   */
  ConnectToHost(host: IpAddress | string, port: number): SocketError {
    const inRange = IsPort(port, 1, "ConnectToHost");
    if (this.#backend.OpenDatagram === undefined) return SocketError.UNAVAILABLE;
    if (this.#peer !== null) return SocketError.ALREADY_INIT;
    if (!inRange) return SocketError.INVALID_PARAMETER;
    const target = this.Resolve(host);
    if (typeof target === "number") return target;
    if (!this.reaches(target)) return SocketError.ADDRESS_NOT_AVAILABLE;
    const wasBound = this.IsBound();
    if (!wasBound) {
      const opened = this.Bind(0, target.IsIpv4() ? "0.0.0.0" : "::");
      if (opened !== SocketError.SUCCESS) return opened;
    }
    const code = this.#socket?.Connect({ Address: target, Port: port }) ?? this.invalid();
    if (code === SocketError.SUCCESS) this.#peer = target;
    if (wasBound) return code;
    // Nobody knew the new port, so what hit it before it was connected is a stranger's.
    if (code === SocketError.SUCCESS) this.#socket?.Inbound.Clear();
    else this.Close(0);
    return code;
  }

  /**
   * An address from any form, of the bound family where a name has several.
   * @returns or INVALID_IP_ADDRESS, CANT_RESOLVE, UNAVAILABLE (no UDP here)
   */
  Resolve(host: IpAddress | string): IpAddress | SocketError {
    if (this.#backend.OpenDatagram === undefined) return SocketError.UNAVAILABLE;
    return ResolveTarget(this.#backend, host, this.#family);
  }

  /** SO_BROADCAST, off from the start; before or after binding. @returns SUCCESS, UNAVAILABLE */
  SetBroadcast(enabled: boolean): SocketError {
    requireBoolean(enabled, "SetBroadcast");
    if (this.#backend.OpenDatagram === undefined) return SocketError.UNAVAILABLE;
    this.#broadcast = enabled;
    return this.#socket?.SetBroadcast(enabled) ?? SocketError.SUCCESS;
  }

  /**
   * SO_REUSEADDR, off from the start: several sockets, all with it, may bind one port.
   * @returns SUCCESS, ALREADY_INIT (bound: too late), UNAVAILABLE
   */
  SetReuseAddress(enabled: boolean): SocketError {
    requireBoolean(enabled, "SetReuseAddress");
    if (this.#backend.OpenDatagram === undefined) return SocketError.UNAVAILABLE;
    if (this.#socket !== null) return SocketError.ALREADY_INIT;
    this.#reuseAddress = enabled;
    return SocketError.SUCCESS;
  }

  /**
   * Joins or leaves a multicast group (RFC 1112, RFC 3493 section 5.2).
   * @param interfaceName the system's name of an interface or an address of it; "" lets the system
   *   choose.
   * @returns SUCCESS, SOCKET_INVALID (not bound), INVALID_IP_ADDRESS, INVALID_PARAMETER (no group's
   *   address), ADDRESS_IN_USE (joined already), ADDRESS_NOT_AVAILABLE (no such interface, or not
   *   joined), LIMIT_REACHED, UNAVAILABLE
   */
  SetMembership(group: IpAddress | string, interfaceName: string, member: boolean): SocketError {
    const address = AddressOf(group, "A multicast group");
    if (typeof interfaceName !== "string") {
      throw new TypeError('An interface is a name such as "lo", or one of its addresses.');
    }
    if (this.#socket === null) return this.invalid();
    if (!address.IsValid()) return SocketError.INVALID_IP_ADDRESS;
    return this.#socket.SetMembership(address, interfaceName, member);
  }

  IsBound(): boolean {
    return this.#socket !== null;
  }

  IsConnected(): boolean {
    return this.#peer !== null;
  }

  /** Why the socket is over: SUCCESS while it stands or is not bound, else UNAVAILABLE. */
  Failure(): SocketError {
    return this.#socket?.Failure() ?? SocketError.SUCCESS;
  }

  Local(): Endpoint | null {
    return this.#socket?.Local() ?? null;
  }

  Remote(): Endpoint | null {
    return this.#socket?.Remote() ?? null;
  }

  /** For callers outside a game loop, as NetSocket's; it stays for the next binding too. */
  OnActivity(handler: (() => void) | null): void {
    this.#onActivity = handler;
    this.#socket?.OnActivity(handler);
  }

  /** Sends what was taken, for `lingerMs` at most, then closes. What waits to be read is lost. */
  Close(lingerMs: number): void {
    this.#socket?.Close(lingerMs);
    this.#socket = null;
    this.#family = IpType.ANY;
    this.#peer = null;
  }

  /** The bound socket, or null. */
  protected socket(): BackendDatagramSocket | null {
    return this.#socket;
  }

  /** The connected peer, or null. */
  protected peer(): IpAddress | null {
    return this.#peer;
  }

  /** Whether the bound address and `target` are of one family. */
  protected reaches(target: IpAddress): boolean {
    return this.#family === IpType.ANY || (this.#family === IpType.IPV4) === target.IsIpv4();
  }

  /** Why a call that needs a bound socket cannot work. */
  protected invalid(): SocketError {
    return WithoutDatagrams(this.#backend);
  }
}

/** What a call for datagrams answers where none is bound: SOCKET_INVALID, or UNAVAILABLE. */
export function WithoutDatagrams(backend: NetBackend): SocketError {
  return backend.OpenDatagram === undefined ? SocketError.UNAVAILABLE : SocketError.SOCKET_INVALID;
}

function requireBoolean(value: boolean, call: string): void {
  if (typeof value !== "boolean") throw new TypeError(`${call} takes true or false.`);
}
