/**
 * TLS over a TCP stream as a driver's connection wants it: open once the handshake is done and the
 * other end is verified. Limits are StreamPeerTLS's: ten seconds for the handshake.
 */
import { SocketError } from "../core/SocketError.ts";
import { Status } from "../core/Status.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../core/StreamPeerTLS.ts";
import { TLSStatus } from "../core/TLSStatus.ts";
import type { DriverStream } from "./DriverStream.ts";
import { StreamPhase } from "./DriverStream.ts";

/** Begins a handshake over a connected stream, as a client or as a server. */
export type BeginHandshake = (tls: StreamPeerTLS, peer: StreamPeerTCP) => SocketError;

export class SecureStream implements DriverStream {
  readonly Bytes = new StreamPeerTLS();
  readonly #peer: StreamPeerTCP;
  readonly #begin: BeginHandshake;
  #hasBegun = false;
  #wasOpen = false;
  /** Why the handshake could not begin. */
  #refusal: SocketError = SocketError.SUCCESS;

  /** @param peer connecting or connected. */
  constructor(peer: StreamPeerTCP, begin: BeginHandshake) {
    this.#peer = peer;
    this.#begin = begin;
  }

  Poll(): StreamPhase {
    this.#peer.Poll();
    if (!this.#hasBegun) {
      if (this.#peer.GetStatus() === Status.STATUS_CONNECTING) return StreamPhase.OPENING;
      this.#hasBegun = true;
      if (this.#peer.GetStatus() === Status.STATUS_CONNECTED) this.#beginHandshake();
    }
    switch (this.Bytes.GetStatus()) {
      case TLSStatus.STATUS_HANDSHAKING:
        return StreamPhase.OPENING;
      case TLSStatus.STATUS_CONNECTED:
        this.#wasOpen = true;
        return StreamPhase.OPEN;
      case TLSStatus.STATUS_DISCONNECTED:
      case TLSStatus.STATUS_ERROR:
      case TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH:
        return StreamPhase.ENDED;
    }
  }

  IsPeerFinished(): boolean {
    return this.Bytes.IsPeerFinished();
  }

  Failure(): SocketError {
    if (this.#refusal !== SocketError.SUCCESS) return this.#refusal;
    if (this.#peer.GetStatus() === Status.STATUS_ERROR) return this.#peer.GetLastError();
    // An end in order before the handshake was seen to be done is none.
    return this.#wasOpen ? SocketError.SUCCESS : SocketError.CONNECTION_CLOSED;
  }

  Close(): void {
    this.#peer.DisconnectFromHost();
  }

  #beginHandshake(): void {
    this.#refusal = this.#begin(this.Bytes, this.#peer);
    if (this.#refusal !== SocketError.SUCCESS) this.#peer.Abort();
  }
}
