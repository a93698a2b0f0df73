/** What the cases of the contract suite are made with; everything that it gives ends with its test. */
import { afterAll, afterEach } from "vitest";
import type { NetSocket } from "../../../../networking/core/NetSocket.ts";
import type { NetSocketOptions } from "../../../../networking/core/NetSocketOptions.ts";
import { PacketPeerUDP } from "../../../../networking/core/PacketPeerUDP.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status, StatusName } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { Pattern, Succeed } from "./Bytes.ts";
import type {
  FarCertificate,
  FarDatagrams,
  FarPeer,
  FarServer,
  Harness,
  HeardDatagram,
  Traits,
} from "./Harness.ts";

/** Linux, at most; and some more. */
const delayedAckMs = 60;

export interface Pair {
  readonly Stream: StreamPeerTCP;
  readonly Far: FarPeer;
}

export class Scene {
  readonly Harness: Harness;
  readonly #endings: (() => void)[] = [];

  constructor(harness: Harness) {
    this.Harness = harness;
  }

  get Traits(): Traits {
    return this.Harness.Traits;
  }

  Stream(options: NetSocketOptions = {}): StreamPeerTCP {
    const stream = new StreamPeerTCP({ Backend: this.Harness.Backend, ...options });
    this.#endings.push(() => stream.Abort());
    return stream;
  }

  Server(options: NetSocketOptions = {}): TCPServer {
    const server = new TCPServer({ Backend: this.Harness.Backend, ...options });
    this.#endings.push(() => server.Stop());
    return server;
  }

  /** @returns `socket`, which is destroyed when the test ends. */
  Closing(socket: NetSocket): NetSocket {
    this.#endings.push(() => socket.Destroy());
    return socket;
  }

  /** A server that listens on 127.0.0.1, at a port of the system's choice. */
  async Listening(backlog = 128, options: NetSocketOptions = {}): Promise<TCPServer> {
    const server = this.Server(options);
    Succeed(server.Listen(0, "127.0.0.1", backlog));
    await this.UntilListening(server);
    return server;
  }

  /** Listens, and waits for the outcome. @returns SUCCESS, or why not */
  async Listen(server: TCPServer, port: number, host: string): Promise<SocketError> {
    const code = server.Listen(port, host);
    if (code !== SocketError.SUCCESS) return code;
    const refused = (): boolean => server.Poll() !== SocketError.SUCCESS;
    await this.Until(() => server.IsListening() || refused(), "the outcome of a listen");
    return server.Poll();
  }

  UntilListening(server: TCPServer): Promise<void> {
    return this.Until(() => server.IsListening(), "a port to listen at");
  }

  async Take(server: TCPServer): Promise<StreamPeerTCP> {
    await this.Until(() => server.IsConnectionAvailable(), "a connection to take");
    const stream = server.TakeConnection();
    if (stream === null) throw new Error("A connection was available and none was given.");
    this.#endings.push(() => stream.Abort());
    return stream;
  }

  async FarServer(host = "127.0.0.1", reading = true): Promise<FarServer> {
    const server = await this.Harness.FarServer(host, reading);
    this.#endings.push(() => server.Stop());
    return server;
  }

  async TlsServer(which: FarCertificate): Promise<FarServer> {
    const server = await this.Harness.TlsServer?.(which);
    if (server === undefined) throw new Error("This backend's harness has no TLS.");
    this.#endings.push(() => server.Stop());
    return server;
  }

  FarClient(port: number, host = "127.0.0.1"): FarPeer {
    const peer = this.Harness.FarClient(port, host);
    this.#endings.push(() => peer.Reset());
    return peer;
  }

  /** The far end of a connection that is under way. */
  async Peer(server: FarServer, index = 0): Promise<FarPeer> {
    await this.Until(() => server.Peers.length > index, "a connection at the far end");
    return server.Peers[index]!;
  }

  /** A stream that is connected to a far peer. */
  async Pair(options: NetSocketOptions = {}, reading = true): Promise<Pair> {
    const server = await this.FarServer("127.0.0.1", reading);
    const stream = this.Stream(options);
    Succeed(stream.ConnectToHost("127.0.0.1", server.Port));
    await this.UntilStatus(stream, Status.STATUS_CONNECTED);
    return { Stream: stream, Far: await this.Peer(server) };
  }

  UdpPeer(options: NetSocketOptions = {}): PacketPeerUDP {
    const peer = new PacketPeerUDP({ Backend: this.Harness.Backend, ...options });
    this.#endings.push(() => peer.Close());
    return peer;
  }

  /** A peer at a port of the system's choice. */
  BoundPeer(host = "127.0.0.1", recvBufferSize?: number): PacketPeerUDP {
    const peer = this.UdpPeer();
    Succeed(peer.Bind(0, host, recvBufferSize));
    return peer;
  }

  async FarDatagrams(host = "127.0.0.1"): Promise<FarDatagrams> {
    const far = await this.Harness.FarDatagrams?.(host);
    if (far === undefined) throw new Error("This backend's harness has no UDP.");
    this.#endings.push(() => far.Stop());
    return far;
  }

  /** Waits for the next packet. */
  async Packet(peer: PacketPeerUDP): Promise<Uint8Array> {
    await this.Until(() => peer.GetAvailablePacketCount() > 0, "a packet");
    return peer.GetPacket()!;
  }

  /** Waits until the far end has heard `count` packets in all. @returns the last of them. */
  async Heard(far: FarDatagrams, count = 1): Promise<HeardDatagram> {
    await this.Until(() => far.Heard.length >= count, `${count} packets at the far end`);
    return far.Heard[count - 1]!;
  }

  /** A port where nobody listens. */
  async DeadPort(host = "127.0.0.1"): Promise<number> {
    const server = await this.Harness.FarServer(host, true);
    server.Stop();
    return server.Port;
  }

  Until(holds: () => boolean, what: string): Promise<void> {
    return this.Harness.Until(holds, what);
  }

  async UntilStatus(stream: StreamPeerTCP, status: Status): Promise<void> {
    const name = StatusName(status);
    await this.NewRun();
    await this.Until(() => stream.GetStatus() === status, `status ${name}`);
  }

  UntilAvailable(stream: StreamPeerTCP, count: number): Promise<void> {
    return this.Until(() => stream.GetAvailableBytes() >= count, `${count} bytes to read`);
  }

  UntilHeard(far: FarPeer, count: number): Promise<void> {
    return this.Until(() => far.ReceivedCount() >= count, `${count} bytes at the far end`);
  }

  UntilOutboundEmpty(stream: StreamPeerTCP): Promise<void> {
    return this.Until(() => stream.GetOutboundBytes() === 0, "an empty outbound buffer");
  }

  /**
   * Puts until the stream and everything behind it are full, while the far end does not read.
   * @returns how many bytes of `Pattern` were taken.
   */
  async Fill(stream: StreamPeerTCP): Promise<number> {
    const bytes = Pattern(65_536 + 251);
    let taken = 0;
    await this.UntilStill(() => {
      const { BytesSent } = stream.PutPartialData(bytes.subarray(taken % 251));
      taken += BytesSent;
      return BytesSent > 0;
    }, "everything to be full");
    return taken;
  }

  /** Until `moves` gave false many times, for longer than TCP holds an acknowledgement back. */
  async UntilStill(moves: () => boolean, what: string): Promise<void> {
    const { Backend } = this.Harness;
    let [from, looks] = [Backend.Now(), 0];
    await this.Until(() => {
      if (moves()) [from, looks] = [Backend.Now(), 0];
      return ++looks > 20 && Backend.Now() - from > delayedAckMs;
    }, what);
  }

  /** A new synchronous run, the event loop having turned. */
  NewRun(): Promise<void> {
    let asked = 0;
    return this.Until(() => asked++ > 0, "the next run");
  }

  /** What a promise gives, in the time of the network. */
  async Answer<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    promise.then(settle, settle);
    await this.Until(() => settled, "an answer");
    return promise;
  }

  EndAll(): void {
    for (const end of this.#endings.splice(0)) end();
  }
}

/** A scene for the cases of a file; after each of them all must have been given back. */
export function UseScene(harness: Harness): Scene {
  const scene = new Scene(harness);
  afterEach(async () => {
    scene.EndAll();
    await harness.Until(() => harness.Held() === 0, "everything to be given back");
  });
  afterAll(() => harness.End());
  return scene;
}
