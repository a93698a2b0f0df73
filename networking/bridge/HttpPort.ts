/**
 * The bridge's HTTP server, plain or TLS, with its deadlines: a request that is slow or large is
 * answered 408 or 431, a TLS handshake that is slow and a page's reader that reads nothing are cut
 * off. Connections beyond the limit are closed as they come.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { IpAddress } from "../core/IpAddress.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { BridgeCertificate } from "./BridgeOptions.ts";

const minVersion = "TLSv1.2";

export class HttpPort {
  readonly Server: Server;
  /** As TCP has them, so those in a TLS handshake and those that were upgraded too. */
  readonly #connections = new Set<Socket>();

  /** @param tls null for a plain port. A pair that cannot be used: TypeError. */
  constructor(limits: BridgeLimits, tls: BridgeCertificate | null) {
    const deadlines = {
      maxHeaderSize: limits.upgradeHeaderBytes,
      headersTimeout: limits.upgradeTimeoutMs,
      requestTimeout: limits.upgradeTimeoutMs,
      connectionsCheckingInterval: limits.sweepEveryMs,
    };
    if (tls === null) {
      this.Server = createServer(deadlines);
    } else {
      const pair = readPair(tls);
      const handshakeTimeout = limits.upgradeTimeoutMs;
      this.Server = createTlsServer({ ...deadlines, ...pair, minVersion, handshakeTimeout });
    }
    this.Server.maxConnections = limits.maxConnections;
    // Silence while an answer waits to be read; `ws` lifts it from the connections that it takes.
    this.Server.timeout = limits.stallTimeoutMs;
    this.Server.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
    });
  }

  /** Rejects with the system's error, its `code` being EADDRINUSE and the like. */
  Listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.Server.once("error", reject);
      this.Server.listen(port, host, () => {
        this.Server.off("error", reject);
        resolve();
      });
    });
  }

  /** The port that it listens at; 0 while it does not. */
  Port(): number {
    const bound = this.Server.address();
    return typeof bound === "object" && bound !== null ? bound.port : 0;
  }

  /** Whether a connection to `address` would arrive here. @param own addresses of this machine. */
  IsAt(address: IpAddress, port: number, own: readonly IpAddress[]): boolean {
    const bound = this.Server.address();
    if (typeof bound !== "object" || bound === null || bound.port !== port) return false;
    if (bound.address !== "::" && bound.address !== "0.0.0.0") {
      return new IpAddress(bound.address).Equals(address);
    }
    return address.IsLoopback() || own.some((one) => one.Equals(address));
  }

  /** For new connections. A pair that cannot be used, and a plain port: TypeError. */
  SetCertificate(tls: BridgeCertificate): void {
    if (!(this.Server instanceof TlsServer)) {
      throw new TypeError("A bridge without a certificate cannot be given another one.");
    }
    this.Server.setSecureContext({ ...readPair(tls), minVersion });
  }

  /** Frees the port; resolves when every connection has ended. */
  Close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.Server.close(() => resolve()));
    this.Server.closeIdleConnections();
    return closed;
  }

  /** Ends every connection that is left, whatever it is in the middle of. */
  CutOff(): void {
    for (const socket of this.#connections) socket.destroy();
  }
}

/** Tried before it is used, so that a running server never has half of it. */
function readPair({ Certificate, Key }: BridgeCertificate): { cert: string; key: string } {
  const pair = { cert: Certificate, key: Key };
  try {
    // An empty file, which is what a half-written one is, would otherwise pass.
    if (!new X509Certificate(Certificate).checkPrivateKey(createPrivateKey(Key))) {
      throw new Error("the key belongs to another certificate.");
    }
    createSecureContext(pair);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`The certificate and its key cannot be used: ${why}`, { cause: error });
  }
  return pair;
}
