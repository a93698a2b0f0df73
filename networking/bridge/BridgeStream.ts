/**
 * One stream at the bridge: a stream of the mux on one side, a target's socket on the other. The
 * socket's rings are the stream's rings, so no byte is copied or stored between the two.
 *
 *     page --mux--> socket.Outbound --> target --> socket.Inbound --mux--> page
 */
import type { BackendSocket, SocketOption } from "../core/NetBackend.ts";
import { SocketPhase } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { TlsRequest } from "../core/TlsRequest.ts";
import type { BridgeMux } from "../mux/BridgeMux.ts";
import type { MuxStream } from "../mux/MuxStream.ts";
import type { TargetDial } from "./TargetDial.ts";

export class BridgeStream {
  /** Of each of its two rings. */
  readonly RingBytes: number;
  /** What the session logs. */
  readonly Host: string;
  readonly Port: number;
  Dial: TargetDial | null = null;
  readonly #mux: BridgeMux;
  readonly #stream: MuxStream;
  readonly #changed: () => void;
  readonly #options = new Map<SocketOption, boolean>();
  #socket: BackendSocket | null = null;
  #peerFinished = false;
  #tls: "none" | "handshaking" | "done" = "none";
  #cancelDeadline: (() => void) | null = null;

  /** @param changed the mux may have something to send. */
  constructor(
    mux: BridgeMux,
    stream: MuxStream,
    place: { readonly Host: string; readonly Port: number; readonly RingBytes: number },
    changed: () => void,
  ) {
    this.#mux = mux;
    this.#stream = stream;
    this.#changed = changed;
    this.Host = place.Host;
    this.Port = place.Port;
    this.RingBytes = place.RingBytes;
  }

  /** @param socket OPEN; nobody listens to it yet. */
  Open(socket: BackendSocket): void {
    const [local, remote] = [socket.Local(), socket.Remote()];
    this.Dial = null;
    if (local === null || remote === null) {
      socket.Abort();
      this.#mux.Abort(this.#stream, SocketError.CONNECTION_RESET);
      return;
    }
    this.#socket = socket; // Bytes that waited for it move, and are told, within `Open`.
    this.#mux.Open(this.#stream, socket.Inbound, socket.Outbound, local, remote);
    this.Join(socket);
  }

  /** @param socket OPEN; the stream has its rings already. */
  Join(socket: BackendSocket): void {
    this.#socket = socket;
    for (const [option, value] of this.#options) socket.SetOption(option, value);
    if (this.#peerFinished) socket.Finish();
    socket.OnActivity(() => this.#look());
    this.#look();
  }

  /** The mux wrote into the socket's outbound ring. */
  Received(): void {
    this.#socket?.OutboundChanged();
  }

  /** The mux read from the socket's inbound ring. */
  Sent(): void {
    this.#socket?.InboundChanged();
  }

  /** The page sends no more. */
  PeerFinished(): void {
    this.#peerFinished = true;
    this.#socket?.Finish();
  }

  SetOption(option: SocketOption, value: boolean): void {
    this.#options.set(option, value);
    this.#socket?.SetOption(option, value);
  }

  /** The page wants TLS to the target; all its plain bytes are in the socket's ring. */
  Secure(request: TlsRequest): void {
    const socket = this.#socket;
    if (socket === null || this.#tls !== "none" || socket.Inbound.Used() > 0) {
      // Asked for twice, or the target spoke first, in plain text.
      this.#mux.Abort(this.#stream, SocketError.TLS_FAILED);
      return;
    }
    const code = socket.Secure?.(request) ?? SocketError.UNAVAILABLE;
    if (code === SocketError.SUCCESS) this.#tls = "handshaking";
    else this.#mux.Abort(this.#stream, code);
  }

  /** The page has closed, and bytes still wait for the target. @param cancelDeadline for it. */
  Drain(cancelDeadline: () => void): void {
    this.#cancelDeadline = cancelDeadline;
  }

  /**
   * The stream is over. After an orderly end the target still gets the bytes that are in the ring.
   * @param drainMs how long it may take over them.
   */
  End(code: SocketError, drainMs: number): void {
    this.#cancelDeadline?.();
    this.Dial?.Cancel();
    this.Dial = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.OnActivity(null);
    if (code === SocketError.SUCCESS) socket?.Close(drainMs);
    else socket?.Abort();
  }

  /** Facts first, rings second: the bytes before a fact are in the ring when the fact is seen. */
  #look(): void {
    const socket = this.#socket;
    if (socket === null) return;
    const closed = socket.Phase() === SocketPhase.CLOSED;
    const finished = socket.PeerFinished();
    if (this.#tls === "handshaking" && !this.#hasShaken(socket, closed)) return;
    this.#mux.SinkChanged(this.#stream);
    this.#mux.SourceChanged(this.#stream);
    if (finished) this.#mux.Finish(this.#stream);
    if (closed && (!finished || socket.Failure() !== SocketError.SUCCESS)) {
      this.#mux.Close(this.#stream, socket.Failure());
    }
    this.#changed();
  }

  /** @returns false while the handshake goes on: the rings are the socket's alone. */
  #hasShaken(socket: BackendSocket, closed: boolean): boolean {
    const facts = socket.Secured?.() ?? null;
    if (facts === null) return closed;
    this.#tls = "done";
    this.#mux.Secured(this.#stream, facts);
    return true;
  }
}
