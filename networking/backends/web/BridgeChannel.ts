/**
 * One WebSocket to the bridge, from its opening to its end: runs the mux on it, and asks it for
 * signs of life. BridgeLink makes it and decides what comes after it.
 *
 *     OPENING --handshake--> READY --> ENDED      `Ended` is told once, also instead of `Ready`
 */
import { SocketError } from "../../core/SocketError.ts";
import type { MuxEvent } from "../../mux/MuxEvent.ts";
import { PageMux } from "../../mux/PageMux.ts";
import { WebLimits } from "./WebLimits.ts";

export interface ChannelOwner {
  /** The handshake is done. */
  Ready(channel: BridgeChannel): void;
  OnMux(channel: BridgeChannel, mux: PageMux, event: MuxEvent): void;
  /** Over; every stream has had its "closed". */
  Ended(channel: BridgeChannel): void;
}

export class BridgeChannel {
  readonly #webSocket: WebSocket;
  readonly #owner: ChannelOwner;
  #mux: PageMux | null = null;
  #ready = false;
  #over = false;
  readonly #deadline: ReturnType<typeof setTimeout>;
  #infoDeadline: ReturnType<typeof setTimeout> | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #tickAtMs = 0;
  #pingSentMs: number | null = null;
  #pingNumber = 0n;
  /** The ping that waits got its time anew, which is done once. */
  #forgiven = false;
  #roundTripMs: number | null = null;

  /** @param webSocket that was just made. */
  constructor(webSocket: WebSocket, owner: ChannelOwner) {
    this.#webSocket = webSocket;
    this.#owner = owner;
    webSocket.binaryType = "arraybuffer";
    this.#deadline = setTimeout(() => this.Close(), WebLimits.openTimeoutMs);
    webSocket.addEventListener("open", () => this.#onOpen());
    webSocket.addEventListener("message", (event) => this.#onMessage(event.data));
    webSocket.addEventListener("close", () => this.#end());
    // "close" follows and says all there is to say; without a listener `ws` would throw.
    webSocket.addEventListener("error", () => undefined);
  }

  /** From the moment when the server took the WebSocket, whatever came then; null before. */
  Mux(): PageMux | null {
    return this.#mux;
  }

  /** The server took one of the subprotocols. */
  KnowsProtocols(): boolean {
    return this.#mux !== null && this.#webSocket.protocol !== "";
  }

  /** The mux when streams can be opened, else null. */
  ReadyMux(): PageMux | null {
    return this.#ready ? this.#mux : null;
  }

  /** Milliseconds of the latest ping and pong; null before the first. */
  RoundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Ends it now; `Ended` follows at once. */
  Close(): void {
    if (this.#over) return;
    this.#end();
    this.#webSocket.close(1000);
  }

  /** Gives the WebSocket what the mux has; grants and credit bound how much that can be. */
  Pump(): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    const mux = this.#mux;
    for (let message = mux?.NextMessage(); message; message = mux?.NextMessage()) {
      this.#webSocket.send(message);
    }
  }

  #onOpen(): void {
    if (this.#over) return;
    const version = this.#webSocket.protocol === "" ? 1 : 2;
    const now = (): number => performance.now();
    const mux = new PageMux(version, (event) => this.#onMux(mux, event), now);
    this.#mux = mux;
    this.#infoDeadline = setTimeout(() => mux.SettleForV1(), WebLimits.infoTimeoutMs);
  }

  #onMessage(data: unknown): void {
    if (this.#over) return;
    if (data instanceof ArrayBuffer) this.#mux?.Receive(new Uint8Array(data));
    // What `ws` gives when it may: it has no ArrayBuffer of the message alone without a copy.
    else if (data instanceof Uint8Array) this.#mux?.Receive(data);
    this.Pump();
  }

  #onMux(mux: PageMux, event: MuxEvent): void {
    if (event.Kind === "ready") this.#onReady();
    else if (event.Kind === "pong") this.#onPong(event.Value);
    else if (event.Kind === "failed") this.Close();
    else this.#owner.OnMux(this, mux, event);
  }

  #onReady(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#infoDeadline);
    this.#ready = true;
    this.#tickAtMs = performance.now();
    this.#pinger = setInterval(() => this.#tick(), WebLimits.pingEveryMs);
    this.#ping(); // Goes out when the message that made us ready is done with.
    this.#owner.Ready(this);
  }

  #tick(): void {
    const now = performance.now();
    // A page that was frozen finds its answers behind this; they get their time from now on.
    const wasFrozen = now - this.#tickAtMs > WebLimits.pongTimeoutMs;
    this.#tickAtMs = now;
    if (this.#pingSentMs === null) this.#ping();
    else if (wasFrozen && !this.#forgiven) this.#forgive(now);
    else if (now - this.#pingSentMs > WebLimits.pongTimeoutMs) this.Close();
    this.Pump();
  }

  /** Only once: in a tab long hidden a minute passes between all ticks, and it is not frozen. */
  #forgive(now: number): void {
    this.#forgiven = true;
    this.#pingSentMs = now;
  }

  #ping(): void {
    const mux = this.#mux;
    if (mux === null || !mux.HasMwx()) return;
    this.#pingSentMs = performance.now();
    this.#forgiven = false;
    mux.Ping(++this.#pingNumber);
  }

  #onPong(value: bigint): void {
    if (this.#pingSentMs === null || value !== this.#pingNumber) return;
    this.#roundTripMs = performance.now() - this.#pingSentMs;
    this.#pingSentMs = null;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ready = false;
    clearTimeout(this.#deadline);
    clearTimeout(this.#infoDeadline);
    clearInterval(this.#pinger);
    this.#mux?.End(SocketError.CONNECTION_RESET);
    this.#owner.Ended(this);
  }
}
