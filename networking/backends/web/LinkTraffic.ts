/**
 * Who uses one open link: joins the mux's streams, lookups and listeners to the page's, and passes
 * on what the mux says about each. WebBackend makes one per link.
 *
 * Limits: as the mux; one more of anything ends with LIMIT_REACHED.
 */
import { SocketError } from "../../core/SocketError.ts";
import type { MuxEvent } from "../../mux/MuxEvent.ts";
import type { MuxListener } from "../../mux/MuxListener.ts";
import type { MuxStream } from "../../mux/MuxStream.ts";
import type { PageMux } from "../../mux/PageMux.ts";
import type { BridgedListener } from "./BridgedListener.ts";
import type { BridgedLookup } from "./BridgedLookup.ts";
import type { BridgedSocket } from "./BridgedSocket.ts";

export class LinkTraffic {
  readonly #mux: PageMux;
  readonly #sockets = new Map<MuxStream, BridgedSocket>();
  readonly #lookups = new Map<number, BridgedLookup>();
  readonly #listeners = new Map<MuxListener, BridgedListener>();

  /** @param mux past its handshake. */
  constructor(mux: PageMux) {
    this.#mux = mux;
  }

  Connect(socket: BridgedSocket): void {
    if (!this.#mux.CanConnect()) {
      socket.End(SocketError.LIMIT_REACHED);
      return;
    }
    const stream = socket.Open(this.#mux);
    if (stream === null) return;
    this.#sockets.set(stream, socket);
    // Plain Wisp may say "opened" within `Open`, before the stream was known here.
    if (stream.Opened) socket.Opened(null, null);
  }

  Resolve(lookup: BridgedLookup): void {
    if (!this.#mux.OffersResolve()) lookup.End(SocketError.UNAVAILABLE);
    else if (!this.#mux.CanResolve()) lookup.End(SocketError.LIMIT_REACHED);
    else this.#lookups.set(this.#mux.Resolve(lookup.Name, lookup.Family), lookup);
  }

  Listen(listener: BridgedListener): void {
    if (!this.#mux.OffersListen()) listener.Ended(SocketError.UNAVAILABLE);
    else if (!this.#mux.CanListen()) listener.Ended(SocketError.LIMIT_REACHED);
    else this.#listeners.set(listener.Open(this.#mux), listener);
  }

  OnMux(event: MuxEvent): void {
    switch (event.Kind) {
      case "opened":
        this.#sockets.get(event.Stream)?.Opened(event.Local, event.Remote);
        break;
      case "received":
      case "sent":
        this.#sockets.get(event.Stream)?.Moved();
        break;
      case "secured":
        this.#sockets.get(event.Stream)?.HandshakeDone(event.Facts);
        break;
      case "finished":
        this.#sockets.get(event.Stream)?.PeerFinish();
        break;
      case "closed":
        this.#sockets.get(event.Stream)?.End(event.Code);
        this.#sockets.delete(event.Stream);
        break;
      case "resolved":
        this.#lookups.get(event.Id)?.End(event.Code, event.Addresses);
        this.#lookups.delete(event.Id);
        break;
      case "listening":
        this.#listeners.get(event.Listener)?.Granted(event.Bound);
        break;
      case "accepted":
        this.#accept(event);
        break;
      case "unlistened":
        this.#listeners.get(event.Listener)?.Ended(event.Code);
        this.#listeners.delete(event.Listener);
        break;
      case "ready":
      case "pong":
      case "failed":
      case "goaway":
      case "draining":
      case "connect":
      case "option":
      case "secure":
      case "resolve":
      case "listen":
        break;
    }
  }

  /** The link is gone. Streams and listeners have had their ends from the mux. */
  End(): void {
    for (const lookup of this.#lookups.values()) lookup.End(SocketError.CONNECTION_RESET);
    this.#lookups.clear();
  }

  #accept({ Listener, Stream, Local, Remote }: Extract<MuxEvent, { Kind: "accepted" }>): void {
    const socket = this.#listeners.get(Listener)?.NewSocket();
    if (socket === undefined) {
      this.#mux.Reset(Stream);
      return;
    }
    this.#sockets.set(Stream, socket);
    socket.Accepted(this.#mux, Stream, Local, Remote);
  }
}
