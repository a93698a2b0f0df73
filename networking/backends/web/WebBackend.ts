/**
 * The backend of a page: every socket is a stream of one WebSocket to the bridge, which connects
 * for the page. The link opens at the first use; when it dies, every socket ends in an error, and
 * the next use opens a new one.
 *
 * Works over any WebSocket constructor, so the same code runs in Node.js under test.
 */
import type { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type {
  BackendCapabilities,
  BackendListener,
  BackendLookup,
  BackendSocket,
  Family,
  NetBackend,
  SocketOptions,
} from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { MuxEvent } from "../../mux/MuxEvent.ts";
import type { MuxStream } from "../../mux/MuxStream.ts";
import type { PageMux } from "../../mux/PageMux.ts";
import { BridgedLookup } from "./BridgedLookup.ts";
import { BridgedSocket } from "./BridgedSocket.ts";
import type { TicketSource, WebSocketConstructor } from "./BridgeLink.ts";
import { BridgeLink } from "./BridgeLink.ts";
import { UnavailableListener } from "./UnavailableListener.ts";
import { WebLimits } from "./WebLimits.ts";

export interface WebBackendOptions {
  /** `ws:` or `wss:` URL that ends in `/`; the page's own origin and `/bridge/` by default. */
  readonly Url?: string;
  /** The global WebSocket by default. */
  readonly WebSocket?: WebSocketConstructor;
}

export class WebBackend implements NetBackend {
  readonly Name = "web";
  readonly Capabilities: BackendCapabilities = Object.freeze({
    Blocking: false,
    SynchronousListen: false,
    Listen: false,
    Bind: false,
    Udp: false,
    Tls: false,
    LocalAddresses: false,
  });
  readonly #link: BridgeLink;
  readonly #waitingSockets = new Set<BridgedSocket>();
  readonly #waitingLookups = new Set<BridgedLookup>();
  readonly #sockets = new Map<MuxStream, BridgedSocket>();
  readonly #streams = new Map<BridgedSocket, MuxStream>();
  readonly #lookups = new Map<number, BridgedLookup>();
  readonly #dirty = new Set<BridgedSocket>();
  #flushing = false;

  constructor(options: WebBackendOptions = {}) {
    const url = options.Url ?? defaultUrl();
    this.#link = new BridgeLink(url, options.WebSocket ?? globalThis.WebSocket, {
      Ready: (mux) => this.#onReady(mux),
      Lost: () => this.#onLost(),
      OnMux: (event) => this.#onMux(event),
    });
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

  /** Ends the link; every socket ends with CONNECTION_RESET. A later use opens a new one. */
  Disconnect(): void {
    this.#link.Close();
  }

  OpenSocket(options: SocketOptions): BackendSocket {
    return new BridgedSocket(
      {
        Enter: (socket) => this.#enter(socket),
        Leave: (socket) => this.#leave(socket),
        MarkDirty: (socket) => this.#markDirty(socket),
      },
      options,
    );
  }

  Listen(): BackendListener {
    return new UnavailableListener();
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

  #enter(socket: BridgedSocket): void {
    if (this.#waitingSockets.size >= WebLimits.maxWaiting) {
      socket.End(SocketError.LIMIT_REACHED);
      return;
    }
    this.#waitingSockets.add(socket);
    this.#serve();
  }

  #leave(socket: BridgedSocket): void {
    this.#waitingSockets.delete(socket);
    const stream = this.#streams.get(socket);
    this.#streams.delete(socket);
    if (stream !== undefined) this.#sockets.delete(stream);
  }

  /** Somebody waits for the link: serves them if it is ready, opens it if not. */
  #serve(): void {
    const mux = this.#link.ReadyMux();
    if (mux === null) this.#link.Use();
    else this.#onReady(mux);
  }

  #onReady(mux: PageMux): void {
    for (const socket of this.#waitingSockets) {
      this.#waitingSockets.delete(socket);
      if (!mux.CanConnect()) socket.End(SocketError.LIMIT_REACHED);
      else this.#connect(socket, mux);
    }
    for (const lookup of this.#waitingLookups) {
      this.#waitingLookups.delete(lookup);
      if (!mux.OffersResolve()) lookup.End(SocketError.UNAVAILABLE);
      else if (!mux.CanResolve()) lookup.End(SocketError.LIMIT_REACHED);
      else this.#lookups.set(mux.Resolve(lookup.Name, lookup.Family), lookup);
    }
    this.#scheduleFlush();
  }

  #connect(socket: BridgedSocket, mux: PageMux): void {
    const stream = socket.Open(mux);
    if (stream === null) return;
    this.#sockets.set(stream, socket);
    this.#streams.set(socket, stream);
    // Plain Wisp may say "opened" within `Open`, before the stream was known here.
    if (stream.Opened) socket.Opened(null, null);
  }

  #onLost(): void {
    for (const socket of this.#waitingSockets) socket.End(SocketError.HOST_UNREACHABLE);
    for (const socket of this.#streams.keys()) socket.End(SocketError.CONNECTION_RESET);
    for (const lookup of this.#waitingLookups) lookup.End(SocketError.HOST_UNREACHABLE);
    for (const lookup of this.#lookups.values()) lookup.End(SocketError.CONNECTION_RESET);
    this.#waitingLookups.clear();
    this.#lookups.clear();
  }

  #onMux(event: MuxEvent): void {
    switch (event.Kind) {
      case "opened":
        this.#sockets.get(event.Stream)?.Opened(event.Local, event.Remote);
        break;
      case "received":
      case "sent":
        this.#sockets.get(event.Stream)?.Moved();
        break;
      case "finished":
        this.#sockets.get(event.Stream)?.PeerFinish();
        break;
      case "closed":
        this.#sockets.get(event.Stream)?.End(event.Code);
        break;
      case "resolved":
        this.#lookups.get(event.Id)?.End(event.Code, event.Addresses);
        this.#lookups.delete(event.Id);
        break;
      case "ready":
      case "pong":
      case "failed":
      case "draining":
      case "connect":
      case "option":
      case "resolve":
        break;
    }
  }

  #markDirty(socket: BridgedSocket): void {
    this.#dirty.add(socket);
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
    const sockets = [...this.#dirty];
    this.#dirty.clear();
    for (const socket of sockets) socket.Flush();
    this.#link.Pump();
  }
}

function defaultUrl(): string {
  const { protocol, host } = globalThis.location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/bridge/`;
}
