/**
 * One end of a connection in the in-process network: two rings and the recorded facts, as core sees
 * them, and the system's side of a socket, which the pipes call.
 *
 * It ends once: in order when both sides have finished (the last bytes may still be on the wire),
 * else by a reset, a failure, or a linger time that ran out.
 */
import { ByteRing } from "../../core/ByteRing.ts";
import { IpAddress } from "../../core/IpAddress.ts";
import type {
  BackendSocket,
  ConnectOptions,
  Endpoint,
  SocketOptions,
} from "../../core/NetBackend.ts";
import { SocketPhase } from "../../core/NetBackend.ts";
import { PauseClock } from "../../core/PauseClock.ts";
import { SocketError, SocketErrorName } from "../../core/SocketError.ts";
import { CloseReason, CloseReasonName } from "../../core/Status.ts";
import type { MemoryConnection } from "./MemoryConnection.ts";
import { MemoryConnector } from "./MemoryConnector.ts";
import type { MemoryHost } from "./MemoryHost.ts";
import type { MemoryPipe } from "./MemoryPipe.ts";
import { Notice } from "./Notice.ts";

/** What a socket has once it is connected. */
interface Attached {
  readonly connection: MemoryConnection;
  readonly out: MemoryPipe;
  readonly into: MemoryPipe;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

export class MemorySocket implements BackendSocket {
  readonly Inbound: ByteRing;
  readonly Outbound: ByteRing;
  readonly Host: MemoryHost;
  /** Its name in the trace. */
  readonly Label: string;
  readonly #notice: Notice;
  readonly #pause: PauseClock;
  #connectAtMs = 0;
  #connectMs = 0;
  #phase: SocketPhase = SocketPhase.IDLE;
  #failure: SocketError = SocketError.SUCCESS;
  #reason: CloseReason = CloseReason.NONE;
  #attached: Attached | null = null;
  #connector: MemoryConnector | null = null;
  #peerFinished = false;
  /** FIN is to follow what is in the ring, and then has. */
  #finish: "no" | "wanted" | "sent" = "no";
  /** Core let go: what arrives is dropped until the peer has finished, too. */
  #leaving = false;
  #cancelLinger: (() => void) | null = null;

  constructor(host: MemoryHost, options: SocketOptions) {
    this.Host = host;
    this.Label = host.NewLabel();
    this.Inbound = ByteRing.Create(options.InboundBufferBytes);
    this.Outbound = ByteRing.Create(options.OutboundBufferBytes);
    this.#notice = new Notice(host.Network.Clock);
    this.#pause = new PauseClock(() => host.Network.Now());
  }

  Phase(): SocketPhase {
    return this.#phase;
  }

  PeerFinished(): boolean {
    return this.#peerFinished;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Reason(): CloseReason {
    return this.#reason;
  }

  Local(): Endpoint | null {
    return this.#attached === null ? null : copyOf(this.#attached.local);
  }

  Remote(): Endpoint | null {
    return this.#attached === null ? null : copyOf(this.#attached.remote);
  }

  ConnectMs(): number {
    return this.#connectMs;
  }

  PausedMs(): number {
    return this.#pause.TotalMs();
  }

  Connect(options: ConnectOptions): void {
    this.#connectAtMs = this.Host.Network.Now();
    this.#phase = SocketPhase.CONNECTING;
    this.#note(`connect ${options.Host} ${options.Port}`);
    if (!this.Host.Admit(this)) return this.Fail(SocketError.LIMIT_REACHED, CloseReason.ERROR);
    this.#connector = new MemoryConnector(this, options);
  }

  OutboundChanged(): void {
    this.#attached?.out.WakeSource();
  }

  InboundChanged(): void {
    this.#pause.Stop();
    this.#attached?.into.WakeSink();
  }

  Finish(): void {
    if (this.#finish === "no") this.#finish = "wanted";
    this.OutboundChanged();
  }

  Close(lingerMs: number): void {
    this.#notice.Watch(null);
    if (this.#phase === SocketPhase.CONNECTING) return this.Abort();
    if (this.#phase !== SocketPhase.OPEN || this.#leaving) return;
    this.#note(`close ${lingerMs}`);
    this.#leaving = true;
    this.#cancelLinger = this.Host.Network.Clock.Schedule(lingerMs, () => this.Abort());
    this.Finish();
    this.InboundChanged();
  }

  Abort(): void {
    this.#notice.Watch(null);
    if (this.#phase === SocketPhase.IDLE || this.HasEnded()) return;
    this.#attached?.out.Reset();
    this.Fail(SocketError.SUCCESS, CloseReason.LOCAL);
  }

  SetOption(): void {
    // Packets leave at once here, and idle peers are not probed.
  }

  OnActivity(handler: (() => void) | null): void {
    this.#notice.Watch(handler);
  }

  /** The connection stands. */
  Attach(
    connection: MemoryConnection,
    out: MemoryPipe,
    into: MemoryPipe,
    local: Endpoint,
    remote: Endpoint,
  ): void {
    this.#attached = { connection, out, into, local, remote };
    if (this.#phase === SocketPhase.CONNECTING) {
      this.#connectMs = this.Host.Network.Now() - this.#connectAtMs;
    }
    this.#phase = SocketPhase.OPEN;
    this.#note(`open ${local.Address}:${local.Port} ${remote.Address}:${remote.Port}`);
    this.OutboundChanged();
    this.#notice.Give();
  }

  HasEnded(): boolean {
    return this.#phase === SocketPhase.CLOSED;
  }

  /** FIN is to follow the bytes. */
  IsFinishing(): boolean {
    return this.#finish !== "no";
  }

  /** The system took bytes from the ring. */
  OnSent(): void {
    this.#notice.Give();
  }

  /** The system took all bytes and the end. */
  OnFinishSent(): void {
    this.#note("finish");
    this.#finish = "sent";
    this.#endInOrder();
  }

  /** Bytes of the peer. @returns how many were taken */
  Receive(bytes: Uint8Array, from: number, to: number): number {
    if (this.#leaving || this.HasEnded()) return to - from;
    const taken = this.Inbound.Write(bytes, from, to);
    if (taken > 0) this.#notice.Give();
    if (taken < to - from) this.#pause.Start();
    return taken;
  }

  OnPeerFinished(): void {
    if (this.HasEnded()) return;
    this.#note("peer finished");
    this.#peerFinished = true;
    this.#notice.Give();
    this.#endInOrder();
  }

  OnReset(): void {
    this.Fail(SocketError.CONNECTION_RESET, CloseReason.RESET);
  }

  /** The one exit; later calls do nothing. */
  Fail(failure: SocketError, reason: CloseReason): void {
    if (this.HasEnded()) return;
    this.#phase = SocketPhase.CLOSED;
    this.#pause.Stop();
    this.#failure = failure;
    this.#reason = reason;
    this.#note(`end ${SocketErrorName(failure)} ${CloseReasonName(reason)}`);
    this.#cancelLinger?.();
    this.#connector?.End();
    this.#attached?.out.SourceEnded();
    this.#attached?.into.WakeSink();
    this.#attached?.connection.OnEnded();
    this.Host.Sockets.delete(this);
    this.#notice.Give();
  }

  #endInOrder(): void {
    if (this.#finish !== "sent" || !this.#peerFinished) return;
    this.Fail(SocketError.SUCCESS, this.#leaving ? CloseReason.LOCAL : CloseReason.PEER);
  }

  #note(what: string): void {
    this.Host.Network.Note(this.Label, what);
  }
}

/** An address can be changed, and these are the connection's. */
function copyOf({ Address, Port }: Endpoint): Endpoint {
  return { Address: IpAddress.FromBytes(Address.ToBytes()), Port };
}
