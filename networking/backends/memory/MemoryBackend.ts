/**
 * One machine of an in-process network, as a backend: give it to streams and servers by their
 * `Backend` option. Everything works but UDP, and TLS inside the backend.
 *
 * It only records; the network's `Advance` is what makes anything happen. Calls that block let time
 * pass by themselves, for the whole network.
 */
import type { IpAddress } from "../../core/IpAddress.ts";
import type {
  BackendCapabilities,
  BackendListener,
  BackendLookup,
  BackendSocket,
  Family,
  ListenOptions,
  NetBackend,
  SocketOptions,
} from "../../core/NetBackend.ts";
import type { Link } from "./Link.ts";
import type { MemoryHostOptions } from "./MemoryHost.ts";
import { MemoryHost } from "./MemoryHost.ts";
import { MemoryListener } from "./MemoryListener.ts";
import { MemoryLookup } from "./MemoryLookup.ts";
import type { MemoryNetwork } from "./MemoryNetwork.ts";
import { MemorySocket } from "./MemorySocket.ts";

export class MemoryBackend implements NetBackend {
  readonly Name = "memory";
  readonly Capabilities: BackendCapabilities = Object.freeze({
    Blocking: true,
    SynchronousListen: true,
    Listen: true,
    Bind: true,
    Udp: false,
    Tls: false,
    LocalAddresses: true,
  });
  readonly #network: MemoryNetwork;
  readonly #host: MemoryHost;

  /** A new machine in the network. */
  constructor(network: MemoryNetwork, options: MemoryHostOptions = {}) {
    this.#network = network;
    this.#host = new MemoryHost(network, options);
  }

  /** Changes how what this machine sends travels, from now on. */
  SetLink(changes: Partial<Link>): void {
    this.#host.SetLink(changes);
  }

  OpenSocket(options: SocketOptions): BackendSocket {
    return new MemorySocket(this.#host, options);
  }

  Listen(options: ListenOptions): BackendListener {
    return new MemoryListener(this.#host, options);
  }

  Lookup(name: string, family: Family): BackendLookup {
    return new MemoryLookup(this.#network, name, family);
  }

  LocalAddresses(): readonly IpAddress[] {
    return this.#host.Addresses;
  }

  Block(ready: () => boolean, timeoutMs: number): boolean {
    return this.#network.Clock.Block(ready, timeoutMs);
  }

  Now(): number {
    return this.#network.Now();
  }

  After(delayMs: number, handler: () => void): () => void {
    return this.#network.Clock.Call(delayMs, handler);
  }
}
