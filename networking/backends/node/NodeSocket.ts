/**
 * The game thread's half of a socket: reads the shared words and rings, and lists the socket as
 * dirty when the network thread has something to do. Nothing here waits.
 */
import type { ByteRing } from "../../core/ByteRing.ts";
import { IpAddress } from "../../core/IpAddress.ts";
import type {
  BackendSocket,
  ConnectOptions,
  Endpoint,
  SocketOption,
} from "../../core/NetBackend.ts";
import { SocketPhase } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import { CloseReason } from "../../core/Status.ts";
import type { TlsFacts, TlsRequest } from "../../core/TlsRequest.ts";
import { ActivityWatch } from "./ActivityWatch.ts";
import type { EndpointText, Report } from "./Commands.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";
import type { SharedSocket } from "./SharedSocket.ts";
import { SocketRequest } from "./SharedSocket.ts";
import { TlsConfigIdOf } from "./TlsConfigId.ts";

export class NodeSocket implements BackendSocket, Owner {
  readonly Inbound: ByteRing;
  readonly Outbound: ByteRing;
  readonly #thread: ThreadLink;
  readonly #shared: SharedSocket;
  readonly #id: number;
  readonly #watch: ActivityWatch;
  #facts: TlsFacts | null = null;

  /** @param id of an accepted socket, which the thread holds already; else a new one. */
  constructor(thread: ThreadLink, shared: SharedSocket, id = thread.NewId()) {
    this.#thread = thread;
    this.#shared = shared;
    this.#watch = new ActivityWatch(shared);
    this.#id = id;
    this.Inbound = shared.Inbound;
    this.Outbound = shared.Outbound;
    if (shared.Phase() !== SocketPhase.IDLE) thread.Hold(id, this);
  }

  Phase(): SocketPhase {
    return this.#shared.Phase();
  }

  PeerFinished(): boolean {
    return this.#shared.PeerFinished();
  }

  Failure(): SocketError {
    return this.#shared.Failure();
  }

  Reason(): CloseReason {
    return this.#shared.Reason();
  }

  Local(): Endpoint | null {
    return this.#shared.Local();
  }

  Remote(): Endpoint | null {
    return this.#shared.Remote();
  }

  ConnectMs(): number {
    return this.#shared.ConnectMs();
  }

  PausedMs(): number {
    return this.#shared.PausedMs();
  }

  Connect(options: ConnectOptions): void {
    this.#shared.SetConnecting();
    this.#thread.Hold(this.#id, this);
    this.#thread.Send({
      Op: "connect",
      Id: this.#id,
      Memory: this.#shared.Memory,
      Host: options.Host.toString(),
      IsLiteral: options.Host instanceof IpAddress,
      Port: options.Port,
      TimeoutMs: options.TimeoutMs,
      Source: options.Source === null ? null : EndpointTextOf(options.Source),
    });
  }

  OutboundChanged(): void {
    const ring = this.Outbound;
    this.#markDirty(ring.Used() > ring.Capacity / 2);
  }

  InboundChanged(): void {
    if (this.#shared.IsPaused()) this.#markDirty(false);
  }

  SetReceiveLowWater(bytes: number): void {
    this.#shared.SetReceiveLowWater(bytes);
  }

  Finish(): void {
    this.#shared.Request(SocketRequest.FINISH);
    this.#markDirty(false);
  }

  Close(lingerMs: number): void {
    this.#letGo(SocketRequest.CLOSE, lingerMs);
  }

  Abort(): void {
    this.#letGo(SocketRequest.ABORT, 0);
  }

  SetOption(option: SocketOption, value: boolean): void {
    this.#thread.Send({ Op: "option", Id: this.#id, Option: option, Value: value });
  }

  Secure(request: TlsRequest): SocketError {
    const configId = TlsConfigIdOf(request.Config);
    this.#thread.Send({ Op: "secure", Id: this.#id, ConfigId: configId, Request: request });
    return SocketError.SUCCESS;
  }

  Secured(): TlsFacts | null {
    if (!this.#shared.IsSecured()) return null;
    if (this.#facts === null) this.#thread.Drain();
    return this.#facts;
  }

  OnActivity(handler: (() => void) | null): void {
    this.#watch.Set(handler);
  }

  OnThreadActivity(): void {
    this.#watch.Tell();
  }

  /** Everything about a socket stands in its shared words but what TLS came to. */
  OnThreadReport(report: Report): void {
    if (report.Op === "secured") this.#facts = report.Facts;
  }

  OnThreadDeath(): void {
    this.#shared.SetClosed(SocketError.UNAVAILABLE, CloseReason.ERROR);
  }

  #letGo(request: number, lingerMs: number): void {
    this.OnActivity(null);
    if (this.Phase() === SocketPhase.IDLE || this.Phase() === SocketPhase.CLOSED) return;
    this.#shared.Request(request, lingerMs);
    this.#thread.Disown(this.#id);
    this.#markDirty(false);
  }

  #markDirty(urgent: boolean): void {
    if (this.#shared.MarkDirty()) this.#thread.MarkDirty(this.#id, urgent);
    else if (urgent) this.#thread.Wake();
  }
}

/** A wildcard address is "any" on the wire between the threads. */
export function EndpointTextOf(endpoint: Endpoint): EndpointText {
  const { Address, Port } = endpoint;
  return { Address: Address.IsWildcard() ? "" : Address.ToString(), Port };
}
