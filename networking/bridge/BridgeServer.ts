/**
 * The bridge: one port, plain or TLS, that takes WebSocket upgrades at every path that ends in `/`
 * (Wisp's rule; pages use `/bridge/`) and answers a few GETs. Everything about an upgrade that can
 * be refused is refused before it, with an HTTP status.
 *
 *     Start --> open --Drain--> draining --Stop, or the last session ends--> stopped
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { pino } from "pino";
import type { WebSocket } from "ws";
import { InlineBackend } from "../core/DefaultBackend.ts";
import type { IpAddress } from "../core/IpAddress.ts";
import { MemoryBudget } from "../mux/MemoryBudget.ts";
import { BridgeCounters } from "./BridgeCounters.ts";
import { MakeBridgeLimits } from "./BridgeLimits.ts";
import { BridgeMetrics } from "./BridgeMetrics.ts";
import type { BridgeCertificate, BridgeServerOptions } from "./BridgeOptions.ts";
import { BridgePages } from "./BridgePages.ts";
import type { SessionContext } from "./BridgeSession.ts";
import { BridgeSession } from "./BridgeSession.ts";
import { ClientGate } from "./ClientGate.ts";
import { FloodLog } from "./FloodLog.ts";
import { FrameBuffers } from "./FrameBuffers.ts";
import { HttpPort } from "./HttpPort.ts";
import { OperationPort } from "./OperationPort.ts";
import { OwnAddresses } from "./OwnAddresses.ts";
import { Policy } from "./Policy.ts";
import { RefuseTicket } from "./RefuseTicket.ts";
import type { TicketScope } from "./Ticket.ts";
import { TargetTls } from "./TargetTls.ts";
import { TicketKey } from "./TicketKey.ts";
import { TicketPolicy } from "./TicketPolicy.ts";
import { TrustedProxies } from "./TrustedProxies.ts";
import type { UpgradeAdmission, UpgradeRefusal } from "./UpgradeGate.ts";
import { UpgradeGate } from "./UpgradeGate.ts";
import type { WebSocketServers } from "./WebSocketServers.ts";
import { MakeWebSocketServers } from "./WebSocketServers.ts";

export class BridgeServer {
  readonly #host: string;
  readonly #port: number;
  readonly #metricsPort: number | null;
  readonly #context: SessionContext;
  readonly #log: Logger;
  readonly #own: OwnAddresses;
  readonly #gate: UpgradeGate;
  readonly #http: HttpPort;
  readonly #webSockets: WebSocketServers;
  readonly #sessions = new Set<BridgeSession>();
  #operations: OperationPort | null = null;
  #sweeper: NodeJS.Timeout | null = null;
  #onEmpty: (() => void) | null = null;

  /** Throws TypeError with a sentence for an option that cannot be read; listens at `Start`. */
  constructor(options: BridgeServerOptions = {}) {
    const limits = MakeBridgeLimits(options.Limits);
    const backend = options.Backend ?? InlineBackend();
    this.#own = new OwnAddresses(backend);
    const policy = new Policy({
      OwnAddresses: () => this.#own.List(),
      IsBridge: (address, port) => this.#isAt(address, port),
      ...options,
    });
    const key = options.TicketKey === undefined ? null : new TicketKey(options.TicketKey);
    this.#host = options.Host ?? "127.0.0.1";
    this.#port = options.Port ?? 7420;
    this.#metricsPort = options.MetricsPort ?? null;
    this.#log = options.Logger ?? pino({ name: "moonwire-bridge" });
    const proxies = new TrustedProxies(options.TrustedProxies);
    this.#gate = new UpgradeGate(policy, limits, proxies, key);
    this.#context = {
      Backend: backend,
      Policy: policy,
      Limits: limits,
      Memory: new MemoryBudget(limits.processWindowBytes),
      Frames: new FrameBuffers(limits.frameBuffers),
      Counters: new BridgeCounters(),
      Tls: new TargetTls(options.TargetAuthorities ?? "", limits),
      Flood: new FloodLog(this.#log, limits),
    };
    this.#webSockets = MakeWebSocketServers(limits);
    this.#http = new HttpPort(limits, options.Tls ?? null);
    const clients = new ClientGate(this.#context, proxies);
    this.#http.Server.on("connection", (socket: Socket) => clients.Connection(socket));
    this.#http.Server.on("drop", (dropped) => clients.Dropped(dropped?.remoteAddress));
    this.#http.Server.on("request", clients.Guard(BridgePages(policy, options.Static ?? null)));
    this.#http.Server.on("upgrade", (request, socket, head) => {
      this.#onUpgrade(request, socket, head);
    });
  }

  /** Listens. Rejects with the system's error, its `code` being EADDRINUSE and the like. */
  async Start(): Promise<void> {
    const { Backend, Limits } = this.#context;
    // A backend with a thread wakes it now, so that the first page does not wait for it, and a
    // bridge that is flooded as soon as it listens has the thread's files read already.
    const awake = Backend.Lookup("127.0.0.1", 4);
    Backend.Block(() => awake.Done(), Limits.lookupTimeoutMs);
    await this.#http.Listen(this.#port, this.#host);
    this.#http.Server.on("error", (error) => {
      this.#log.error({ err: error.message }, "http server");
    });
    if (this.#metricsPort !== null) await this.#startOperations(this.#metricsPort);
    this.#sweeper = setInterval(() => this.#sweep(), Limits.sweepEveryMs);
    this.#sweeper.unref();
    const ports = { port: this.Port(), metricsPort: this.MetricsPort() };
    this.#log.info({ host: this.#host, ...ports }, "bridge listens");
  }

  /** The port that it listens at; 0 while it does not. */
  Port(): number {
    return this.#http.Port();
  }

  /** The port of /healthz, /readyz and /metrics; 0 while there is none. */
  MetricsPort(): number {
    return this.#operations?.Port() ?? 0;
  }

  /** WebSockets that are open or in the middle of their upgrade. */
  SessionCount(): number {
    return this.#gate.Open();
  }

  /** New pages are taken: it listens, and was not told to end. */
  IsReady(): boolean {
    return this.Port() !== 0 && !this.#gate.IsClosed();
  }

  /**
   * Another certificate for new connections; those that stand keep theirs. When the pair cannot be
   * used the old one stays and this throws TypeError; on a plain port it always does.
   */
  SetCertificate(tls: BridgeCertificate): void {
    this.#http.SetCertificate(tls);
    this.#log.info("certificate replaced");
  }

  /**
   * Takes no new pages, asks those that are here to go, and waits until they have.
   * @param forMs until the rest is ended by `Stop`, which also follows when all have gone.
   */
  async Drain(forMs = this.#context.Limits.shutdownDrainMs): Promise<void> {
    this.#gate.Close();
    this.#log.info({ sessions: this.#sessions.size, forMs }, "bridge drains");
    for (const session of this.#sessions) session.GoAway(forMs);
    if (this.#sessions.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, forMs);
        this.#onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await this.Stop();
  }

  /**
   * Stops listening, ends every session in order, and frees the port. Targets still get what
   * pages had sent.
   * @param graceMs for pages that do not answer the close; then they are cut off.
   */
  async Stop(graceMs = this.#context.Limits.closeTimeoutMs): Promise<void> {
    this.#gate.Close();
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#sweeper = null;
    const closed = this.#http.Close();
    for (const session of this.#sessions) session.Stop();
    const cut = setTimeout(() => {
      for (const session of this.#sessions) session.Terminate();
      this.#http.CutOff();
    }, graceMs);
    await closed;
    clearTimeout(cut);
    await this.#operations?.Close();
    this.#operations = null;
    this.#context.Flood.Sweep();
    this.#log.info("bridge stopped");
  }

  async #startOperations(port: number): Promise<void> {
    const IsReady = (): boolean => this.IsReady();
    const metrics = new BridgeMetrics({ ...this.#context, IsReady });
    const operations = new OperationPort(this.#context.Limits, metrics, IsReady);
    try {
      await operations.Listen(port);
    } catch (error) {
      metrics.Stop();
      await this.#http.Close();
      throw error;
    }
    this.#operations = operations;
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const verdict = this.#gate.Judge(request, this.#context.Backend.Now());
    if ("Status" in verdict) {
      this.#refuse(socket, verdict);
      return;
    }
    // The raw socket's end covers failed upgrades too, for which no WebSocket ever exists.
    socket.once("close", verdict.Leave);
    this.#webSockets.For(request).handleUpgrade(request, socket, head, (webSocket) => {
      this.#open(webSocket, request, verdict);
    });
  }

  #open(webSocket: WebSocket, request: IncomingMessage, admission: UpgradeAdmission): void {
    const { Client, Ticket } = admission;
    const log = this.#log.child({ client: `${Client.ToString()}:${request.socket.remotePort}` });
    if (typeof Ticket === "string") {
      const { Counters, Flood, Backend } = this.#context;
      Flood.Tell("ticket refused", { why: Ticket }, Backend.Now(), log);
      Counters.UpgradeRefused("ticket");
      RefuseTicket(webSocket, Ticket);
      return;
    }
    request.socket.setKeepAlive(true, this.#context.Limits.pingEveryMs);
    log.info({ protocol: webSocket.protocol, origin: request.headers.origin }, "session opened");
    const context = this.#contextFor(Ticket);
    const session = new BridgeSession(webSocket, context, log, request.socket);
    this.#sessions.add(session);
    context.Counters.SessionsOpened++;
    context.Counters.Sessions++;
    webSocket.once("close", () => this.#onClosed(session));
  }

  #contextFor(ticket: TicketScope | null): SessionContext {
    const context = this.#context;
    if (ticket === null) return context;
    return { ...context, Policy: new TicketPolicy(context.Policy, ticket) };
  }

  #onClosed(session: BridgeSession): void {
    this.#sessions.delete(session);
    this.#context.Counters.Sessions--;
    if (this.#sessions.size === 0) this.#onEmpty?.();
  }

  #refuse(socket: Duplex, { Status, Why, Client }: UpgradeRefusal): void {
    const { Counters, Flood, Backend } = this.#context;
    const facts = { client: Client.ToString(), status: Status, why: Why };
    Flood.Tell("upgrade refused", facts, Backend.Now());
    Counters.UpgradeRefused(Why);
    // A client that keeps its own half open would stay for ever, and hold up `Stop`.
    socket.once("finish", () => socket.destroy());
    socket.end(`HTTP/1.1 ${Status} ${Why}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  #isAt(address: IpAddress, port: number): boolean {
    if (port !== 0 && port === this.MetricsPort()) return address.IsLoopback();
    return this.#http.IsAt(address, port, this.#own.List());
  }

  #sweep(): void {
    const now = this.#context.Backend.Now();
    for (const session of this.#sessions) session.Sweep(now);
    this.#gate.Sweep(now);
    this.#context.Flood.Sweep();
  }
}
