/**
 * What a handler answers with. Its answers leave in their order; the client gets all of them before
 * the connection's end.
 */
import type { PeerCertificate } from "../core/TlsRequest.ts";
import type { Connection } from "./Connection.ts";

export class TcpReply {
  readonly #connection: Connection;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Sends an answer. Awaiting it keeps a handler at the client's pace; without it at most
   * `Limits.maxWaiters` answers wait; one more resets the connection.
   * @param data a text goes out as UTF-8. Bytes must not change until the promise settles.
   */
  Send(data: Uint8Array | string): Promise<void> {
    return this.#connection.Write(data);
  }

  /** Ends the connection after this handler call, when all answers are sent. */
  Close(): void {
    this.#closed = true;
  }

  IsClosed(): boolean {
    return this.#closed;
  }

  /** What the client showed over TLS; null without TLS, and for a client that showed none. */
  GetPeerCertificate(): PeerCertificate | null {
    return this.#connection.GetTlsFacts()?.Certificate ?? null;
  }
}
