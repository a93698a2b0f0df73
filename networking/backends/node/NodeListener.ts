/**
 * The game thread's half of a listener. Announced connections wait here until they are taken; their
 * number is bounded by the backlog, which the network thread enforces.
 */
import type {
  BackendListener,
  BackendSocket,
  Endpoint,
  ListenOptions,
} from "../../core/NetBackend.ts";
import { ListenerPhase } from "../../core/NetBackend.ts";
import { Limits } from "../../core/Limits.ts";
import { SocketError } from "../../core/SocketError.ts";
import { ActivityWatch } from "./ActivityWatch.ts";
import type { Report } from "./Commands.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";
import { EndpointTextOf, NodeSocket } from "./NodeSocket.ts";
import { SharedListener } from "./SharedListener.ts";
import { SharedSocket } from "./SharedSocket.ts";

export class NodeListener implements BackendListener, Owner {
  readonly #thread: ThreadLink;
  readonly #options: ListenOptions;
  readonly #shared = new SharedListener();
  readonly #id: number;
  #untaken: NodeSocket[] = [];
  readonly #watch = new ActivityWatch(this.#shared);

  /** Answers when the system has, if the thread can wait: then LISTENING or CLOSED afterwards. */
  constructor(thread: ThreadLink, options: ListenOptions) {
    this.#thread = thread;
    this.#options = options;
    this.#id = thread.NewId();
    thread.Hold(this.#id, this);
    thread.Send({
      Op: "listen",
      Id: this.#id,
      Memory: this.#shared.Memory,
      ...EndpointTextOf(options),
      Backlog: options.Backlog,
      InboundBufferBytes: options.InboundBufferBytes,
      OutboundBufferBytes: options.OutboundBufferBytes,
    });
    const answered = (): boolean => this.#shared.Phase() !== ListenerPhase.OPENING;
    if (!thread.Block(answered, Limits.commandTimeoutMs) && thread.CanBlock) {
      this.#shared.SetClosed(SocketError.UNAVAILABLE);
    }
    if (this.#shared.Phase() === ListenerPhase.CLOSED) this.#unlisten();
  }

  Phase(): ListenerPhase {
    return this.#shared.Phase();
  }

  Failure(): SocketError {
    return this.#shared.Failure();
  }

  Local(): Endpoint | null {
    if (this.Phase() !== ListenerPhase.LISTENING) return null;
    return { Address: this.#options.Address, Port: this.#shared.Port() };
  }

  Pending(): number {
    this.#thread.Drain();
    return this.#untaken.length;
  }

  Take(): BackendSocket | null {
    this.#thread.Drain();
    const socket = this.#untaken.shift();
    if (socket === undefined) return null;
    this.#shared.CountTaken();
    return socket;
  }

  Dropped(): number {
    return this.#shared.Dropped();
  }

  Close(): void {
    this.#watch.Set(null);
    if (this.Phase() === ListenerPhase.CLOSED) return;
    this.#unlisten();
    this.#thread.Block(() => this.Phase() === ListenerPhase.CLOSED, Limits.commandTimeoutMs);
    for (const socket of this.#untaken) socket.Abort();
    this.#untaken = [];
  }

  OnActivity(handler: (() => void) | null): void {
    this.#watch.Set(handler);
  }

  OnThreadActivity(): void {
    this.#watch.Tell();
  }

  OnThreadReport(report: Report): void {
    if (report.Op !== "accepted") return;
    const socket = new NodeSocket(this.#thread, new SharedSocket(report.Memory), report.Id);
    if (this.Phase() === ListenerPhase.LISTENING) this.#untaken.push(socket);
    else socket.Abort();
  }

  OnThreadDeath(): void {
    this.#shared.SetClosed(SocketError.UNAVAILABLE);
    this.#untaken = [];
  }

  #unlisten(): void {
    this.#thread.Send({ Op: "unlisten", Id: this.#id });
  }
}
