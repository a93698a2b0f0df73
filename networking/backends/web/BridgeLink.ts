/**
 * The one WebSocket to the bridge: opened when somebody needs it, given up when it dies, opened
 * again with backoff when somebody needs it again. Owns the mux; knows no sockets.
 *
 *     IDLE --Use--> OPENING --handshake--> READY
 *      ^               | failed              | lost
 *      +---------------+---------------------+      each end is told once, by `Lost`
 */
import { Backoff } from "../../core/Backoff.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { MuxEvent } from "../../mux/MuxEvent.ts";
import { PageMux } from "../../mux/PageMux.ts";
import { WebLimits } from "./WebLimits.ts";

/** The browser's WebSocket, or one like it: `ws` has the same shape. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocket;

/** Gets a fresh ticket from the game's own server, for a bridge that asks for one. */
export type TicketSource = () => Promise<string>;

export interface LinkOwner {
  /** The handshake is done. */
  Ready(mux: PageMux): void;
  /** An attempt failed, or the open link died; every stream has had its "closed". */
  Lost(): void;
  OnMux(event: MuxEvent): void;
}

const subprotocols = ["mwx1", "wisp-v2"];

export class BridgeLink {
  readonly #owner: LinkOwner;
  readonly #construct: WebSocketConstructor;
  readonly #backoff = new Backoff(WebLimits.backoffMinMs, WebLimits.backoffMaxMs);
  #url: string;
  #tickets: TicketSource | null = null;
  /** The ticket that is on its way; null when none is. */
  #asked: object | null = null;
  #webSocket: WebSocket | null = null;
  #mux: PageMux | null = null;
  #ready = false;
  /** The server once took a subprotocol, so a failure is no reason to try without. */
  #knowsProtocols = false;
  #notBeforeMs = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #pingSentMs: number | null = null;
  #pingNumber = 0n;
  #roundTripMs: number | null = null;

  constructor(url: string, construct: WebSocketConstructor, owner: LinkOwner) {
    this.#url = url;
    this.#construct = construct;
    this.#owner = owner;
  }

  /** Where the next attempt goes; an open link to another place is ended. */
  SetUrl(url: string): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#knowsProtocols = false;
    this.Close();
    this.#notBeforeMs = 0;
    this.#backoff.Reset();
  }

  /** For the attempts from now on: each takes a ticket of its own. */
  SetTickets(source: TicketSource | null): void {
    this.#tickets = source;
  }

  /** The mux when streams can be opened, else null. */
  ReadyMux(): PageMux | null {
    return this.#ready ? this.#mux : null;
  }

  /** Milliseconds of the latest ping and pong; null before the first. */
  RoundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Somebody needs the link: opens it unless it is open, at once or when the backoff allows. */
  Use(): void {
    if (this.#isUsed()) return;
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs <= 0) {
      this.#begin();
      return;
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#begin();
    }, waitMs);
  }

  /** Ends the link; `Lost` follows at once if there was one. */
  Close(): void {
    const webSocket = this.#webSocket;
    if (!this.#isUsed()) return;
    this.#lost();
    webSocket?.close(1000);
  }

  /** Gives the WebSocket what the mux has; grants and credit bound how much that can be. */
  Pump(): void {
    const webSocket = this.#webSocket;
    if (webSocket === null || webSocket.readyState !== webSocket.OPEN) return;
    const mux = this.#mux;
    for (let message = mux?.NextMessage(); message; message = mux?.NextMessage()) {
      webSocket.send(message);
    }
  }

  #isUsed(): boolean {
    return this.#webSocket !== null || this.#retry !== undefined || this.#asked !== null;
  }

  #begin(): void {
    const asked = {};
    if (this.#tickets === null) {
      this.#open(subprotocols);
      return;
    }
    this.#asked = asked;
    this.#deadline = setTimeout(() => this.#lost(), WebLimits.openTimeoutMs);
    void this.#tickets()
      .catch(() => null)
      .then((ticket) => {
        if (this.#asked !== asked) return;
        this.#asked = null;
        clearTimeout(this.#deadline);
        if (ticket === null) this.#lost();
        else this.#open([...subprotocols, ticket]);
      });
  }

  #open(protocols: string[]): void {
    const webSocket = this.#newWebSocket(protocols);
    if (webSocket === null) {
      this.#lost();
      return;
    }
    this.#webSocket = webSocket;
    webSocket.binaryType = "arraybuffer";
    this.#deadline = setTimeout(() => {
      if (this.#webSocket !== webSocket) return;
      this.#lost();
      webSocket.close();
    }, WebLimits.openTimeoutMs);
    webSocket.addEventListener("open", () => this.#onOpen(webSocket));
    webSocket.addEventListener("message", (event) => this.#onMessage(webSocket, event.data));
    webSocket.addEventListener("close", () => this.#onClose(webSocket, protocols));
    // "close" follows and says all there is to say; without a listener `ws` would throw.
    webSocket.addEventListener("error", () => undefined);
  }

  /**
   * A URL that cannot be one makes the constructor throw, which is a failed attempt like others.
   */
  #newWebSocket(protocols: string[]): WebSocket | null {
    try {
      return protocols.length > 0
        ? new this.#construct(this.#url, protocols)
        : new this.#construct(this.#url);
    } catch {
      return null;
    }
  }

  #onOpen(webSocket: WebSocket): void {
    if (this.#webSocket !== webSocket) return;
    if (webSocket.protocol !== "") this.#knowsProtocols = true;
    this.#mux = new PageMux(webSocket.protocol === "" ? 1 : 2, (event) => this.#onMux(event));
  }

  #onMessage(webSocket: WebSocket, data: unknown): void {
    if (this.#webSocket !== webSocket || !(data instanceof ArrayBuffer)) return;
    this.#mux?.Receive(new Uint8Array(data));
    this.Pump();
  }

  #onClose(webSocket: WebSocket, protocols: string[]): void {
    if (this.#webSocket !== webSocket) return;
    // A server that knows no subprotocol makes a browser fail the connection: once more as v1.
    // With a ticket that is no use: it can travel as a subprotocol only.
    const mayBeOld = protocols === subprotocols && !this.#knowsProtocols;
    if (this.#mux === null && mayBeOld) {
      clearTimeout(this.#deadline);
      this.#open([]);
    } else {
      this.#lost();
    }
  }

  #onMux(event: MuxEvent): void {
    if (event.Kind === "ready") this.#onReady();
    else if (event.Kind === "pong") this.#onPong(event.Value);
    else if (event.Kind === "failed") this.Close();
    else this.#owner.OnMux(event);
  }

  #onReady(): void {
    const mux = this.#mux;
    if (mux === null) return;
    clearTimeout(this.#deadline);
    this.#ready = true;
    this.#backoff.Reset();
    this.#pinger = setInterval(() => {
      this.#ping();
      this.Pump();
    }, WebLimits.pingEveryMs);
    this.#ping(); // Goes out when the message that made us ready is done with.
    this.#owner.Ready(mux);
  }

  #ping(): void {
    const mux = this.#mux;
    if (mux === null || !mux.HasMwx()) return;
    if (this.#pingSentMs !== null) {
      if (performance.now() - this.#pingSentMs > WebLimits.pongTimeoutMs) this.Close();
      return;
    }
    this.#pingSentMs = performance.now();
    mux.Ping(++this.#pingNumber);
  }

  #onPong(value: bigint): void {
    if (this.#pingSentMs === null || value !== this.#pingNumber) return;
    this.#roundTripMs = performance.now() - this.#pingSentMs;
    this.#pingSentMs = null;
  }

  #lost(): void {
    const mux = this.#mux;
    clearTimeout(this.#deadline);
    clearTimeout(this.#retry);
    clearInterval(this.#pinger);
    this.#retry = undefined;
    this.#asked = null;
    this.#webSocket = null;
    this.#mux = null;
    this.#ready = false;
    this.#pingSentMs = null;
    this.#roundTripMs = null;
    this.#notBeforeMs = performance.now() + this.#backoff.Next();
    mux?.End(SocketError.CONNECTION_RESET);
    this.#owner.Lost();
  }
}
