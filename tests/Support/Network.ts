/**
 * A network for one test file: a backend of its own, and makers whose products end
 * with the test. When the file ends the backend must have given everything back.
 */
import { afterAll, afterEach } from "vitest";
import { NodeBackend } from "../../networking/backends/node/NodeBackend.ts";
import type { NetSocketOptions } from "../../networking/core/NetSocketOptions.ts";
import { SocketError, SocketErrorName } from "../../networking/core/SocketError.ts";
import { Status } from "../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../networking/core/TCPServer.ts";
import { ConnectPlain, PlainServer } from "./PlainPeer.ts";
import type { PlainPeer } from "./PlainPeer.ts";
import { WaitFor } from "./WaitFor.ts";

export interface Pair {
  readonly Stream: StreamPeerTCP;
  readonly Plain: PlainPeer;
}

export class Network {
  readonly Backend: NodeBackend;
  readonly #endings: (() => void)[] = [];

  constructor(ownThread: boolean) {
    this.Backend = new NodeBackend({ OwnThread: ownThread });
  }

  /** What has to end with the test. */
  Ending(end: () => void): void {
    this.#endings.push(end);
  }

  Stream(options: NetSocketOptions = {}): StreamPeerTCP {
    const stream = new StreamPeerTCP({ Backend: this.Backend, ...options });
    this.Ending(() => stream.Abort());
    return stream;
  }

  Server(options: NetSocketOptions = {}): TCPServer {
    const server = new TCPServer({ Backend: this.Backend, ...options });
    this.Ending(() => server.Stop());
    return server;
  }

  /** A server that listens on 127.0.0.1, at a port of the system's choice. */
  Listening(options: NetSocketOptions = {}, backlog = 128): TCPServer {
    const server = this.Server(options);
    Succeed(server.Listen(0, "127.0.0.1", backlog));
    return server;
  }

  async PlainServer(host = "127.0.0.1", reading = true): Promise<PlainServer> {
    const server = await PlainServer.Start(host, reading);
    this.Ending(() => server.Stop());
    return server;
  }

  PlainClient(port: number, host = "127.0.0.1", reading = true): PlainPeer {
    const peer = ConnectPlain(port, host, reading);
    this.Ending(() => peer.Socket.destroy());
    return peer;
  }

  /** A stream that is connected to a plain peer. */
  async Pair(options: NetSocketOptions = {}, reading = true): Promise<Pair> {
    const server = await this.PlainServer("127.0.0.1", reading);
    const stream = this.Stream(options);
    Succeed(stream.ConnectToHost("127.0.0.1", server.Port));
    await WaitStatus(stream, Status.STATUS_CONNECTED);
    return { Stream: stream, Plain: await server.Peer() };
  }

  /** Waits for a connection at the server and takes it. */
  async Take(server: TCPServer): Promise<StreamPeerTCP> {
    await WaitFor(() => server.IsConnectionAvailable(), "a connection to take");
    const stream = server.TakeConnection();
    if (stream === null) throw new Error("A connection was available and none was given.");
    this.Ending(() => stream.Abort());
    return stream;
  }

  EndAll(): void {
    for (const end of this.#endings.splice(0)) end();
  }
}

/** @param ownThread false: on this thread, as the bridge's sockets are. */
export function UseNetwork(ownThread = true): Network {
  const network = new Network(ownThread);
  afterEach(() => network.EndAll());
  afterAll(async () => {
    await WaitFor(() => network.Backend.HeldCount() === 0, "the backend to give everything back");
    await network.Backend.Terminate();
  });
  return network;
}

/** For a call that a test only needs to have worked. */
export function Succeed(code: SocketError): void {
  if (code !== SocketError.SUCCESS) throw new Error(`A call gave ${SocketErrorName(code)}.`);
}

export function WaitStatus(stream: StreamPeerTCP, status: Status): Promise<void> {
  return WaitFor(() => stream.GetStatus() === status, `status ${status}`);
}

export function WaitAvailable(stream: StreamPeerTCP, count: number): Promise<void> {
  return WaitFor(() => stream.GetAvailableBytes() >= count, `${count} bytes to read`);
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
