/**
 * One WebSocket: feeds its messages to a mux, gives it the mux's messages as fast as it takes
 * them, and joins the mux's streams to targets. The WebSocket's send callback, never a timer,
 * says when to go on, so what waits for a slow page is at most `sendHighBytes` and the rings.
 */
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import type { NetBackend } from "../core/NetBackend.ts";
import { SocketOption } from "../core/NetBackend.ts";
import { SocketError, SocketErrorName } from "../core/SocketError.ts";
import { BridgeMux } from "../mux/BridgeMux.ts";
import type { MuxEvent } from "../mux/MuxEvent.ts";
import type { MuxStream } from "../mux/MuxStream.ts";
import { SockOpt, StreamType } from "../mux/Packet.ts";
import type { BridgeCounters } from "./BridgeCounters.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import { BridgeStream } from "./BridgeStream.ts";
import { LookUp } from "./LookUp.ts";
import type { MemoryBudget } from "./MemoryBudget.ts";
import type { SessionPolicy } from "./Policy.ts";
import { TargetDial } from "./TargetDial.ts";
import { TokenBucket } from "./TokenBucket.ts";
import { WindowBudget } from "./WindowBudget.ts";

/** What all sessions of a server share. */
export interface SessionContext {
  readonly Backend: NetBackend;
  readonly Policy: SessionPolicy;
  readonly Limits: BridgeLimits;
  readonly Memory: MemoryBudget;
  readonly Counters: BridgeCounters;
}

/** RFC 6455 section 7.4.1. */
const CloseCode = Object.freeze({ GOING_AWAY: 1001, PROTOCOL: 1002, NO_TEXT: 1003, POLICY: 1008 });

export class BridgeSession {
  readonly #webSocket: WebSocket;
  readonly #context: SessionContext;
  readonly #log: Logger;
  readonly #mux: BridgeMux;
  readonly #streams = new Map<MuxStream, BridgeStream>();
  readonly #windows: WindowBudget;
  readonly #connects: TokenBucket;
  readonly #resolves: TokenBucket;
  readonly #ends: TokenBucket;
  readonly #startedAtMs: number;
  #over = false;
  #pumping = false;
  #pumpAgain = false;
  #stalled = false;
  #progressAtMs: number;
  #pingedAtMs: number;
  #missedPings = 0;
  #pendingPongs = 0;

  /** @param webSocket open; a subprotocol on it means version 2. */
  constructor(webSocket: WebSocket, context: SessionContext, log: Logger) {
    const now = context.Backend.Now();
    const { Limits } = context;
    this.#webSocket = webSocket;
    this.#context = context;
    this.#log = log;
    this.#startedAtMs = this.#progressAtMs = this.#pingedAtMs = now;
    this.#windows = new WindowBudget(Limits, context.Memory);
    this.#connects = new TokenBucket(Limits.connectsPerSecond, Limits.connectsBurst, now);
    this.#resolves = new TokenBucket(Limits.resolvesPerSecond, Limits.resolvesBurst, now);
    this.#ends = new TokenBucket(Limits.endsPerSecond, Limits.endsBurst, now);
    this.#mux = new BridgeMux(webSocket.protocol === "" ? 1 : 2, (event) => this.#onMux(event));
    webSocket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    webSocket.on("ping", (data) => this.#onPing(data));
    webSocket.on("pong", () => (this.#missedPings = 0));
    webSocket.on("close", (code) => this.#onClose(code));
    webSocket.on("error", (error) => log.info({ err: error.message }, "websocket error"));
    this.#pump();
  }

  /** Deadlines; the server calls this every `sweepEveryMs`. */
  Sweep(nowMs: number): void {
    const { Limits } = this.#context;
    if (!this.#mux.IsReady() && nowMs - this.#startedAtMs > Limits.handshakeTimeoutMs) {
      this.#finish(CloseCode.PROTOCOL, "no INFO in time");
    }
    if (this.#webSocket.bufferedAmount === 0) this.#progressAtMs = nowMs;
    if (nowMs - this.#progressAtMs > Limits.stallTimeoutMs) this.#webSocket.terminate();
    // While we do not read, no pong can come; the system's keep-alive watches over that time.
    if (this.#webSocket.isPaused || nowMs - this.#pingedAtMs < Limits.pingEveryMs) return;
    this.#pingedAtMs = nowMs;
    if (this.#missedPings >= Limits.maxMissedPings) this.#webSocket.terminate();
    this.#missedPings++;
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
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
    this.#pump();
    if (this.#mux.WaitingCost() >= this.#context.Limits.plainWaitingBytes) this.#webSocket.pause();
  }

  #onPing(data: Buffer): void {
    if (this.#pendingPongs >= this.#context.Limits.maxPendingPongs) return;
    this.#pendingPongs++;
    this.#webSocket.pong(data, false, () => this.#pendingPongs--);
  }

  #onClose(code: number): void {
    if (!this.#over) this.#endStreams(SocketError.CONNECTION_RESET);
    this.#log.info({ code, dropped: this.#mux.Dropped() }, "session closed");
  }

  /** Gives the WebSocket what the mux has, up to the high mark. */
  #pump(): void {
    this.#pumpAgain = true;
    if (this.#pumping || this.#stalled) return;
    this.#pumping = true;
    while (this.#pumpAgain) {
      this.#pumpAgain = false;
      this.#sendAll();
    }
    this.#pumping = false;
  }

  #sendAll(): void {
    const { sendHighBytes, plainWaitingBytes } = this.#context.Limits;
    while (!this.#over && this.#webSocket.readyState === this.#webSocket.OPEN) {
      if (this.#webSocket.bufferedAmount >= sendHighBytes) {
        this.#stalled = true;
        return;
      }
      const message = this.#mux.NextMessage();
      if (message === null) break;
      this.#context.Counters.BytesToPages += message.length;
      this.#webSocket.send(message, this.#onSent);
    }
    if (this.#webSocket.isPaused && this.#mux.WaitingCost() <= plainWaitingBytes / 2) {
      this.#webSocket.resume();
    }
  }

  readonly #onSent = (): void => {
    this.#progressAtMs = this.#context.Backend.Now();
    const { sendLowBytes } = this.#context.Limits;
    if (!this.#stalled || this.#webSocket.bufferedAmount > sendLowBytes) return;
    this.#stalled = false;
    this.#pump();
  };

  #onMux(event: MuxEvent): void {
    switch (event.Kind) {
      case "connect":
        this.#onConnect(event);
        break;
      case "resolve":
        this.#onResolve(event);
        break;
      case "received":
        this.#streams.get(event.Stream)?.Received();
        break;
      case "sent":
        this.#streams.get(event.Stream)?.Sent();
        break;
      case "finished":
        this.#streams.get(event.Stream)?.PeerFinished();
        break;
      case "option":
        this.#streams.get(event.Stream)?.SetOption(optionOf(event.Option), event.Value);
        break;
      case "draining":
        this.#onDraining(event.Stream);
        break;
      case "closed":
        this.#onClosed(event.Stream, event.Code);
        break;
      case "failed":
        this.#finish(CloseCode.PROTOCOL, event.Why);
        break;
      case "ready":
      case "opened":
      case "resolved":
      case "pong":
        break;
    }
  }

  #onConnect(event: Extract<MuxEvent, { Kind: "connect" }>): void {
    const { Stream, StreamType: type, Host, Port } = event;
    const { Backend, Policy, Limits, Counters } = this.#context;
    const allowed = Policy.Decide(Host, Port);
    Counters.StreamsOpened++;
    const free = this.#streams.size < Limits.maxStreams;
    if (!this.#connects.Take(Backend.Now()) || !free) {
      this.#refuse(event, SocketError.LIMIT_REACHED);
    } else if (type !== StreamType.TCP) {
      this.#refuse(event, SocketError.UNAVAILABLE);
    } else if (allowed === null) {
      this.#refuse(event, SocketError.POLICY_DENIED);
    } else {
      const RingBytes = this.#windows.Take();
      if (RingBytes === 0) {
        this.#refuse(event, SocketError.LIMIT_REACHED);
        return;
      }
      const place = { Host, Port, RingBytes };
      const stream = new BridgeStream(this.#mux, Stream, place, () => this.#pump());
      this.#streams.set(Stream, stream);
      Counters.Streams++;
      stream.Dial = new TargetDial(Backend, Limits, allowed, RingBytes, (result) => {
        if (typeof result === "number") this.#refuse(event, result, allowed.Told(result));
        else stream.Open(result);
        this.#pump();
      });
    }
  }

  #refuse(event: Extract<MuxEvent, { Kind: "connect" }>, code: SocketError, told = code): void {
    const { Host, Port } = event;
    this.#context.Counters.Refused(code);
    this.#log.info({ host: Host, port: Port, code: SocketErrorName(code) }, "stream refused");
    this.#mux.Abort(event.Stream, told);
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
      LookUp(Backend, allowed.Host, event.Family, Limits.lookupTimeoutMs, ({ Code, Addresses }) => {
        const known = Addresses.filter((address) => allowed.Allows(address));
        const denied = Code === SocketError.SUCCESS && known.length === 0;
        answer(denied ? SocketError.POLICY_DENIED : Code, known);
        this.#pump();
      });
    }
  }

  /** A plain client's bytes may reach their target after its CLOSE, for a while. */
  #onDraining(muxStream: MuxStream): void {
    const { Backend, Limits } = this.#context;
    const cancelDeadline = Backend.After(Limits.drainTimeoutMs, () => {
      this.#mux.Abort(muxStream, SocketError.TIMED_OUT);
      this.#pump();
    });
    this.#streams.get(muxStream)?.Drain(cancelDeadline);
  }

  #onClosed(muxStream: MuxStream, code: SocketError): void {
    const stream = this.#streams.get(muxStream);
    if (stream !== undefined) {
      this.#streams.delete(muxStream);
      this.#context.Counters.Streams--;
      this.#windows.Give(stream.RingBytes);
      stream.End(code, this.#context.Limits.drainTimeoutMs);
      const { Host, Port } = stream;
      this.#log.info({ host: Host, port: Port, code: SocketErrorName(code) }, "stream closed");
    }
    if (!this.#over && !this.#ends.Take(this.#context.Backend.Now())) {
      this.#finish(CloseCode.POLICY, "too many streams opened and closed");
    }
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

function optionOf(option: number): SocketOption {
  return option === SockOpt.NO_DELAY ? SocketOption.NO_DELAY : SocketOption.KEEP_ALIVE;
}
