/**
 * A connection: two sockets and a pipe each way. It stands from the moment when the client has its
 * answer; the server learns of it with the handshake's last packet.
 */
import type { Endpoint } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import { CloseReason } from "../../core/Status.ts";
import type { MemoryListener } from "./MemoryListener.ts";
import { MemoryPipe } from "./MemoryPipe.ts";
import type { MemorySocket } from "./MemorySocket.ts";

export class MemoryConnection {
  /** Of both ends, the client's first. */
  readonly Addresses: readonly [string, string];
  readonly #client: MemorySocket;
  readonly #server: MemorySocket;
  readonly #pipes: readonly [MemoryPipe, MemoryPipe];
  #isOffered = false;

  constructor(client: MemorySocket, near: Endpoint, listener: MemoryListener, far: Endpoint) {
    const server = listener.NewSocket();
    this.#client = client;
    this.#server = server;
    this.Addresses = [near.Address.ToString(), far.Address.ToString()];
    const toServer = new MemoryPipe(client, server, this.Addresses);
    const toClient = new MemoryPipe(server, client, this.Addresses);
    this.#pipes = [toServer, toClient];
    client.Host.Network.Connections.add(this);
    client.Attach(this, toServer, toClient, near, far);
    server.Attach(this, toClient, toServer, far, near);
    toServer.Tell(() => {
      this.#isOffered = true;
      listener.Offer(server);
    });
  }

  /** Both ends have CONNECTION_RESET now. */
  Reset(): void {
    for (const pipe of this.#pipes) pipe.Lose();
    for (const socket of [this.#client, this.#server]) {
      socket.Fail(SocketError.CONNECTION_RESET, CloseReason.RESET);
    }
  }

  /** Nothing passes any more, and nobody is told. */
  Cut(): void {
    for (const pipe of this.#pipes) pipe.Cut();
    // A server that never heard of the client forgets it.
    if (!this.#isOffered) this.#server.Fail(SocketError.TIMED_OUT, CloseReason.TIMEOUT);
  }

  /** For MemorySocket: one of the two has ended. */
  OnEnded(): void {
    if (this.#client.HasEnded() && this.#server.HasEnded()) {
      this.#client.Host.Network.Connections.delete(this);
    }
  }
}
