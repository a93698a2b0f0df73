/**
 * The other end of a connection under test: a plain `node:net` socket that keeps what it hears, so
 * that Moonwire is never tested against itself alone.
 */
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { ConfirmEnd } from "../../networking/backends/node/thread/ReadBuffer.ts";
import { WaitFor } from "./WaitFor.ts";

export class PlainPeer {
  readonly Socket: Socket;
  #chunks: Buffer[] = [];
  #count = 0;
  /** The other side has sent FIN, and all bytes before it were heard. */
  Ended = false;
  Closed = false;
  /** Code of the error that ended it, such as ECONNRESET. */
  Failure = "";

  /** @param reading false leaves the bytes in the system until `Socket.resume`. */
  constructor(socket: Socket, reading = true) {
    this.Socket = socket;
    socket.on("end", () => this.#confirmEnd());
    socket.on("close", () => (this.Closed = true));
    socket.on("error", (error: NodeJS.ErrnoException) => (this.Failure = error.code ?? "unknown"));
    if (reading) this.Read();
  }

  /** Begins to read. */
  Read(): void {
    this.Socket.on("data", (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#count += bytes.length;
    });
  }

  /** Everything so far. */
  get Received(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  Text(): string {
    return this.Received.toString("latin1");
  }

  Send(data: Uint8Array | string): void {
    this.Socket.write(data);
  }

  WaitReceived(count: number): Promise<void> {
    return WaitFor(() => this.#count >= count, `${count} bytes at the plain peer`);
  }

  /** libuv takes a reset behind data for the end, unless it is made to look again. */
  #confirmEnd(): void {
    ConfirmEnd(this.Socket, () => undefined);
    // Not its handler: it stays silent when the socket is destroyed, as after an end both ways.
    setImmediate(() => setImmediate(() => (this.Ended = this.Failure === "")));
  }
}

/** Connects to a listener on this machine. */
export function ConnectPlain(port: number, host = "127.0.0.1", reading = true): PlainPeer {
  return new PlainPeer(connect({ port, host, allowHalfOpen: true }), reading);
}

export class PlainServer {
  readonly Peers: PlainPeer[] = [];
  /** Stays readable after Stop. */
  readonly Port: number;
  readonly #server: Server;

  private constructor(server: Server, reading: boolean) {
    this.#server = server;
    this.Port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.Peers.push(new PlainPeer(socket, reading)));
  }

  static async Start(host = "127.0.0.1", reading = true): Promise<PlainServer> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, host);
    await WaitFor(() => server.listening, "a plain listener");
    return new PlainServer(server, reading);
  }

  /** The connection with this number, in the order in which they came. */
  async Peer(index = 0): Promise<PlainPeer> {
    await WaitFor(() => this.Peers.length > index, "a connection at the plain listener");
    return this.Peers[index] as PlainPeer;
  }

  Stop(): void {
    this.#server.close();
    for (const peer of this.Peers) peer.Socket.destroy();
  }
}
