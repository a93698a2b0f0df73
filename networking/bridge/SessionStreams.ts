/**
 * The streams of one WebSocket: answers CONNECT, takes what came in, passes on what the mux says
 * about each, and lets go of the ended ones.
 *
 * Limits: `maxStreams`, the rate of CONNECT, and the WebSocket's windows; beyond them a stream is
 * refused with LIMIT_REACHED. Driven by the session's mux events.
 */
import type { Logger } from "pino";
import type { BackendSocket } from "../core/NetBackend.ts";
import { SocketOption } from "../core/NetBackend.ts";
import { SocketError, SocketErrorName } from "../core/SocketError.ts";
import type { BridgeMux } from "../mux/BridgeMux.ts";
import type { MuxEvent } from "../mux/MuxEvent.ts";
import type { MuxListener } from "../mux/MuxListener.ts";
import type { MuxStream } from "../mux/MuxStream.ts";
import { SockOpt, StreamType } from "../mux/Packet.ts";
import type { SessionContext } from "./BridgeSession.ts";
import { BridgeStream } from "./BridgeStream.ts";
import type { FloodLine } from "./FloodLog.ts";
import { TargetDial } from "./TargetDial.ts";
import { TokenBucket } from "./TokenBucket.ts";
import type { WindowBudget } from "./WindowBudget.ts";

type ConnectEvent = Extract<MuxEvent, { Kind: "connect" }>;

/** What the mux says about a stream that is here already. */
export type StreamEvent = Extract<
  MuxEvent,
  { Kind: "received" | "sent" | "finished" | "option" | "secure" | "draining" | "closed" }
>;

export class SessionStreams {
  readonly #mux: BridgeMux;
  readonly #context: SessionContext;
  readonly #log: Logger;
  readonly #changed: () => void;
  readonly #streams = new Map<MuxStream, BridgeStream>();
  readonly #windows: WindowBudget;
  readonly #connects: TokenBucket;

  /** @param changed the mux may have something to send. */
  constructor(
    mux: BridgeMux,
    windows: WindowBudget,
    context: SessionContext,
    log: Logger,
    changed: () => void,
  ) {
    const { Limits, Backend } = context;
    this.#mux = mux;
    this.#context = context;
    this.#log = log;
    this.#changed = changed;
    this.#windows = windows;
    this.#connects = new TokenBucket(Limits.connectsPerSecond, Limits.connectsBurst, Backend.Now());
  }

  /** A page wants to be connected to somewhere. */
  Connect(event: ConnectEvent): void {
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
      if (RingBytes === null) {
        this.#refuse(event, SocketError.LIMIT_REACHED);
        return;
      }
      const place = { Host, Port, RingBytes };
      const stream = new BridgeStream(this.#mux, Stream, place, this.#changed);
      this.#streams.set(Stream, stream);
      Counters.Streams++;
      stream.Dial = new TargetDial(Backend, Limits, allowed, RingBytes, (result) => {
        if (typeof result === "number") this.#refuse(event, result, allowed.Told(result));
        else stream.Open(result);
        this.#changed();
      });
    }
  }

  /**
   * A connection came in where the page listens.
   * @returns false when the page, the streams or the process's memory have no room for it.
   */
  Accept(listener: MuxListener, socket: BackendSocket): boolean {
    const [local, peer] = [socket.Local(), socket.Remote()];
    const { Limits, Counters } = this.#context;
    const free = this.#streams.size < Limits.maxStreams && this.#mux.CanAccept(listener);
    if (local === null || peer === null || !free) return false;
    const RingBytes = Limits.streamWindowBytes;
    if (!this.#windows.TakeRings(RingBytes)) return false;
    const { Inbound, Outbound } = socket;
    const muxStream = this.#mux.Accept(listener, Inbound, Outbound, local, peer);
    const place = { Host: peer.Address.ToString(), Port: peer.Port, RingBytes };
    const stream = new BridgeStream(this.#mux, muxStream, place, this.#changed);
    this.#streams.set(muxStream, stream);
    Counters.StreamsOpened++;
    Counters.Streams++;
    stream.Join(socket);
    return true;
  }

  /** Passes on what the mux says about one of them. */
  On(event: StreamEvent): void {
    const stream = this.#streams.get(event.Stream);
    switch (event.Kind) {
      case "received":
        stream?.Received();
        break;
      case "sent":
        stream?.Sent();
        break;
      case "finished":
        stream?.PeerFinished();
        break;
      case "option":
        stream?.SetOption(optionOf(event.Option), event.Value);
        break;
      case "secure":
        stream?.Secure(this.#context.Tls.RequestOf(event.Wanted));
        break;
      case "draining":
        this.#onDraining(event.Stream);
        break;
      case "closed":
        this.#onClosed(event.Stream, event.Code);
        break;
    }
  }

  /** @param told what the page hears, which may be less than the truth. */
  #refuse({ Stream, Host, Port }: ConnectEvent, code: SocketError, told = code): void {
    this.#context.Counters.Refused(code);
    this.#tell("stream refused", Host, Port, code);
    this.#mux.Abort(Stream, told);
  }

  /** Bytes that wait for their target may reach it after the page's CLOSE, for a while. */
  #onDraining(muxStream: MuxStream): void {
    const { Backend, Limits } = this.#context;
    const cancelDeadline = Backend.After(Limits.drainTimeoutMs, () => {
      this.#mux.Abort(muxStream, SocketError.TIMED_OUT);
      this.#changed();
    });
    this.#streams.get(muxStream)?.Drain(cancelDeadline);
  }

  #onClosed(muxStream: MuxStream, code: SocketError): void {
    const stream = this.#streams.get(muxStream);
    if (stream === undefined) return;
    this.#streams.delete(muxStream);
    this.#context.Counters.Streams--;
    this.#windows.Give(stream.RingBytes);
    stream.End(code, this.#context.Limits.drainTimeoutMs);
    const { Host, Port } = stream;
    if (this.#mux.IsAccepted(muxStream)) this.#tell("stream closed", Host, Port, code);
    else this.#log.info({ host: Host, port: Port, code: SocketErrorName(code) }, "stream closed");
  }

  /** One WebSocket's rates bound these lines too little, or not at all: those of all are many. */
  #tell(line: FloodLine, host: string, port: number, code: SocketError): void {
    const { Flood, Backend } = this.#context;
    Flood.Tell(line, { host, port, code: SocketErrorName(code) }, Backend.Now(), this.#log);
  }
}

function optionOf(option: number): SocketOption {
  return option === SockOpt.NO_DELAY ? SocketOption.NO_DELAY : SocketOption.KEEP_ALIVE;
}
