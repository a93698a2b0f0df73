/**
 * Real sockets for Node.js, on one network thread per backend (and one backend per process,
 * unless a test makes another). The thread starts on first use; when it has died, the next use
 * starts a new one. A process without a game loop may do without the thread.
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
import type { TLSMistake } from "../../core/TLSMistake.ts";
import type { TlsConfig } from "../../core/TlsRequest.ts";
import { AddressOf } from "./Endpoints.ts";
import { InlineThread } from "./InlineThread.ts";
import { NetworkThread } from "./NetworkThread.ts";
import { NodeDatagram } from "./NodeDatagram.ts";
import { NodeListener } from "./NodeListener.ts";
import { NodeLookup } from "./NodeLookup.ts";
import { NodeSocket } from "./NodeSocket.ts";
import { SharedSocket } from "./SharedSocket.ts";
import type { ThreadLink } from "./ThreadLink.ts";
import { FindTlsMistake } from "./TlsCheck.ts";

export interface NodeBackendOptions {
  /**
   * true, the default: sockets live on a network thread, beside the game. false: on the caller's
   * thread, a hop nearer; nothing blocks there, `Listen` answers later, and there is no UDP.
   */
  readonly OwnThread?: boolean;
}

export class NodeBackend implements NetBackend {
  readonly Name = "node";
  readonly Capabilities: BackendCapabilities;
  /** UDP binds while its caller waits, which only a network thread allows. */
  readonly OpenDatagram?: (options: DatagramOptions) => BackendDatagramSocket;
  readonly #ownThread: boolean;
  #thread: ThreadLink | null = null;

  constructor(options: NodeBackendOptions = {}) {
    this.#ownThread = options.OwnThread ?? true;
    this.Capabilities = Object.freeze({
      Blocking: this.#ownThread,
      SynchronousListen: this.#ownThread,
      Listen: true,
      Bind: true,
      Udp: this.#ownThread,
      Tls: true,
      LocalAddresses: true,
    });
    if (this.#ownThread) {
      this.OpenDatagram = (datagram) => new NodeDatagram(this.#living(), datagram);
    }
  }

  OpenSocket(options: SocketOptions): BackendSocket {
    const { InboundBufferBytes, OutboundBufferBytes } = options;
    const shared = SharedSocket.Create(InboundBufferBytes, OutboundBufferBytes);
    return new NodeSocket(this.#living(), shared);
  }

  Listen(options: ListenOptions): BackendListener {
    return new NodeListener(this.#living(), options);
  }

  FindTlsMistake(config: TlsConfig): TLSMistake {
    return FindTlsMistake(config);
  }

  Lookup(name: string, family: Family): BackendLookup {
    return new NodeLookup(this.#living(), name, family);
  }

  LocalAddresses(): readonly IpAddress[] {
    try {
      const interfaces = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      return interfaces.map((entry) => AddressOf(entry.address));
    } catch {
      return []; // the process is out of descriptors, and the system cannot be asked
    }
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

  #living(): ThreadLink {
    if (this.#thread?.IsDead() === true) {
      this.#thread.Bury();
      this.#thread = null;
    }
    this.#thread ??= this.#ownThread ? new NetworkThread() : new InlineThread();
    return this.#thread;
  }
}
