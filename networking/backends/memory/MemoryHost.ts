/**
 * One machine of the in-process network: its addresses, its link, its ports, and what it holds.
 * MemoryBackend is the side of it that games see.
 */
import { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type { Link } from "./Link.ts";
import { LinkOf } from "./Link.ts";
import type { MemoryListener } from "./MemoryListener.ts";
import type { MemoryNetwork } from "./MemoryNetwork.ts";
import type { MemorySocket } from "./MemorySocket.ts";
import type { PortRange } from "./PortTable.ts";
import { Overlap, PortTable, ephemeralPorts } from "./PortTable.ts";

export interface MemoryHostOptions {
  /** A host name that leads to the machine, and its name in the trace; none by default. */
  readonly Name?: string;
  /** 10.0.0.n and fd00::n by default, n counting the machines. Loopback comes on top. */
  readonly Addresses?: readonly string[];
  /** Changes to the network's link, for what this machine sends. */
  readonly Link?: Partial<Link>;
  /** Sockets at once, untaken connections included; `Limits.maxSockets` by default. */
  readonly MaxSockets?: number;
  /** First and last port that the system chooses from; 49152..65535 by default. */
  readonly EphemeralPorts?: PortRange;
}

export class MemoryHost {
  readonly Network: MemoryNetwork;
  readonly Name: string;
  readonly Addresses: readonly IpAddress[];
  readonly Ports: PortTable;
  readonly Sockets = new Set<MemorySocket>();
  readonly Listeners = new Set<MemoryListener>();
  readonly #maxSockets: number;
  #link: Link;
  #labels = 0;

  constructor(network: MemoryNetwork, options: MemoryHostOptions) {
    const number = network.HostCount() + 1;
    const texts = options.Addresses ?? [`10.0.0.${number}`, `fd00::${number.toString(16)}`];
    this.Network = network;
    this.Name = options.Name ?? `host${number}`;
    this.Addresses = texts.map((text) => new IpAddress(text));
    if (!this.Addresses.every((address) => address.IsValid())) {
      throw new TypeError("Addresses are texts of IP addresses, such as 10.0.0.1.");
    }
    this.Ports = new PortTable(network.Random, options.EphemeralPorts ?? ephemeralPorts);
    this.#maxSockets = options.MaxSockets ?? Limits.maxSockets;
    this.#link = LinkOf(network.Link, options.Link ?? {});
    network.Join(this, options.Name ?? null);
  }

  /** How what this machine sends travels. */
  Link(): Link {
    return this.#link;
  }

  /** Changes it for what is sent from now on. */
  SetLink(changes: Partial<Link>): void {
    this.#link = LinkOf(this.#link, changes);
  }

  /** A name for the trace: "server#3". */
  NewLabel(): string {
    this.#labels++;
    return `${this.Name}#${this.#labels}`;
  }

  /** Counts a socket in. @returns false when the machine has as many as it may. */
  Admit(socket: MemorySocket): boolean {
    if (this.Sockets.size >= this.#maxSockets) return false;
    this.Sockets.add(socket);
    return true;
  }

  HasAddress(address: IpAddress): boolean {
    return address.IsLoopback() || this.Addresses.some((own) => own.Equals(address));
  }

  /** The own address that a packet to `target` leaves from; null without one of its family. */
  SourceFor(target: IpAddress): IpAddress | null {
    if (target.IsLoopback() || this.HasAddress(target)) return target;
    return this.Addresses.find((own) => own.IsIpv4() === target.IsIpv4()) ?? null;
  }

  /** Who listens there. */
  ListenerAt(address: IpAddress, port: number): MemoryListener | null {
    for (const listener of this.Listeners) {
      if (listener.Port === port && Overlap(listener.Address, address)) return listener;
    }
    return null;
  }
}
