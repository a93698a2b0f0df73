/**
 * One outgoing connection in the in-process network: lookup, then attempts side by side, inside one
 * deadline. Happy eyeballs as on Node.js (RFC 8305): families in turn, a new attempt every 250 ms
 * or as soon as the one before failed; the first to be answered wins.
 */
import { FamiliesInTurn } from "../../core/AddressOrder.ts";
import { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type { ConnectOptions, Endpoint } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import { CloseReason } from "../../core/Status.ts";
import { MemoryConnection } from "./MemoryConnection.ts";
import type { MemoryHost } from "./MemoryHost.ts";
import type { MemoryNetwork } from "./MemoryNetwork.ts";
import type { MemorySocket } from "./MemorySocket.ts";
import { IsAny } from "./PortTable.ts";

export class MemoryConnector {
  readonly #socket: MemorySocket;
  readonly #host: MemoryHost;
  readonly #network: MemoryNetwork;
  readonly #options: ConnectOptions;
  readonly #cancels: (() => void)[] = [];
  /** The near ends of attempts that have no answer yet, or that won. */
  readonly #ends = new Set<Endpoint>();
  #addresses: IpAddress[] = [];
  #cancelStagger: (() => void) | null = null;
  #failure: SocketError = SocketError.CONNECT_FAILED;
  #over = false;

  constructor(socket: MemorySocket, options: ConnectOptions) {
    this.#socket = socket;
    this.#host = socket.Host;
    this.#network = socket.Host.Network;
    this.#options = options;
    const { Host, TimeoutMs } = options;
    this.#after(TimeoutMs, () => this.#fail(SocketError.TIMED_OUT));
    if (Host instanceof IpAddress) {
      const address = IpAddress.FromBytes(Host.ToBytes());
      this.#after(0, () => this.#begin([address]));
    } else {
      this.#cancels.push(this.#network.LookUp(Host, 0, (...answer) => this.#onNames(...answer)));
    }
  }

  /** The socket has ended: gives everything back, its port too. */
  End(): void {
    this.#stop();
    for (const end of this.#ends) this.#host.Ports.GiveBack(end);
    this.#ends.clear();
  }

  #onNames(failure: SocketError, addresses: readonly IpAddress[]): void {
    if (failure === SocketError.SUCCESS) this.#begin(addresses);
    else this.#fail(failure);
  }

  #begin(addresses: readonly IpAddress[]): void {
    const source = this.#options.Source?.Address ?? null;
    const isFree = source === null || source.IsWildcard();
    const usable = addresses.filter((one) => isFree || one.IsIpv4() === source.IsIpv4());
    if (usable.length === 0) return this.#fail(SocketError.ADDRESS_NOT_AVAILABLE);
    this.#addresses = FamiliesInTurn(usable, (address) => address.IsIpv4()).slice(
      0,
      Limits.connectMaxAddresses,
    );
    this.#next();
  }

  #next(): void {
    this.#cancelStagger?.();
    this.#cancelStagger = null;
    const address = this.#addresses.shift();
    if (address !== undefined) this.#attempt(address);
    else if (this.#ends.size === 0) this.#fail(this.#failure);
    if (this.#over || this.#addresses.length === 0) return;
    this.#cancelStagger ??= this.#network.Clock.Schedule(Limits.connectStaggerMs, () =>
      this.#next(),
    );
  }

  /** Sends SYN, from an own end. */
  #attempt(address: IpAddress): void {
    const near = this.#takeEnd(address);
    if (typeof near === "number") return this.#onFailed(near);
    this.#ends.add(near);
    const target = this.#network.HostAt(address, this.#host);
    const fault = this.#network.Faults.OfConnect(address.ToString(), this.#network.Now());
    if (fault === "silence") return;
    const path = [near.Address.ToString(), address.ToString()] as const;
    this.#carry(path, this.#host, () => {
      if (fault === "unreachable" || target === null) {
        return this.#onFailed(SocketError.HOST_UNREACHABLE, near);
      }
      const listening =
        fault !== "refuse" && target.ListenerAt(address, this.#options.Port) !== null;
      this.#carry(path, target, () => {
        if (listening) this.#onAnswer(near, target, address);
        else this.#onFailed(SocketError.CONNECTION_REFUSED, near);
      });
    });
  }

  #takeEnd(target: IpAddress): Endpoint | SocketError {
    const { Source } = this.#options;
    const asked = Source === null || IsAny(Source.Address) ? null : Source.Address;
    if (asked !== null && !this.#host.HasAddress(asked)) return SocketError.ADDRESS_NOT_AVAILABLE;
    const address = asked ?? this.#host.SourceFor(target);
    if (address === null) return SocketError.HOST_UNREACHABLE;
    const port = Source?.Port ?? 0;
    const end = this.#host.Ports.Take(address, port);
    if (end !== null) return end;
    return port === 0 ? SocketError.ADDRESS_NOT_AVAILABLE : SocketError.ADDRESS_IN_USE;
  }

  #onAnswer(near: Endpoint, target: MemoryHost, address: IpAddress): void {
    const listener = target.ListenerAt(address, this.#options.Port);
    if (listener === null) return this.#onFailed(SocketError.CONNECTION_REFUSED, near);
    this.#stop();
    for (const end of this.#ends) {
      if (end === near) continue;
      this.#host.Ports.GiveBack(end);
      this.#ends.delete(end);
    }
    const far = { Address: address, Port: this.#options.Port };
    new MemoryConnection(this.#socket, near, listener, far);
  }

  /** One attempt came to nothing. */
  #onFailed(failure: SocketError, near: Endpoint | null = null): void {
    if (near !== null) {
      this.#ends.delete(near);
      this.#host.Ports.GiveBack(near);
    }
    // Of several failures the caller hears the one that says most: "unreachable" says least.
    const silent = this.#failure === SocketError.CONNECT_FAILED;
    if (silent || this.#failure === SocketError.HOST_UNREACHABLE) this.#failure = failure;
    this.#next();
  }

  #fail(failure: SocketError): void {
    const late = failure === SocketError.TIMED_OUT;
    this.#socket.Fail(failure, late ? CloseReason.TIMEOUT : CloseReason.ERROR);
  }

  #stop(): void {
    this.#over = true;
    this.#cancelStagger?.();
    for (const cancel of this.#cancels.splice(0)) cancel();
  }

  #carry(path: readonly [string, string], from: MemoryHost, arrive: () => void): void {
    const delayMs = this.#network.TravelMs(from.Link());
    this.#network.Carry(path, delayMs, () => !this.#over, arrive);
  }

  #after(delayMs: number, run: () => void): void {
    this.#cancels.push(this.#network.Clock.Schedule(delayMs, run));
  }
}
