/**
 * The bridge: one port that takes WebSocket upgrades at every path that ends in `/` (Wisp's rule;
 * pages use `/bridge/`) and answers a few GETs. Everything about an upgrade that can be refused is
 * refused before it, with an HTTP status.
 */
import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { pino } from "pino";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { DefaultBackend } from "../core/DefaultBackend.ts";
import { IpAddress } from "../core/IpAddress.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import { AddressQuota } from "./AddressQuota.ts";
import { BridgeCounters } from "./BridgeCounters.ts";
import { BridgeLimits } from "./BridgeLimits.ts";
import { BridgePages } from "./BridgePages.ts";
import type { SessionContext } from "./BridgeSession.ts";
import { BridgeSession } from "./BridgeSession.ts";
import { MemoryBudget } from "./MemoryBudget.ts";
import type { PolicyOptions } from "./Policy.ts";
import { Policy } from "./Policy.ts";

export interface BridgeServerOptions extends PolicyOptions {
  /** Where to listen; "127.0.0.1" by default. */
  readonly Host?: string;
  /** 0..65535; 0 lets the system choose. 7420 by default. */
  readonly Port?: number;
  /** A folder of pages to serve. */
  readonly Static?: string;
  /** What connects to the targets; the process's default backend otherwise. */
  readonly Backend?: NetBackend;
  /** Where the log lines go; JSON on stdout by default. */
  readonly Logger?: Logger;
  /** Other numbers than the defaults. */
  readonly Limits?: Partial<BridgeLimits>;
}

/** Subprotocols that ask for version 2; the first that the page offers is taken. */
const mwxProtocol = "mwx1";
const wispProtocol = "wisp-v2";

export class BridgeServer {
  readonly #host: string;
  readonly #port: number;
  readonly #context: SessionContext & { readonly Policy: Policy };
  readonly #log: Logger;
  readonly #quota: AddressQuota;
  readonly #http;
  readonly #mwxServer: WebSocketServer;
  readonly #plainServer: WebSocketServer;
  readonly #sessions = new Set<BridgeSession>();
  #sweeper: NodeJS.Timeout | null = null;
  #sessionCount = 0;

  /** Throws TypeError with a sentence for an option that cannot be read; listens at `Start`. */
  constructor(options: BridgeServerOptions = {}) {
    const limits = Object.freeze({ ...BridgeLimits, ...options.Limits });
    this.#host = options.Host ?? "127.0.0.1";
    this.#port = options.Port ?? 7420;
    this.#log = options.Logger ?? pino({ name: "moonwire-bridge" });
    this.#quota = new AddressQuota(limits);
    const backend = options.Backend ?? DefaultBackend();
    this.#context = {
      Backend: backend,
      Policy: new Policy({ OwnAddresses: () => backend.LocalAddresses(), ...options }),
      Limits: limits,
      Memory: new MemoryBudget(limits.processWindowBytes),
      Counters: new BridgeCounters(),
    };
    this.#mwxServer = webSocketServer(limits, limits.mwxMessageBytes);
    this.#plainServer = webSocketServer(limits, limits.plainMessageBytes);
    this.#http = createServer({
      maxHeaderSize: limits.upgradeHeaderBytes,
      headersTimeout: limits.upgradeTimeoutMs,
      requestTimeout: limits.upgradeTimeoutMs,
      connectionsCheckingInterval: limits.sweepEveryMs,
    });
    this.#http.on("request", BridgePages(this.#context.Policy, options.Static ?? null));
    this.#http.on("upgrade", (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  /** Listens. Rejects with the system's error, its `code` being EADDRINUSE and the like. */
  async Start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(this.#port, this.#host, () => {
        this.#http.off("error", reject);
        resolve();
      });
    });
    this.#http.on("error", (error) => this.#log.error({ err: error.message }, "http server"));
    this.#sweeper = setInterval(() => this.#sweep(), this.#context.Limits.sweepEveryMs);
    this.#sweeper.unref();
    this.#log.info({ host: this.#host, port: this.Port() }, "bridge listens");
  }

  /** The port that it listens at; 0 while it does not. */
  Port(): number {
    const address = this.#http.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** WebSockets that are open or in the middle of their upgrade. */
  SessionCount(): number {
    return this.#sessionCount;
  }

  /**
   * Stops listening, ends every session in order, and frees the port. Targets still get what
   * pages had sent.
   * @param graceMs for pages that do not answer the close; then they are cut off.
   */
  async Stop(graceMs = 2_000): Promise<void> {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#sweeper = null;
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const session of this.#sessions) session.Stop();
    this.#http.closeIdleConnections();
    const cut = setTimeout(() => {
      for (const session of this.#sessions) session.Terminate();
      this.#http.closeAllConnections();
    }, graceMs);
    await closed;
    clearTimeout(cut);
    this.#log.info("bridge stopped");
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const { Policy: policy, Limits: limits, Backend } = this.#context;
    const address = new IpAddress(request.socket.remoteAddress ?? "");
    const [path = ""] = (request.url ?? "").split("?");
    if (!path.endsWith("/")) return this.#refuse(socket, 404, "path", address);
    if (!policy.AllowsClient(address)) return this.#refuse(socket, 403, "client", address);
    if (!policy.AllowsOrigin(request.headers.origin)) {
      return this.#refuse(socket, 403, "origin", address);
    }
    if (this.#sessionCount >= limits.maxSessions) return this.#refuse(socket, 503, "full", address);
    const leave = this.#quota.Enter(address, Backend.Now());
    if (leave === null) return this.#refuse(socket, 429, "address quota", address);
    this.#sessionCount++;
    // The raw socket's end covers failed upgrades too, for which no WebSocket ever exists.
    socket.once("close", () => {
      this.#sessionCount--;
      leave();
    });
    const server = offersMwx(request) ? this.#mwxServer : this.#plainServer;
    server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, request));
  }

  #open(webSocket: WebSocket, request: IncomingMessage): void {
    request.socket.setKeepAlive(true, this.#context.Limits.pingEveryMs);
    const { remoteAddress, remotePort } = request.socket;
    const log = this.#log.child({ client: `${remoteAddress}:${remotePort}` });
    log.info({ protocol: webSocket.protocol, origin: request.headers.origin }, "session opened");
    const session = new BridgeSession(webSocket, this.#context, log);
    this.#sessions.add(session);
    webSocket.once("close", () => this.#sessions.delete(session));
  }

  #refuse(socket: Duplex, status: 403 | 404 | 429 | 503, why: string, address: IpAddress): void {
    this.#log.info({ client: address.ToString(), status, why }, "upgrade refused");
    socket.end(`HTTP/1.1 ${status} ${why}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  #sweep(): void {
    const now = this.#context.Backend.Now();
    for (const session of this.#sessions) session.Sweep(now);
    this.#quota.Sweep(now);
  }
}

/**
 * Two servers, because the largest message is fixed per server and plain Wisp allows larger ones.
 */
function webSocketServer(limits: BridgeLimits, maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload,
    maxFragments: limits.maxFragments,
    handleProtocols: (offered) => {
      if (offered.has(mwxProtocol)) return mwxProtocol;
      return offered.has(wispProtocol) ? wispProtocol : false;
    },
  });
}

function offersMwx(request: IncomingMessage): boolean {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header.split(",").some((protocol) => protocol.trim() === mwxProtocol);
}
