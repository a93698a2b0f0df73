/**
 * One WebSocket: feeds its messages to a mux, and keeps its deadlines and rates. SessionPump sends
 * what the mux has, SessionStreams joins the mux's streams to targets, SessionListeners listens.
 */
import type { Writable } from "node:stream";
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import type { NetBackend } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import { BridgeMux } from "../mux/BridgeMux.ts";
import type { MemoryBudget } from "../mux/MemoryBudget.ts";
import type { MuxEvent } from "../mux/MuxEvent.ts";
import type { BridgeCounters } from "./BridgeCounters.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { FloodLog } from "./FloodLog.ts";
import type { FrameBuffers } from "./FrameBuffers.ts";
import { LookUp } from "./LookUp.ts";
import type { SessionPolicy } from "./Policy.ts";
import { RoundTrip } from "./RoundTrip.ts";
import { SessionListeners } from "./SessionListeners.ts";
import { SessionPump } from "./SessionPump.ts";
import { SessionStreams } from "./SessionStreams.ts";
import type { TargetTls } from "./TargetTls.ts";
import { TokenBucket } from "./TokenBucket.ts";
import { WindowBudget } from "./WindowBudget.ts";

/** What all sessions of a server share. */
export interface SessionContext {
  readonly Backend: NetBackend;
  readonly Policy: SessionPolicy;
  readonly Limits: BridgeLimits;
  readonly Memory: MemoryBudget;
  readonly Frames: FrameBuffers;
  readonly Counters: BridgeCounters;
  readonly Tls: TargetTls;
  readonly Flood: FloodLog;
}

/** RFC 6455 section 7.4.1. */
const CloseCode = Object.freeze({ GOING_AWAY: 1001, PROTOCOL: 1002, NO_TEXT: 1003, POLICY: 1008 });

export class BridgeSession {
  readonly #webSocket: WebSocket;
  readonly #context: SessionContext;
  readonly #log: Logger;
  readonly #mux: BridgeMux;
  readonly #pump: SessionPump;
  readonly #streams: SessionStreams;
  readonly #listeners: SessionListeners;
  readonly #resolves: TokenBucket;
  readonly #ends: TokenBucket;
  readonly #roundTrip = new RoundTrip();
  readonly #startedAtMs: number;
  #over = false;
  #going = false;
  #pingedAtMs: number;
  #pinged = false;
  #missedPings = 0;
  #pendingPongs = 0;

  /**
   * @param webSocket open; a subprotocol on it means version 2.
   * @param raw the connection under it.
   */
  constructor(
    webSocket: WebSocket,
    context: SessionContext,
    log: Logger,
    raw: Writable | null = null,
  ) {
    const { Limits, Backend } = context;
    const now = Backend.Now();
    this.#webSocket = webSocket;
    this.#context = context;
    this.#log = log;
    this.#startedAtMs = this.#pingedAtMs = now;
    this.#resolves = new TokenBucket(Limits.resolvesPerSecond, Limits.resolvesBurst, now);
    this.#ends = new TokenBucket(Limits.endsPerSecond, Limits.endsBurst, now);
    const windows = new WindowBudget(Limits, context.Memory, () => Backend.Now());
    const mux = new BridgeMux(
      webSocket.protocol === "" ? 1 : 2,
      (event) => this.#onMux(event),
      context.Policy.DecideListen("", 0) === null ? 0 : Limits.maxListeners,
      windows.Growth,
    );
    this.#mux = mux;
    this.#pump = new SessionPump(webSocket, mux, context, raw);
    const changed = (): void => this.#pump.Pump();
    this.#streams = new SessionStreams(mux, windows, context, log, changed);
    this.#listeners = new SessionListeners(mux, context, this.#streams, log, changed);
    webSocket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    webSocket.on("ping", (data) => this.#onPing(data));
    webSocket.on("pong", (data) => this.#onPong(data));
    webSocket.on("close", (code) => this.#onClose(code));
    webSocket.on("error", (error) => log.info({ err: error.message }, "websocket error"));
    this.#pump.Pump();
  }

  /** Deadlines; the server calls this every `sweepEveryMs`. */
  Sweep(nowMs: number): void {
    const { Limits } = this.#context;
    if (!this.#mux.IsReady() && nowMs - this.#startedAtMs > Limits.handshakeTimeoutMs) {
      this.#finish(CloseCode.PROTOCOL, "no INFO in time");
    }
    if (this.#going && this.#mux.StreamCount() === 0) this.Stop();
    if (this.#pump.StalledMs(nowMs) > Limits.stallTimeoutMs) this.#webSocket.terminate();
    // While we do not read, no pong can come; the system's keep-alive watches over that time.
    if (!this.#webSocket.isPaused && this.#isPingDue(nowMs)) this.#ping(nowMs);
  }

  /**
   * Asks the page to go: nothing new starts here, its ports are freed, and the WebSocket ends with
   * its last stream. @param deadlineMs after which the bridge will call `Stop`.
   */
  GoAway(deadlineMs: number): void {
    if (this.#over || this.#going) return;
    this.#going = true;
    this.#mux.GoAway(deadlineMs, this.#context.Limits.retryAfterMs);
    this.#listeners.Withdraw();
    this.#pump.Pump();
    if (this.#mux.StreamCount() === 0) this.Stop();
  }

  /** Ends in order: targets get what the page sent, then their end; the page is told to go. */
  Stop(): void {
    this.#finish(CloseCode.GOING_AWAY, "the bridge stops", SocketError.SUCCESS);
  }

  /** Ends the WebSocket without waiting for the page. */
  Terminate(): void {
    this.#webSocket.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#over) return;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.#finish(CloseCode.NO_TEXT, "packets are binary");
      return;
    }
    this.#context.Counters.BytesFromPages += data.length;
    this.#mux.Receive(data);
    this.#pump.Pump();
    this.#pump.HoldWhenFull();
    if (this.#webSocket.isPaused) this.#roundTrip.Forget();
  }

  /** The first one follows the handshake, for the round trip's sake. */
  #isPingDue(nowMs: number): boolean {
    if (!this.#pinged && this.#mux.IsReady()) return true;
    return nowMs - this.#pingedAtMs >= this.#context.Limits.pingEveryMs;
  }

  #ping(nowMs: number): void {
    this.#pinged = true;
    this.#pingedAtMs = nowMs;
    if (this.#missedPings >= this.#context.Limits.maxMissedPings) this.#webSocket.terminate();
    this.#missedPings++;
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    this.#webSocket.ping(this.#roundTrip.Ask(this.#context.Backend.Now()));
  }

  #onPong(data: Buffer): void {
    this.#missedPings = 0;
    const { Backend, Counters } = this.#context;
    const tookMs = this.#roundTrip.Answer(data, Backend.Now());
    if (tookMs !== null) Counters.RoundTrips.observe(tookMs / 1_000);
  }

  #onPing(data: Buffer): void {
    if (this.#pendingPongs >= this.#context.Limits.maxPendingPongs) return;
    this.#pendingPongs++;
    this.#webSocket.pong(data, false, () => this.#pendingPongs--);
  }

  #onClose(code: number): void {
    if (!this.#over) this.#endStreams(SocketError.CONNECTION_RESET);
    const roundTripMs = this.#roundTrip.LastMs();
    this.#log.info({ code, dropped: this.#mux.Dropped(), roundTripMs }, "session closed");
  }

  #onMux(event: MuxEvent): void {
    switch (event.Kind) {
      case "connect":
        if (this.#going) this.#mux.Abort(event.Stream, SocketError.UNAVAILABLE);
        else this.#streams.Connect(event);
        break;
      case "listen":
        if (this.#going) this.#mux.Unlisten(event.Listener, SocketError.UNAVAILABLE);
        else this.#listeners.Listen(event);
        break;
      case "unlistened":
        this.#listeners.Unlistened(event.Listener);
        this.#countEnd();
        break;
      case "resolve":
        this.#onResolve(event);
        break;
      case "received":
      case "sent":
      case "finished":
      case "option":
      case "draining":
      case "secure":
        this.#streams.On(event);
        break;
      case "closed":
        this.#streams.On(event);
        // Strangers who come to a page's port and go again must not end its session.
        if (!this.#mux.IsAccepted(event.Stream)) this.#countEnd();
        break;
      case "failed":
        this.#finish(CloseCode.PROTOCOL, event.Why);
        break;
      case "ready":
      case "opened":
      case "secured":
      case "listening":
      case "accepted":
      case "goaway":
      case "resolved":
      case "pong":
        break;
    }
  }

  #onResolve(event: Extract<MuxEvent, { Kind: "resolve" }>): void {
    const { Backend, Policy, Limits } = this.#context;
    const allowed = Policy.DecideLookup(event.Host);
    const answer = (code: SocketError, addresses: Parameters<BridgeMux["Resolved"]>[3]): void => {
      if (code !== SocketError.SUCCESS) this.#context.Counters.Refused(code);
      this.#mux.Resolved(event.Id, code, Limits.lookupTtlSeconds, addresses);
    };
    if (!this.#resolves.Take(Backend.Now())) answer(SocketError.LIMIT_REACHED, []);
    else if (allowed === null) answer(SocketError.POLICY_DENIED, []);
    else if (typeof allowed.Host !== "string") answer(SocketError.SUCCESS, [allowed.Host]);
    else {
      LookUp(Backend, allowed.Host, event.Family, Limits, ({ Code, Addresses }) => {
        const known = Addresses.filter((address) => allowed.Allows(address));
        const denied = Code === SocketError.SUCCESS && known.length === 0;
        answer(denied ? SocketError.POLICY_DENIED : Code, known);
        this.#pump.Pump();
      });
    }
  }

  /** Opening and closing in a loop, streams or listeners, is no use of a bridge. */
  #countEnd(): void {
    if (this.#over || this.#ends.Take(this.#context.Backend.Now())) return;
    this.#finish(CloseCode.POLICY, "too many streams opened and closed");
  }

  #endStreams(code: SocketError): void {
    this.#over = true;
    this.#mux.End(code);
  }

  #finish(code: number, why: string, ending: SocketError = SocketError.CONNECTION_RESET): void {
    if (this.#over) return;
    this.#endStreams(ending);
    this.#log.info({ code, why }, "session ended by the bridge");
    // The reason's limit is 123 bytes (RFC 6455 section 5.5); all of ours are shorter.
    this.#webSocket.close(code, why.slice(0, 120));
    this.#webSocket.resume();
  }
}
