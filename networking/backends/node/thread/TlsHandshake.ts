/**
 * One handshake, inside its deadline: takes over a connected socket, and gives it back as a TLS
 * socket whose peer is verified, or says why not. Driven by ThreadSocket, which begins it when what
 * was put before has left.
 *
 * What the peer has sent already is pushed back into the socket, where TLS finds it first. The
 * outcome is told a turn of the event loop later: Node speaks of it from inside of OpenSSL's read,
 * and who destroys the socket there takes the memory away from under it.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SocketError } from "../../../core/SocketError.ts";
import type { TlsFacts, TlsRequest } from "../../../core/TlsRequest.ts";
import type { TlsContext } from "./TlsContexts.ts";
import { TlsErrorOf } from "./TlsErrno.ts";
import type { TlsVerdict } from "./TlsSockets.ts";
import { AcceptTls, ConnectTls } from "./TlsSockets.ts";
import { WasReset } from "./WasReset.ts";

export interface TlsHandshakeOptions {
  readonly Request: TlsRequest;
  readonly Context: TlsContext;
  /** The handshake is done; nothing of the socket was read yet, though it may have ended. */
  readonly OnSecured: (socket: TLSSocket, facts: TlsFacts) => void;
  readonly OnFailed: (failure: SocketError) => void;
}

export class TlsHandshake {
  readonly #options: TlsHandshakeOptions;
  readonly #deadline: NodeJS.Timeout;
  #raw: Socket | null = null;
  #socket: TLSSocket | null = null;
  /** Set when the handshake is done. */
  #judge: (() => TlsVerdict) | null = null;
  /** The first failure counts, also one right behind the handshake. */
  #failure: SocketError = SocketError.SUCCESS;
  #settling: NodeJS.Immediate | null = null;
  /** Told, or cancelled: what comes late changes nothing. */
  #over = false;

  constructor(options: TlsHandshakeOptions) {
    this.#options = options;
    this.#deadline = setTimeout(
      () => this.#fail(SocketError.TIMED_OUT),
      options.Request.Config.HandshakeTimeoutMs,
    );
  }

  /** `Begin` was called. */
  HasBegun(): boolean {
    return this.#raw !== null;
  }

  /** @param early what the socket has given already. */
  Begin(raw: Socket, early: Uint8Array): void {
    this.#raw = raw;
    if (raw.readableEnded || raw.destroyed) return this.#fail(SocketError.CONNECTION_CLOSED);
    raw.pause();
    if (early.length > 0) raw.unshift(early);
    const { Request, Context } = this.#options;
    try {
      const begin = Request.Config.IsServer ? AcceptTls : ConnectTls;
      this.#socket = begin(raw, Request, Context, {
        OnSecured: (judge) => this.#onSecured(judge),
        OnFailed: (failure) => this.#fail(failure),
        OnEnd: () => this.#onEnd(),
      });
    } catch (error) {
      this.#fail(TlsErrorOf(error));
    }
  }

  /** Neither handler is called any more. The socket is the caller's to end. */
  Cancel(): void {
    clearTimeout(this.#deadline);
    if (this.#settling !== null) clearImmediate(this.#settling);
    this.#over = true;
  }

  #onSecured(judge: () => TlsVerdict): void {
    this.#judge = judge;
    this.#settleLater();
  }

  /** What ends after the handshake is the business of who gets the socket. */
  #onEnd(): void {
    if (this.#judge !== null) return;
    const reset = this.#raw !== null && WasReset(this.#raw);
    this.#fail(reset ? SocketError.CONNECTION_RESET : SocketError.CONNECTION_CLOSED);
  }

  #fail(failure: SocketError): void {
    if (this.#failure !== SocketError.SUCCESS) return;
    this.#failure = failure;
    this.#settleLater();
  }

  #settleLater(): void {
    if (this.#over) return;
    this.#settling ??= setImmediate(() => this.#settle());
  }

  #settle(): void {
    const failure = this.#failure || this.#verdict();
    this.Cancel();
    if (typeof failure === "number") this.#options.OnFailed(failure);
    else if (this.#socket !== null) {
      // It would let a peer take another certificate behind the back of who looked at this one.
      this.#socket.disableRenegotiation();
      this.#options.OnSecured(this.#socket, failure);
    }
  }

  /** @returns what the handshake came to, or why its peer is not trusted. */
  #verdict(): TlsFacts | SocketError {
    try {
      const { Facts, Failure } = this.#judge?.() ?? noVerdict;
      if (Facts !== null && Failure === SocketError.SUCCESS) return Facts;
      // Node sends no alert now; after a plain close the other side would take it for an end.
      this.#raw?.resetAndDestroy();
      return Failure;
    } catch (error) {
      // What a peer shows must not be able to throw here: that would end every socket.
      return TlsErrorOf(error);
    }
  }
}

const noVerdict: TlsVerdict = { Facts: null, Failure: SocketError.TLS_FAILED };
