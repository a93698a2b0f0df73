/**
 * A port where the bridge listens for the page. Connections wait here, open already, until they
 * are taken; the bridge announces no more than `Backlog` of them, and resets what comes beyond.
 *
 *     OPENING --granted--> LISTENING --refused, closed--> CLOSED
 *        ^                     | the link was lost, or the bridge goes
 *        +---------------------+            asks again, for the port that it had, on the next link
 *
 * A listener that was never granted ends with the first link that fails (HOST_UNREACHABLE). Its
 * connections end with their link, as all streams do.
 */
import type { BackendListener, Endpoint, ListenOptions } from "../../core/NetBackend.ts";
import { ListenerPhase, SocketPhase } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { MuxListener } from "../../mux/MuxListener.ts";
import type { PageMux } from "../../mux/PageMux.ts";
import type { BridgedSocket } from "./BridgedSocket.ts";
import { WebLimits } from "./WebLimits.ts";

/** What a listener needs of the backend. */
export interface ListenerHost {
  /** Asks the bridge, now or when the link is ready. */
  Enter(listener: BridgedListener): void;
  /** It needs nothing any more. */
  Leave(listener: BridgedListener): void;
  NewSocket(options: ListenOptions): BridgedSocket;
  /** `Flush` is to be called at the end of this synchronous run. */
  MarkDirty(listener: BridgedListener): void;
}

/** A connection that waits, and the listener of the link that it came by. */
interface Untaken {
  readonly Socket: BridgedSocket;
  readonly Listener: MuxListener | null;
}

export class BridgedListener implements BackendListener {
  readonly #host: ListenerHost;
  readonly #options: ListenOptions;
  #phase: ListenerPhase = ListenerPhase.OPENING;
  #failure: SocketError = SocketError.SUCCESS;
  /** Where it listens, or did last. */
  #bound: Endpoint | null = null;
  #mux: PageMux | null = null;
  #listener: MuxListener | null = null;
  #untaken: Untaken[] = [];
  #taken = 0;
  #lostAtMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #changed = false;
  #onActivity: (() => void) | null = null;

  /** Asks at once. */
  constructor(host: ListenerHost, options: ListenOptions) {
    this.#host = host;
    this.#options = options;
    host.Enter(this);
  }

  Phase(): ListenerPhase {
    return this.#phase;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Local(): Endpoint | null {
    return this.#phase === ListenerPhase.LISTENING ? this.#bound : null;
  }

  Pending(): number {
    return this.#untaken.length;
  }

  Take(): BridgedSocket | null {
    const first = this.#untaken.shift();
    if (first === undefined) return null;
    if (first.Listener === this.#listener) this.#taken++;
    this.#host.MarkDirty(this);
    return first.Socket;
  }

  /** The bridge resets what the page has no room for, and does not say how often. */
  Dropped(): number {
    return 0;
  }

  Close(): void {
    this.#onActivity = null;
    if (this.#phase === ListenerPhase.CLOSED) return;
    const [mux, listener] = [this.#mux, this.#listener];
    this.#end(SocketError.SUCCESS);
    if (listener !== null) mux?.Unlisten(listener);
    for (const { Socket } of this.#untaken.splice(0)) Socket.Abort();
    this.#host.MarkDirty(this);
  }

  OnActivity(handler: (() => void) | null): void {
    this.#onActivity = handler;
    // What was recorded before anybody listened would go unheard otherwise.
    if (handler !== null) this.#record();
  }

  /** The link is ready: asks for the port. */
  Open(mux: PageMux): MuxListener {
    const { Address, Port, Backlog } = this.#options;
    this.#mux = mux;
    this.#listener = mux.Listen(Address.ToString(), this.#bound?.Port ?? Port, Backlog);
    this.#host.MarkDirty(this);
    return this.#listener;
  }

  /** The bridge listens. */
  Granted(bound: Endpoint): void {
    if (this.#phase !== ListenerPhase.OPENING) return;
    this.#bound = bound;
    this.#phase = ListenerPhase.LISTENING;
    this.#record();
  }

  /** A connection came in. @returns its socket, which waits to be taken. */
  NewSocket(): BridgedSocket {
    const Socket = this.#host.NewSocket(this.#options);
    this.#untaken.push({ Socket, Listener: this.#listener });
    this.#record();
    return Socket;
  }

  /** The bridge refused, withdrew, or is gone. */
  Ended(code: SocketError): void {
    if (this.#phase === ListenerPhase.CLOSED) return;
    const wasListening = this.#phase === ListenerPhase.LISTENING;
    this.#mux = null;
    this.#listener = null;
    if (wasListening) {
      this.#lostAtMs = performance.now();
      this.#phase = ListenerPhase.OPENING;
    }
    if (this.#isTransient(code)) this.#askAgain(code);
    else this.#end(code);
    this.#record();
  }

  /** The link could not be opened while this waited for it; one that stood before waits on. */
  LinkFailed(): void {
    if (this.#bound !== null) return;
    this.#end(SocketError.HOST_UNREACHABLE);
    this.#record();
  }

  /** End of a synchronous run: tells the mux what was taken, and the handler what was recorded. */
  Flush(): void {
    for (; this.#taken > 0; this.#taken--) {
      if (this.#listener !== null) this.#mux?.Taken(this.#listener);
    }
    if (!this.#changed) return;
    this.#changed = false;
    this.#onActivity?.();
  }

  /** After a listener that stood: the link's end, or a port that the bridge has not freed yet. */
  #isTransient(code: SocketError): boolean {
    if (this.#bound === null) return false;
    if (code === SocketError.CONNECTION_RESET || code === SocketError.CONNECTION_CLOSED)
      return true;
    const lostMs = performance.now() - this.#lostAtMs;
    return code === SocketError.ADDRESS_IN_USE && lostMs < WebLimits.relistenForMs;
  }

  #askAgain(code: SocketError): void {
    // Those that waited ended with the link; while the bridge goes, its link stands.
    this.#untaken = this.#untaken.filter(({ Socket }) => Socket.Phase() === SocketPhase.OPEN);
    this.#taken = 0;
    const waitMs = code === SocketError.ADDRESS_IN_USE ? WebLimits.relistenEveryMs : 0;
    this.#retry = setTimeout(() => this.#host.Enter(this), waitMs);
  }

  #end(code: SocketError): void {
    clearTimeout(this.#retry);
    this.#phase = ListenerPhase.CLOSED;
    this.#failure = code;
    this.#mux = null;
    this.#listener = null;
    this.#host.Leave(this);
  }

  #record(): void {
    if (this.#onActivity === null) return;
    this.#changed = true;
    this.#host.MarkDirty(this);
  }
}
