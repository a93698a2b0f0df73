/**
 * The page's way to the bridge: a channel that is opened when somebody needs it, given up when it
 * dies, and opened again with backoff when somebody needs it again. Knows no sockets.
 *
 *     IDLE --Use--> WAITING --backoff--> OPENING --handshake--> READY
 *      ^                                   | failed               | lost: `Lost`
 *      +-----------------------------------+----------------------+
 *                                                                 | GOAWAY: the channel goes on
 *                                          IDLE, READY later <----+ beside the next one
 */
import { Backoff } from "../../core/Backoff.ts";
import { NetLog } from "../../core/NetLog.ts";
import type { MuxEvent } from "../../mux/MuxEvent.ts";
import type { PageMux } from "../../mux/PageMux.ts";
import { BridgeChannel } from "./BridgeChannel.ts";
import { WebLimits } from "./WebLimits.ts";

/** The browser's WebSocket, or one like it: `ws` has the same shape. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocket;

/** Gets a fresh ticket from the game's own server, for a bridge that asks for one. */
export type TicketSource = () => Promise<string>;

export const LinkState = Object.freeze({
  /** Nobody needs it, or nobody has asked since it was lost. */
  IDLE: 0,
  /** Somebody needs it; the next attempt comes when the backoff is over. */
  WAITING: 1,
  OPENING: 2,
  READY: 3,
} as const);
export type LinkState = (typeof LinkState)[keyof typeof LinkState];

export interface LinkOwner {
  /** The handshake is done. */
  Ready(mux: PageMux): void;
  OnMux(mux: PageMux, event: MuxEvent): void;
  /** Nothing comes from this mux any more; every stream has had its "closed". */
  Ended(mux: PageMux): void;
  /** An attempt failed, or the ready link died. */
  Lost(): void;
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
  #askedDeadline: ReturnType<typeof setTimeout> | undefined;
  #channel: BridgeChannel | null = null;
  #isPlainTry = false;
  /** Channels whose bridge goes, oldest first; their streams go on. */
  readonly #leaving = new Set<BridgeChannel>();
  /** The server once took a subprotocol, so a failure is no reason to try without. */
  #knowsProtocols = false;
  #notBeforeMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #wasReady = false;
  #complained = false;

  constructor(url: string, construct: WebSocketConstructor, owner: LinkOwner) {
    this.#url = url;
    this.#construct = construct;
    this.#owner = owner;
  }

  /** Where the next attempt goes; an open link to another place is ended. */
  SetUrl(url: string): void {
    if (url === this.#url) return;
    this.Close();
    this.#url = url;
    this.#knowsProtocols = false;
    this.Hurry();
  }

  /** For the attempts from now on: each takes a ticket of its own. */
  SetTickets(source: TicketSource | null): void {
    this.#tickets = source;
  }

  State(): LinkState {
    if (this.#channel?.ReadyMux()) return LinkState.READY;
    if (this.#channel !== null || this.#asked !== null) return LinkState.OPENING;
    return this.#retry === undefined ? LinkState.IDLE : LinkState.WAITING;
  }

  /** The mux when streams can be opened, else null. */
  ReadyMux(): PageMux | null {
    return this.#channel?.ReadyMux() ?? null;
  }

  /** Milliseconds of the latest ping and pong; null before the first. */
  RoundTripMs(): number | null {
    return this.#channel?.RoundTripMs() ?? null;
  }

  /** Somebody needs the link: opens it unless it is open, at once or when the backoff allows. */
  Use(): void {
    if (this.State() !== LinkState.IDLE) return;
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

  /** There is reason to hope (the network is back): no waiting before the next attempt. */
  Hurry(): void {
    this.#notBeforeMs = 0;
    this.#backoff.Reset();
    if (this.#retry === undefined) return;
    this.#cancelRetry();
    this.#begin();
  }

  /** Ends everything; `Lost` follows at once if there was something. */
  Close(): void {
    for (const channel of this.#leaving) channel.Close();
    if (this.State() === LinkState.IDLE) return;
    if (this.#channel === null) this.#lost();
    else {
      this.#isPlainTry = true; // No second try after an end that we chose.
      this.#channel.Close();
    }
  }

  /** Gives the WebSockets what their muxes have. */
  Pump(): void {
    this.#channel?.Pump();
    for (const channel of this.#leaving) {
      channel.Pump();
      if (channel.ReadyMux()?.IsIdle()) channel.Close();
    }
  }

  #begin(): void {
    if (this.#tickets === null) {
      this.#open(subprotocols);
      return;
    }
    const asked = {};
    this.#asked = asked;
    this.#askedDeadline = setTimeout(() => this.#lost(), WebLimits.openTimeoutMs);
    void Promise.resolve()
      .then(this.#tickets) // whose own mistakes are a failed attempt, too
      .catch(() => null)
      .then((ticket) => {
        if (this.#asked !== asked) return;
        this.#forgetTicket();
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
    // With a ticket there is no second try without: it can travel as a subprotocol only.
    this.#isPlainTry = protocols !== subprotocols;
    this.#channel = new BridgeChannel(webSocket, {
      Ready: (channel) => this.#onReady(channel),
      OnMux: (channel, mux, event) => this.#onMux(channel, mux, event),
      Ended: (channel) => this.#onEnded(channel),
    });
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

  #onReady(channel: BridgeChannel): void {
    const mux = channel.ReadyMux();
    if (mux === null) return;
    this.#backoff.Reset();
    this.#wasReady = true;
    this.#complained = false;
    this.#owner.Ready(mux);
  }

  #onMux(channel: BridgeChannel, mux: PageMux, event: MuxEvent): void {
    if (event.Kind === "goaway") this.#leave(channel, event.RetryAfterMs);
    else this.#owner.OnMux(mux, event);
  }

  /** The bridge goes: what is open there goes on, what is new waits for the next link. */
  #leave(channel: BridgeChannel, retryAfterMs: number): void {
    if (this.#channel !== channel) return;
    this.#channel = null;
    const [oldest] = this.#leaving;
    if (this.#leaving.size >= WebLimits.maxLeaving) oldest?.Close();
    this.#leaving.add(channel);
    const waitMs = Math.min(retryAfterMs, WebLimits.backoffMaxMs);
    this.#notBeforeMs = performance.now() + waitMs + this.#backoff.Next();
  }

  #onEnded(channel: BridgeChannel): void {
    const mux = channel.Mux();
    if (mux !== null) this.#owner.Ended(mux);
    if (this.#leaving.delete(channel)) return;
    this.#channel = null;
    this.#knowsProtocols ||= channel.KnowsProtocols();
    // A server that knows no subprotocol makes a browser fail the connection: once more as v1.
    if (mux === null && !this.#isPlainTry && !this.#knowsProtocols) this.#open([]);
    else this.#lost();
  }

  #lost(): void {
    this.#cancelRetry();
    this.#forgetTicket();
    this.#notBeforeMs = performance.now() + this.#backoff.Next();
    this.#complain();
    this.#owner.Lost();
  }

  /** Once per series of attempts that failed: a page never learns why a WebSocket did not open. */
  #complain(): void {
    const wasReady = this.#wasReady;
    this.#wasReady = false;
    if (wasReady || this.#complained) return;
    this.#complained = true;
    NetLog.Warn(
      `The bridge at ${this.#url} does not take this page: is it running, does it allow the ` +
        "page's origin, and does it ask for a ticket?",
    );
  }

  #cancelRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #forgetTicket(): void {
    clearTimeout(this.#askedDeadline);
    this.#asked = null;
  }
}
