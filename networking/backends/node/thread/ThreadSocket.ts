/**
 * The network thread's half of a socket: moves bytes between the system and the two rings, and
 * records what happens. Driven by Node's socket events and by `Serve`, when the game thread listed
 * the socket as dirty.
 *
 * Inbound: see Inlet. A game thread that waits for so many bytes is not woken for less.
 * Outbound: the ring's front is handed to the system without a copy and leaves the ring when the
 * system has taken it.
 * TLS: what was put before goes out, then the handshake has the socket; afterwards a TLS socket
 * takes its place, and the rings carry clear bytes.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SocketOption, SocketPhase } from "../../../core/NetBackend.ts";
import { SocketError } from "../../../core/SocketError.ts";
import { CloseReason } from "../../../core/Status.ts";
import type { TlsFacts, TlsRequest } from "../../../core/TlsRequest.ts";
import type { SharedSocket } from "../SharedSocket.ts";
import { SocketRequest } from "../SharedSocket.ts";
import { EndpointOf } from "../Endpoints.ts";
import { CloseReasonOf, SocketErrorOf } from "./Errno.ts";
import { Inlet } from "./Inlet.ts";
import type { Outbox } from "./Outbox.ts";
import type { ReadSink } from "./ReadBuffer.ts";
import { AdoptSecured, ConfirmEnd, readBytes, recordBytes } from "./ReadBuffer.ts";
import type { TlsContext } from "./TlsContexts.ts";
import { TlsErrorOf } from "./TlsErrno.ts";
import { TlsHandshake } from "./TlsHandshake.ts";
import { WasReset } from "./WasReset.ts";

/** One write hands over this much or a quarter of the ring, so a large ring refills meanwhile. */
const writeBytes = 65_536;

export class ThreadSocket implements ReadSink {
  readonly Id: number;
  readonly #shared: SharedSocket;
  readonly #inlet: Inlet;
  readonly #outbox: Outbox;
  readonly #onEnded: (id: number) => void;
  #socket: Socket | null = null;
  /** The one that the system knows; under TLS it is not `#socket`. */
  #raw: Socket | null = null;
  #handshake: TlsHandshake | null = null;
  #cancelConnect: (() => void) | null = null;
  #writing = false;
  #finished = false;
  /** What the system said while bytes before it wait in the inlet; two ends at most. */
  #afterSpill: (() => void)[] = [];
  /** The peer's end may be a reset. With our own end behind it Node would not look again. */
  #confirming = false;
  /** The game thread let go: what arrives is read and dropped until the peer has finished too. */
  #leaving = false;
  #lingerTimer: NodeJS.Timeout | null = null;
  #ended = false;
  readonly #options = new Map<SocketOption, boolean>([[SocketOption.NO_DELAY, true]]);

  constructor(id: number, shared: SharedSocket, outbox: Outbox, onEnded: (id: number) => void) {
    this.Id = id;
    this.#shared = shared;
    this.#inlet = new Inlet(shared, readBytes);
    this.#outbox = outbox;
    this.#onEnded = onEnded;
  }

  /** Connecting begins. @param cancel stops every attempt. */
  Begin(cancel: () => void): void {
    this.#cancelConnect = cancel;
  }

  /** The connection stands. */
  Attach(socket: Socket): void {
    this.#cancelConnect = null;
    this.#socket = socket;
    this.#raw = socket;
    socket.on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
    for (const [option, value] of this.#options) this.#apply(socket, option, value);
    this.#shared.SetOpen(
      EndpointOf(socket.localAddress, socket.localPort),
      EndpointOf(socket.remoteAddress, socket.remotePort),
    );
    this.#changed();
    this.Serve();
  }

  NextBuffer(): Uint8Array | null {
    return this.#leaving ? null : this.#inlet.NextBuffer();
  }

  Receive(bytes: Uint8Array, count: number): boolean {
    if (this.#leaving) return true;
    const goesOn = this.#inlet.Receive(bytes, count);
    const watched = this.#shared.IsWatched();
    if (!this.#shared.IsEnoughInbound()) this.#outbox.Noted(this.Id, watched);
    else if (this.#inlet.IsMoreLikely()) this.#outbox.Changing(this.Id, watched);
    else this.#outbox.Changed(this.Id, watched);
    // Who can read now, on this very thread, keeps the next read from finding no room.
    if (watched && this.#inlet.IsFilling()) this.#outbox.Hurry();
    return goesOn;
  }

  /** The game thread wrote, read or asked for something. */
  Serve(): void {
    this.#shared.ClearDirty();
    if (this.#ended) return;
    const requests = this.#shared.Requests();
    if ((requests & SocketRequest.ABORT) !== 0) return this.#abort();
    if ((requests & SocketRequest.CLOSE) !== 0 && !this.#leaving) this.#leave();
    if (this.#inlet.HasSpill()) this.#unspill();
    this.#pump();
  }

  /** Begins a handshake when all that was put so far has left. */
  Secure(request: TlsRequest, context: TlsContext): void {
    this.#handshake = new TlsHandshake({
      Request: request,
      Context: context,
      OnSecured: (socket, facts) => this.#onSecured(socket, facts),
      OnFailed: (failure) => this.#onHandshakeFailed(failure),
    });
    this.#pump();
  }

  /** Holds from now on, or from when the connection stands. */
  SetOption(option: SocketOption, value: boolean): void {
    this.#options.set(option, value);
    if (this.#socket !== null) this.#apply(this.#socket, option, value);
  }

  /** One exit for every end; later calls do nothing. */
  Fail(failure: SocketError, reason: CloseReason): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#lingerTimer !== null) clearTimeout(this.#lingerTimer);
    this.#cancelConnect?.();
    this.#cancelConnect = null;
    this.#handshake?.Cancel();
    this.#socket?.destroy();
    this.#inlet.Drop();
    this.#shared.SetClosed(failure, reason);
    this.#changed();
    this.#outbox.Ended(this.Id);
    this.#onEnded(this.Id);
  }

  #abort(): void {
    if (this.#shared.Phase() === SocketPhase.OPEN) this.#raw?.resetAndDestroy();
    this.Fail(SocketError.SUCCESS, CloseReason.LOCAL);
  }

  /** Close: flush, FIN, read on until the peer's FIN, so that no RST destroys what was sent. */
  #leave(): void {
    if (this.#socket === null || this.#handshake?.HasBegun() === true) {
      return this.Fail(SocketError.SUCCESS, CloseReason.LOCAL);
    }
    this.#handshake?.Cancel();
    this.#handshake = null;
    this.#leaving = true;
    this.#inlet.Drop();
    this.#lingerTimer = setTimeout(() => this.#onLingerEnd(), this.#shared.LingerMs());
    this.#socket.resume();
    this.#tellAfterSpill();
  }

  /** Everything and our FIN were handed over: a plain close harms nothing. Else what is left is lost. */
  #onLingerEnd(): void {
    if (this.#finished) this.Fail(SocketError.SUCCESS, CloseReason.LOCAL);
    else this.#abort();
  }

  #unspill(): void {
    const goesOn = this.#inlet.Unspill();
    this.#changed();
    if (!goesOn) return;
    this.#socket?.resume();
    this.#tellAfterSpill();
  }

  /** A fact is recorded after the bytes that came before it. */
  #afterBytes(record: () => void): void {
    this.#afterSpill.push(record);
    if (!this.#inlet.HasSpill()) this.#tellAfterSpill();
  }

  #tellAfterSpill(): void {
    const facts = this.#afterSpill;
    this.#afterSpill = [];
    for (const record of facts) record();
  }

  /** Hands the outbound ring's front to the system; one write is under way at a time. */
  #pump(): void {
    const socket = this.#socket;
    if (socket === null || this.#writing || this.#finished || this.#confirming) return;
    if (this.#handshake?.HasBegun() === true) return;
    const ring = this.#shared.Outbound;
    const front = ring.Front(Math.max(writeBytes, ring.Capacity / 4));
    if (front.length > 0) {
      this.#writing = true;
      socket.write(front, (error) => {
        // Writing again from inside a failed write never ends; the error has an event of its own.
        if (!error) this.#onWritten(front.length);
      });
    } else if (this.#handshake !== null) {
      this.#beginHandshake(socket, this.#handshake);
    } else if ((this.#shared.Requests() & (SocketRequest.FINISH | SocketRequest.CLOSE)) !== 0) {
      this.#finished = true;
      socket.end();
    }
  }

  #onWritten(count: number): void {
    this.#writing = false;
    if (this.#ended) return;
    this.#shared.Outbound.Skip(count);
    this.#changed();
    this.#pump();
  }

  #beginHandshake(raw: Socket, handshake: TlsHandshake): void {
    raw.off("end", this.#onEnd).off("error", this.#onError).off("close", this.#onClose);
    raw.on("error", () => undefined); // the TLS socket has it, too
    // Core leaves the ring alone meanwhile.
    handshake.Begin(raw, this.#inlet.TakeAll(recordBytes));
  }

  #onSecured(socket: TLSSocket, facts: TlsFacts): void {
    this.#handshake = null;
    this.#socket = socket;
    socket.on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
    socket.on("_tlsError", this.#onError); // what an accepted TLS socket says instead of "error"
    this.#outbox.Post({ Op: "secured", Id: this.Id, Facts: facts });
    this.#shared.SetSecured();
    this.#changed();
    AdoptSecured(socket, this);
    if (socket.readableEnded) this.#onEnd();
    this.Serve();
  }

  #onHandshakeFailed(failure: SocketError): void {
    const byPeer = failure === SocketError.CONNECTION_CLOSED;
    this.Fail(failure, byPeer ? CloseReason.PEER : CloseReasonOf(failure));
  }

  readonly #onEnd = (): void => {
    const raw = this.#raw;
    if (raw === null) return;
    // Asked now: by the time when the bytes before it are read, the system may have forgotten.
    const wasReset = raw !== this.#socket && !this.#finished && WasReset(raw);
    this.#afterBytes(() => this.#onPeerEnd(raw, wasReset));
  };

  #onPeerEnd(raw: Socket, wasReset: boolean): void {
    if (wasReset) this.Fail(SocketError.CONNECTION_RESET, CloseReason.RESET);
    else if (raw === this.#socket) this.#confirmEnd(raw);
    else this.#onPeerFinished();
  }

  #confirmEnd(raw: Socket): void {
    this.#confirming = true;
    ConfirmEnd(raw, () => {
      this.#confirming = false;
      this.#onPeerFinished();
      this.#pump();
    });
  }

  #onPeerFinished(): void {
    this.#shared.SetPeerFinished();
    this.#changed();
  }

  readonly #onError = (error: Error): void => {
    const isTls = this.#socket !== this.#raw;
    const failure = isTls ? TlsErrorOf(error) : SocketErrorOf(error, SocketError.FAILED);
    this.Fail(failure, CloseReasonOf(failure));
  };

  readonly #onClose = (): void =>
    this.#afterBytes(() => {
      this.Fail(SocketError.SUCCESS, this.#leaving ? CloseReason.LOCAL : CloseReason.PEER);
    });

  #apply(socket: Socket, option: SocketOption, value: boolean): void {
    if (option === SocketOption.NO_DELAY) socket.setNoDelay(value);
    else socket.setKeepAlive(value);
  }

  #changed(): void {
    this.#outbox.Changed(this.Id, this.#shared.IsWatched());
  }
}
