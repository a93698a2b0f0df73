/** A TLS server at the far end of the contract suite: `node:tls` behind the suite's verbs. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Server, TLSSocket } from "node:tls";
import { createServer } from "node:tls";
import { Certificates } from "../../../Support/Certificates.ts";
import { PlainPeer } from "../../../Support/PlainPeer.ts";
import type { FarCertificate, FarPeer, FarServer } from "./Harness.ts";
import { PlainFar } from "./PlainFar.ts";

export class TlsFarServer implements FarServer {
  /** Of the clients that took the certificate. */
  readonly Peers: FarPeer[] = [];
  readonly Port: number;
  readonly #server: Server;
  readonly #sockets: TLSSocket[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.Port = (server.address() as AddressInfo).port;
    server.on("tlsClientError", () => undefined);
    server.on("secureConnection", (socket) => {
      this.#sockets.push(socket);
      this.Peers.push(new PlainFar(new PlainPeer(socket), true));
    });
  }

  static async Start(which: FarCertificate): Promise<TlsFarServer> {
    const { Certificate, PrivateKey } = Certificates()[which];
    const server = createServer({ cert: Certificate, key: PrivateKey, allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TlsFarServer(server);
  }

  Stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
