/**
 * A page's connection: two plain rings and the recorded facts. Its far end is the bridge's
 * socket, by way of one stream of the link's mux.
 *
 * The rings are read and written here by core and by the mux in turns, on one thread; what
 * changed is told to the mux once per synchronous run.
 */
import { ByteRing } from "../../core/ByteRing.ts";
import type {
  BackendSocket,
  ConnectOptions,
  Endpoint,
  SocketOption,
  SocketOptions,
} from "../../core/NetBackend.ts";
import { SocketPhase } from "../../core/NetBackend.ts";
import { PauseClock } from "../../core/PauseClock.ts";
import { SocketError } from "../../core/SocketError.ts";
import { CloseReason } from "../../core/Status.ts";
import type { TlsFacts, TlsRequest } from "../../core/TlsRequest.ts";
import type { MuxStream } from "../../mux/MuxStream.ts";
import type { PageMux } from "../../mux/PageMux.ts";

/** What a socket needs of the backend. */
export interface SocketHost {
  /** Opens a stream for the socket, now or when the link is ready. */
  Enter(socket: BridgedSocket): void;
  /** The socket needs nothing any more. */
  Leave(socket: BridgedSocket): void;
  /** `Flush` is to be called at the end of this synchronous run. */
  MarkDirty(socket: BridgedSocket): void;
}

export class BridgedSocket implements BackendSocket {
  readonly Inbound: ByteRing;
  readonly Outbound: ByteRing;
  readonly #host: SocketHost;
  /** What the mux was not told yet: once per run, as a toggled option would flood the link. */
  readonly #options = new Map<SocketOption, boolean>();
  readonly #pause = new PauseClock(() => performance.now());
  #connectAtMs = 0;
  #connectMs = 0;
  #phase: SocketPhase = SocketPhase.IDLE;
  #failure: SocketError = SocketError.SUCCESS;
  #reason: CloseReason = CloseReason.NONE;
  #peerFinished = false;
  #local: Endpoint | null = null;
  #remote: Endpoint | null = null;
  #target: ConnectOptions | null = null;
  #mux: PageMux | null = null;
  #stream: MuxStream | null = null;
  #ending: "none" | "finish" | "close" = "none";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #facts: TlsFacts | null = null;
  #changed = false;
  #onActivity: (() => void) | null = null;

  constructor(host: SocketHost, options: SocketOptions) {
    this.#host = host;
    this.Inbound = ByteRing.Create(options.InboundBufferBytes);
    this.Outbound = ByteRing.Create(options.OutboundBufferBytes);
  }

  Phase(): SocketPhase {
    return this.#phase;
  }

  PeerFinished(): boolean {
    return this.#peerFinished;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Reason(): CloseReason {
    return this.#reason;
  }

  Local(): Endpoint | null {
    return this.#local;
  }

  Remote(): Endpoint | null {
    return this.#remote;
  }

  ConnectMs(): number {
    return this.#connectMs;
  }

  /** While the ring is full: what the window still allows waits in the mux, then no more comes. */
  PausedMs(): number {
    return this.#pause.TotalMs();
  }

  Connect(options: ConnectOptions): void {
    this.#connectAtMs = performance.now();
    this.#phase = SocketPhase.CONNECTING;
    this.#target = options;
    if (options.Source !== null) {
      this.End(SocketError.UNAVAILABLE);
      return;
    }
    this.#timer = setTimeout(() => this.#giveUp(SocketError.TIMED_OUT), options.TimeoutMs);
    this.#host.Enter(this);
  }

  OutboundChanged(): void {
    if (this.#stream !== null) this.#host.MarkDirty(this);
  }

  InboundChanged(): void {
    this.#pause.Stop();
    if (this.#stream !== null) this.#host.MarkDirty(this);
  }

  Finish(): void {
    if (this.#ending === "none") this.#ending = "finish";
    this.#host.MarkDirty(this);
  }

  Close(lingerMs: number): void {
    this.#onActivity = null;
    if (this.#phase !== SocketPhase.OPEN) {
      this.Abort();
      return;
    }
    this.#ending = "close";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(SocketError.TIMED_OUT), lingerMs);
    this.#host.MarkDirty(this);
  }

  Abort(): void {
    this.#onActivity = null;
    this.#giveUp(SocketError.SUCCESS, CloseReason.LOCAL);
  }

  SetOption(option: SocketOption, value: boolean): void {
    this.#options.set(option, value);
    if (this.#stream !== null) this.#host.MarkDirty(this);
  }

  /**
   * The bridge speaks TLS to the target and verifies it: what the page has of its own, keys or
   * authorities, has no use there. UNAVAILABLE too for a server's end, for a connection that came
   * in, and where the bridge has no TLS.
   */
  Secure({ Config, CommonName }: TlsRequest): SocketError {
    const [mux, stream] = [this.#mux, this.#stream];
    const own = Config.IsServer || Config.Certificate !== "" || Config.Authorities !== null;
    if (own || this.#target === null || mux === null || stream === null || !mux.OffersTls())
      return SocketError.UNAVAILABLE;
    if (this.Inbound.Used() > 0 || stream.HasWaiting()) {
      this.#giveUp(SocketError.TLS_FAILED); // the target spoke first, in plain text
      return SocketError.SUCCESS;
    }
    const { VerifyName, MinVersion, MaxVersion, AlpnProtocols } = Config;
    const VerifyChain = Config.Trust === "required";
    const TimeoutMs = Config.HandshakeTimeoutMs;
    this.#timer = setTimeout(() => this.#giveUp(SocketError.TIMED_OUT), TimeoutMs);
    const how = { VerifyChain, VerifyName, MinVersion, MaxVersion, AlpnProtocols };
    mux.Secure(stream, { ...how, TimeoutMs, Name: CommonName });
    this.#host.MarkDirty(this);
    return SocketError.SUCCESS;
  }

  Secured(): TlsFacts | null {
    return this.#facts;
  }

  OnActivity(handler: (() => void) | null): void {
    this.#onActivity = handler;
    // What was recorded before anybody listened would go unheard otherwise.
    if (handler !== null) this.#record();
  }

  /** The link is ready: opens the stream. */
  Open(mux: PageMux): MuxStream | null {
    if (this.#target === null) return null;
    const { Host, Port } = this.#target;
    this.#mux = mux;
    this.#stream = mux.Connect(Host.toString(), Port, this.Outbound, this.Inbound);
    this.#host.MarkDirty(this);
    return this.#stream;
  }

  /** The connection came in at a listener of the page's, and is open. */
  Accepted(mux: PageMux, stream: MuxStream, local: Endpoint, remote: Endpoint): void {
    this.#mux = mux;
    this.#stream = stream;
    this.#local = local;
    this.#remote = remote;
    this.#phase = SocketPhase.OPEN;
    mux.Accept(stream, this.Outbound, this.Inbound);
    this.#host.MarkDirty(this);
  }

  /** The bridge is connected to the target. */
  Opened(local: Endpoint | null, remote: Endpoint | null): void {
    if (this.#phase !== SocketPhase.CONNECTING) return;
    clearTimeout(this.#timer);
    this.#local = local;
    this.#remote = remote;
    this.#connectMs = performance.now() - this.#connectAtMs;
    this.#phase = SocketPhase.OPEN;
    this.#record();
  }

  /** The bridge and the target have finished their handshake. */
  HandshakeDone(facts: TlsFacts): void {
    // Once it is closing, the timer is the one that ends the closing.
    if (this.#ending !== "close") clearTimeout(this.#timer);
    this.#facts = facts;
    this.#record();
  }

  /** Bytes came in, or left. */
  Moved(): void {
    if (this.Inbound.Free() === 0) this.#pause.Start();
    this.#record();
  }

  /** All of the peer's bytes are in the ring. */
  PeerFinish(): void {
    this.#peerFinished = true;
    this.#record();
  }

  /** The stream is over, or never came to be. The first end counts. */
  End(code: SocketError, reason = reasonOf(code)): void {
    if (this.#phase === SocketPhase.CLOSED) return;
    clearTimeout(this.#timer);
    this.#stream = null;
    this.#mux = null;
    this.#failure = code;
    this.#reason = reason;
    if (code === SocketError.SUCCESS) this.#peerFinished = true;
    this.#phase = SocketPhase.CLOSED;
    this.#pause.Stop();
    this.#host.Leave(this);
    this.#record();
  }

  /** End of a synchronous run: tells the mux what changed, and the listener what was recorded. */
  Flush(): void {
    const [mux, stream] = [this.#mux, this.#stream];
    if (mux !== null && stream !== null) {
      for (const [option, value] of this.#options) mux.SetOption(stream, option, value);
      this.#options.clear();
      mux.SinkChanged(stream);
      mux.SourceChanged(stream);
      if (this.#ending === "finish") mux.Finish(stream);
      if (this.#ending === "close") mux.Close(stream, SocketError.SUCCESS);
    }
    if (!this.#changed) return;
    this.#changed = false;
    this.#onActivity?.();
  }

  #record(): void {
    if (this.#onActivity === null) return;
    this.#changed = true;
    this.#host.MarkDirty(this);
  }

  /** Resets the far end, if there is one, and is over. */
  #giveUp(code: SocketError, reason = reasonOf(code)): void {
    const [mux, stream] = [this.#mux, this.#stream];
    this.#host.MarkDirty(this);
    this.End(code, reason);
    if (stream !== null) mux?.Reset(stream);
  }
}

function reasonOf(code: SocketError): CloseReason {
  if (code === SocketError.SUCCESS) return CloseReason.PEER;
  if (code === SocketError.CONNECTION_RESET) return CloseReason.RESET;
  return code === SocketError.TIMED_OUT ? CloseReason.TIMEOUT : CloseReason.ERROR;
}
