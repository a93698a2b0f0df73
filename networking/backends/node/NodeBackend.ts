/**
 * Real sockets for Node.js, on one network thread per backend (and one backend per process,
 * unless a test makes another). The thread starts on first use; when it has died, the next use
 * starts a new one.
 */
import { networkInterfaces } from "node:os";
import type { IpAddress } from "../../core/IpAddress.ts";
import type {
  BackendCapabilities,
  BackendDatagramSocket,
  BackendListener,
  BackendLookup,
  BackendSocket,
  DatagramOptions,
  Family,
  ListenOptions,
  NetBackend,
  SocketOptions,
} from "../../core/NetBackend.ts";
import { AddressOf } from "./Endpoints.ts";
import { NetworkThread } from "./NetworkThread.ts";
import { NodeDatagram } from "./NodeDatagram.ts";
import { NodeListener } from "./NodeListener.ts";
import { NodeLookup } from "./NodeLookup.ts";
import { NodeSocket } from "./NodeSocket.ts";
import { SharedSocket } from "./SharedSocket.ts";

export class NodeBackend implements NetBackend {
  readonly Name = "node";
  readonly Capabilities: BackendCapabilities = Object.freeze({
    Blocking: true,
    SynchronousListen: true,
    Listen: true,
    Bind: true,
    Udp: true,
    Tls: false,
    LocalAddresses: true,
  });
  #thread: NetworkThread | null = null;

  OpenSocket(options: SocketOptions): BackendSocket {
    const { InboundBufferBytes, OutboundBufferBytes } = options;
    const shared = SharedSocket.Create(InboundBufferBytes, OutboundBufferBytes);
    return new NodeSocket(this.#living(), shared);
  }

  Listen(options: ListenOptions): BackendListener {
    return new NodeListener(this.#living(), options);
  }

  OpenDatagram(options: DatagramOptions): BackendDatagramSocket {
    return new NodeDatagram(this.#living(), options);
  }

  Lookup(name: string, family: Family): BackendLookup {
    return new NodeLookup(this.#living(), name, family);
  }

  LocalAddresses(): readonly IpAddress[] {
    const interfaces = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    return interfaces.map((entry) => AddressOf(entry.address));
  }

  Block(ready: () => boolean, timeoutMs: number): boolean {
    return this.#living().Block(ready, timeoutMs);
  }

  Now(): number {
    return performance.now();
  }

  After(delayMs: number, handler: () => void): () => void {
    const timer = setTimeout(handler, delayMs);
    return () => clearTimeout(timer);
  }

  /** Sockets, listeners and lookups that the thread still holds; zero when all was given back. */
  HeldCount(): number {
    return this.#thread?.HeldCount() ?? 0;
  }

  /** Ends the network thread. Everything open turns to ERROR; a later use starts a new thread. */
  async Terminate(): Promise<void> {
    await this.#thread?.Terminate();
  }

  #living(): NetworkThread {
    if (this.#thread?.IsDead() === true) {
      this.#thread.Bury();
      this.#thread = null;
    }
    this.#thread ??= new NetworkThread();
    return this.#thread;
  }
}
