/**
 * The ports that one WebSocket's page listens at: answers LISTEN as the policy allows, and makes
 * streams of the connections that come in.
 *
 * Limits: `maxListeners` (the mux counts), the rate of LISTEN, and `listenTries` ports of a range;
 * beyond them a listener is refused. Driven by the session's mux events.
 */
import type { Logger } from "pino";
import type { BackendListener } from "../core/NetBackend.ts";
import { SocketError, SocketErrorName } from "../core/SocketError.ts";
import type { BridgeMux } from "../mux/BridgeMux.ts";
import type { MuxEvent } from "../mux/MuxEvent.ts";
import type { MuxListener } from "../mux/MuxListener.ts";
import { BridgeListener } from "./BridgeListener.ts";
import type { SessionContext } from "./BridgeSession.ts";
import type { ListenPlace } from "./ListenRule.ts";
import { ListenSearch } from "./ListenSearch.ts";
import type { SessionStreams } from "./SessionStreams.ts";
import { TokenBucket } from "./TokenBucket.ts";

type ListenEvent = Extract<MuxEvent, { Kind: "listen" }>;

export class SessionListeners {
  readonly #mux: BridgeMux;
  readonly #context: SessionContext;
  readonly #streams: SessionStreams;
  readonly #log: Logger;
  readonly #changed: () => void;
  readonly #listeners = new Map<MuxListener, BridgeListener>();
  readonly #searches = new Map<MuxListener, ListenSearch>();
  readonly #listens: TokenBucket;

  /** @param changed the mux may have something to send. */
  constructor(
    mux: BridgeMux,
    context: SessionContext,
    streams: SessionStreams,
    log: Logger,
    changed: () => void,
  ) {
    const { Limits, Backend } = context;
    this.#mux = mux;
    this.#context = context;
    this.#streams = streams;
    this.#log = log;
    this.#changed = changed;
    this.#listens = new TokenBucket(Limits.connectsPerSecond, Limits.connectsBurst, Backend.Now());
  }

  /** A page wants to listen. */
  Listen(event: ListenEvent): void {
    const { Backend, Policy } = this.#context;
    const place = Policy.DecideListen(event.Host, event.Port);
    if (!this.#listens.Take(Backend.Now())) this.#refuse(event, SocketError.LIMIT_REACHED);
    else if (place === null) this.#refuse(event, SocketError.POLICY_DENIED);
    else this.#search(event, place);
  }

  /** The listener is over, whoever ended it. */
  Unlistened(listener: MuxListener): void {
    this.#searches.get(listener)?.Cancel();
    this.#searches.delete(listener);
    const ours = this.#listeners.get(listener);
    if (ours === undefined) return;
    this.#listeners.delete(listener);
    ours.Close();
    this.#context.Counters.Listeners--;
    this.#log.info({ port: ours.Bound.Port, dropped: ours.Dropped() }, "listener closed");
  }

  /** Frees all ports; the page is told that it was the bridge. */
  Withdraw(): void {
    for (const listener of [...this.#searches.keys(), ...this.#listeners.keys()]) {
      this.#mux.Unlisten(listener, SocketError.CONNECTION_CLOSED);
    }
  }

  #search(event: ListenEvent, place: ListenPlace): void {
    const { Backend, Limits } = this.#context;
    let over = false;
    const search = new ListenSearch(Backend, Limits, place, event.Backlog, (result) => {
      over = true;
      this.#searches.delete(event.Listener);
      if (typeof result === "number") this.#refuse(event, result);
      else this.#open(event, result);
      this.#changed();
    });
    if (!over) this.#searches.set(event.Listener, search);
  }

  #open(event: ListenEvent, listener: BackendListener): void {
    const bound = listener.Local();
    if (bound === null) {
      this.#refuse(event, listener.Failure());
      return;
    }
    const ours = new BridgeListener(listener, bound, {
      Accept: (socket) => {
        const accepted = this.#streams.Accept(event.Listener, socket);
        this.#changed();
        return accepted;
      },
      Ended: (code) => {
        this.#mux.Unlisten(event.Listener, code);
        this.#changed();
      },
    });
    this.#listeners.set(event.Listener, ours);
    this.#context.Counters.Listeners++;
    this.#log.info({ host: bound.Address.ToString(), port: bound.Port }, "listener opened");
    this.#mux.Listening(event.Listener, bound);
  }

  #refuse({ Listener, Host, Port }: ListenEvent, code: SocketError): void {
    const { Counters, Flood, Backend } = this.#context;
    Counters.Refused(code);
    const facts = { host: Host, port: Port, code: SocketErrorName(code) };
    Flood.Tell("listener refused", facts, Backend.Now(), this.#log);
    this.#mux.Unlisten(Listener, code);
  }
}
