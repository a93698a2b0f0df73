/**
 * The network thread's half of a listener: accepts at once, and announces each connection to the
 * game thread. Connections that nobody takes are bounded by the backlog; past it the newest is
 * reset and counted, so a flood costs neither memory nor descriptors.
 */
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { ListenerPhase } from "../../../core/NetBackend.ts";
import { SocketError } from "../../../core/SocketError.ts";
import type { SharedListener } from "../SharedListener.ts";
import { SocketErrorOf } from "./Errno.ts";

export interface ThreadListenerOptions {
  /** "" listens on all addresses of both families. */
  readonly Address: string;
  readonly Port: number;
  readonly Backlog: number;
  readonly Shared: SharedListener;
  /** @returns false when the process can hold no more sockets. */
  readonly OnAccepted: (accepted: Socket) => boolean;
  /** Phase or counters changed. */
  readonly OnChanged: () => void;
}

export class ThreadListener {
  readonly #options: ThreadListenerOptions;
  #server: Server | null = null;
  #triedDualStack: boolean;

  constructor(options: ThreadListenerOptions) {
    this.#options = options;
    this.#triedDualStack = options.Address !== "";
    // Node itself asks the system a tick after `listen`, whatever `close` came between.
    process.nextTick(() => this.#listen(this.#triedDualStack ? options.Address : "::"));
  }

  Shared(): SharedListener {
    return this.#options.Shared;
  }

  /** The port is free when this returns. Connections live on. @param failure why, if it is one */
  Close(failure: SocketError = SocketError.SUCCESS): void {
    this.#server?.close();
    this.#options.Shared.SetClosed(failure);
    this.#options.OnChanged();
  }

  #isClosed(): boolean {
    return this.#options.Shared.Phase() === ListenerPhase.CLOSED;
  }

  #listen(host: string): void {
    if (this.#isClosed()) return;
    const { Port, Backlog, Address } = this.#options;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    server.on("connection", (accepted) => this.#onConnection(accepted));
    server.on("error", (error) => this.#onError(error));
    server.on("listening", () => this.#onListening());
    server.listen({ host, port: Port, backlog: Backlog, ipv6Only: Address === "::" });
    this.#server = server;
  }

  #onConnection(accepted: Socket): void {
    const { Shared, Backlog, OnAccepted } = this.#options;
    if (Shared.Untaken() < Backlog && OnAccepted(accepted)) return;
    accepted.resetAndDestroy();
    this.#drop();
  }

  #drop(): void {
    this.#options.Shared.CountDropped();
    this.#options.OnChanged();
  }

  #onListening(): void {
    if (this.#isClosed()) return void this.#server?.close();
    const bound = this.#server?.address() ?? null;
    const port = bound !== null && typeof bound === "object" ? bound.port : 0;
    this.#options.Shared.SetListening(port);
    this.#options.OnChanged();
  }

  #onError(error: Error): void {
    // The system could not give one connection (no descriptors left); the listener itself stands.
    if (this.#options.Shared.Phase() === ListenerPhase.LISTENING) return this.#drop();
    const failure = SocketErrorOf(error, SocketError.BIND_FAILED);
    if (failure === SocketError.ADDRESS_NOT_AVAILABLE && !this.#triedDualStack) {
      this.#triedDualStack = true; // a machine without IPv6
      return this.#listen("0.0.0.0");
    }
    this.Close(failure);
  }
}
