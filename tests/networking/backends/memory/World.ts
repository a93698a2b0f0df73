/** A client's and a server's machine on one in-process network, for the tests of this folder. */
import type { Link } from "../../../../networking/backends/memory/Link.ts";
import { MemoryBackend } from "../../../../networking/backends/memory/MemoryBackend.ts";
import type { MemoryHostOptions } from "../../../../networking/backends/memory/MemoryHost.ts";
import { MemoryNetwork } from "../../../../networking/backends/memory/MemoryNetwork.ts";
import type { MemoryNetworkOptions } from "../../../../networking/backends/memory/MemoryNetwork.ts";
import type { NetSocketOptions } from "../../../../networking/core/NetSocketOptions.ts";
import { SocketError, SocketErrorName } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";

export const port = 7_000;

export class World {
  readonly Network: MemoryNetwork;
  readonly Client: MemoryBackend;
  readonly Server: MemoryBackend;

  constructor(options: MemoryNetworkOptions = {}) {
    this.Network = new MemoryNetwork(options);
    this.Client = new MemoryBackend(this.Network, { Name: "client" });
    this.Server = new MemoryBackend(this.Network, { Name: "server" });
  }

  /** One more machine. */
  Machine(options: MemoryHostOptions): MemoryBackend {
    return new MemoryBackend(this.Network, options);
  }

  SetLinks(changes: Partial<Link>): void {
    this.Client.SetLink(changes);
    this.Server.SetLink(changes);
  }

  Stream(options: NetSocketOptions = {}): StreamPeerTCP {
    return new StreamPeerTCP({ Backend: this.Client, ...options });
  }

  Listening(options: NetSocketOptions = {}, backlog = 128): TCPServer {
    const server = new TCPServer({ Backend: this.Server, ...options });
    Succeed(server.Listen(port, "*", backlog));
    return server;
  }

  /**
   * Lets time pass, a step at a time, until the condition holds; at most 60 seconds.
   * @returns how long it took
   */
  Until(holds: () => boolean, what: string, stepMs = 1): number {
    const from = this.Network.Now();
    while (!holds()) {
      if (this.Network.Now() - from > 60_000) {
        throw new Error(`${what} did not come:\n${this.#lastLines()}`);
      }
      this.Network.Advance(stepMs);
    }
    return this.Network.Now() - from;
  }

  UntilStatus(stream: StreamPeerTCP, status: Status): number {
    return this.Until(() => StatusOf(stream) === status, `status ${status}`);
  }

  Take(server: TCPServer): StreamPeerTCP {
    this.Until(() => server.IsConnectionAvailable(), "a connection");
    return server.TakeConnection()!;
  }

  /** Two connected streams: the client's, and the server's. */
  Pair(options: NetSocketOptions = {}): { client: StreamPeerTCP; server: StreamPeerTCP } {
    const listener = this.Listening(options);
    const client = this.Stream(options);
    client.ConnectToHost("server", port);
    const server = this.Take(listener);
    this.UntilStatus(client, Status.STATUS_CONNECTED);
    listener.Stop();
    return { client, server };
  }

  /** Everything is over: time passes until nothing is left to happen, and nothing is held. */
  ExpectGivenBack(): void {
    this.Network.Advance(1_000_000);
    const { Connections } = this.Network;
    const held = { ...this.Network.GivenBack(), Connections: Connections.size };
    const left = Object.entries(held).filter(([, count]) => count !== 0);
    if (left.length > 0) throw new Error(`Still held: ${left.join(" ")}.\n${this.#lastLines()}`);
  }

  #lastLines(): string {
    return this.Network.Trace.Lines().slice(-20).join("\n");
  }
}

/** For a call that a test only needs to have worked. */
export function Succeed(code: SocketError): void {
  if (code !== SocketError.SUCCESS) throw new Error(`A call gave ${SocketErrorName(code)}.`);
}

/** The status as of now: tests that run in one go poll by themselves. */
export function StatusOf(stream: StreamPeerTCP): Status {
  stream.Poll();
  return stream.GetStatus();
}

/** `count` bytes that repeat only after 251. */
export function Pattern(count: number, from = 0): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (from + i) % 251);
}

/** Everything that is there now. */
export function ReadAll(stream: StreamPeerTCP): Uint8Array {
  const buffer = new Uint8Array(stream.GetAvailableBytes());
  return buffer.subarray(0, stream.GetPartialData(buffer).Received);
}
