/**
 * The backend of a page: every socket is a stream of one WebSocket to the bridge, which connects
 * and listens for the page. The link opens at the first use; when it dies, every socket ends in an
 * error, listeners ask again, and the next use opens a new link.
 *
 * Limits: `WebLimits.maxWaiting` of each kind wait for the link. Works over any WebSocket
 * constructor, so the same code runs in Node.js under test.
 */
import type { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type {
  BackendCapabilities,
  BackendListener,
  BackendLookup,
  BackendSocket,
  Family,
  ListenOptions,
  NetBackend,
  SocketOptions,
} from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { PageMux } from "../../mux/PageMux.ts";
import { BridgedListener } from "./BridgedListener.ts";
import { BridgedLookup } from "./BridgedLookup.ts";
import { BridgedSocket } from "./BridgedSocket.ts";
import type { LinkState, TicketSource, WebSocketConstructor } from "./BridgeLink.ts";
import { BridgeLink } from "./BridgeLink.ts";
import { LinkTraffic } from "./LinkTraffic.ts";
import { WebLimits } from "./WebLimits.ts";

/** What changed in a run, and is to be told at its end. */
interface Dirty {
  Flush(): void;
}

const possible: BackendCapabilities = Object.freeze({
  Blocking: false,
  SynchronousListen: false,
  Listen: true,
  Bind: false,
  Udp: false,
  Tls: true,
  LocalAddresses: false,
});

export interface WebBackendOptions {
  /** `ws:` or `wss:` URL that ends in `/`; the page's own origin and `/bridge/` by default. */
  readonly Url?: string;
  /** The global WebSocket by default. */
  readonly WebSocket?: WebSocketConstructor;
}

export class WebBackend implements NetBackend {
  readonly Name = "web";
  readonly #link: BridgeLink;
  readonly #waitingSockets = new Set<BridgedSocket>();
  readonly #waitingLookups = new Set<BridgedLookup>();
  readonly #waitingListeners = new Set<BridgedListener>();
  readonly #traffic = new Map<PageMux, LinkTraffic>();
  readonly #dirty = new Set<Dirty>();
  #flushing = false;

  constructor(options: WebBackendOptions = {}) {
    const url = options.Url ?? defaultUrl();
    this.#link = new BridgeLink(url, options.WebSocket ?? globalThis.WebSocket, {
      Ready: (mux) => this.#onReady(mux),
      OnMux: (mux, event) => this.#traffic.get(mux)?.OnMux(event),
      Ended: (mux) => this.#onEnded(mux),
      Lost: () => this.#onLost(),
    });
  }

  /** What the bridge offers, once the link is there; until then it may be tried. */
  get Capabilities(): BackendCapabilities {
    const mux = this.#link.ReadyMux();
    if (mux === null) return possible;
    return { ...possible, Listen: mux.OffersListen(), Tls: mux.OffersTls() };
  }

  /** Where the bridge is. A link to another place ends, and its sockets with CONNECTION_RESET. */
  SetBridgeUrl(url: string): void {
    this.#link.SetUrl(url);
  }

  /**
   * How to get a ticket, for a bridge that asks for one: called before each attempt to link, since
   * a ticket is good for one. A rejection counts as a failed attempt. @param source null for none.
   */
  SetBridgeTickets(source: TicketSource | null): void {
    this.#link.SetTickets(source);
  }

  /** To the bridge and back, measured every other second while linked; null when unknown. */
  RoundTripMs(): number | null {
    return this.#link.RoundTripMs();
  }

  LinkState(): LinkState {
    return this.#link.State();
  }

  /** There is reason to hope (the network is back): who waits for the link waits no longer. */
  Hurry(): void {
    this.#link.Hurry();
  }

  /** Ends the link; every socket ends with CONNECTION_RESET. A later use opens a new one. */
  Disconnect(): void {
    this.#link.Close();
  }

  OpenSocket(options: SocketOptions): BackendSocket {
    return this.#newSocket(options);
  }

  Listen(options: ListenOptions): BackendListener {
    return new BridgedListener(
      {
        Enter: (listener) => this.#enterListener(listener),
        Leave: (listener) => this.#waitingListeners.delete(listener),
        NewSocket: (like) => this.#newSocket(like),
        MarkDirty: (listener) => this.#markDirty(listener),
      },
      options,
    );
  }

  Lookup(name: string, family: Family): BackendLookup {
    const lookup = new BridgedLookup(name, family);
    if (this.#waitingLookups.size >= WebLimits.maxWaiting) {
      lookup.End(SocketError.LIMIT_REACHED);
      return lookup;
    }
    const cancel = this.After(Limits.resolveTimeoutMs, () => {
      this.#waitingLookups.delete(lookup);
      lookup.End(SocketError.TIMED_OUT);
    });
    lookup.OnDone(cancel);
    this.#waitingLookups.add(lookup);
    this.#serve();
    return lookup;
  }

  LocalAddresses(): readonly IpAddress[] {
    return [];
  }

  Block(ready: () => boolean): boolean {
    return ready();
  }

  Now(): number {
    return performance.now();
  }

  After(delayMs: number, handler: () => void): () => void {
    const timer = setTimeout(handler, delayMs);
    return () => clearTimeout(timer);
  }

  #newSocket(options: SocketOptions): BridgedSocket {
    return new BridgedSocket(
      {
        Enter: (socket) => this.#enterSocket(socket),
        Leave: (socket) => this.#waitingSockets.delete(socket),
        MarkDirty: (socket) => this.#markDirty(socket),
      },
      options,
    );
  }

  #enterSocket(socket: BridgedSocket): void {
    if (this.#waitingSockets.size >= WebLimits.maxWaiting) {
      socket.End(SocketError.LIMIT_REACHED);
      return;
    }
    this.#waitingSockets.add(socket);
    this.#serve();
  }

  #enterListener(listener: BridgedListener): void {
    if (this.#waitingListeners.size >= WebLimits.maxWaiting) {
      listener.Ended(SocketError.LIMIT_REACHED);
      return;
    }
    this.#waitingListeners.add(listener);
    this.#serve();
  }

  /** Somebody waits for the link: serves them if it is ready, opens it if not. */
  #serve(): void {
    const mux = this.#link.ReadyMux();
    if (mux === null) this.#link.Use();
    else this.#serveBy(mux);
  }

  #onReady(mux: PageMux): void {
    this.#traffic.set(mux, new LinkTraffic(mux));
    this.#serveBy(mux);
  }

  #serveBy(mux: PageMux): void {
    const traffic = this.#traffic.get(mux);
    for (const socket of this.#waitingSockets) {
      this.#waitingSockets.delete(socket);
      traffic?.Connect(socket);
    }
    for (const lookup of this.#waitingLookups) {
      this.#waitingLookups.delete(lookup);
      traffic?.Resolve(lookup);
    }
    for (const listener of this.#waitingListeners) {
      this.#waitingListeners.delete(listener);
      traffic?.Listen(listener);
    }
    this.#scheduleFlush();
  }

  #onEnded(mux: PageMux): void {
    this.#traffic.get(mux)?.End();
    this.#traffic.delete(mux);
  }

  #onLost(): void {
    for (const socket of this.#waitingSockets) socket.End(SocketError.HOST_UNREACHABLE);
    for (const lookup of this.#waitingLookups) lookup.End(SocketError.HOST_UNREACHABLE);
    this.#waitingLookups.clear();
    for (const listener of this.#waitingListeners) listener.LinkFailed();
    // Those that stood before wait on.
    if (this.#waitingListeners.size > 0) this.#link.Use();
  }

  #markDirty(changed: Dirty): void {
    this.#dirty.add(changed);
    this.#scheduleFlush();
  }

  /** One flush per synchronous run, however many sockets changed in it. */
  #scheduleFlush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const changed = [...this.#dirty];
    this.#dirty.clear();
    for (const one of changed) one.Flush();
    this.#link.Pump();
  }
}

function defaultUrl(): string {
  const { protocol, host } = globalThis.location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/bridge/`;
}
