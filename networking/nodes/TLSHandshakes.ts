/**
 * The handshakes of a TLS server that are under way, between a connection and a peer. Polled once
 * per tick by its node.
 *
 * Limits: the node begins no more than its `MaxHandshakes`; each ends by its deadline
 * (`TLSSettings.HandshakeTimeout`), so silent clients hold a place for that long and no longer.
 */
import { DefaultBackend } from "../core/DefaultBackend.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import type { NetStatistics, StatisticsSource } from "../core/NetStatistics.ts";
import { SocketError } from "../core/SocketError.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../core/StreamPeerTLS.ts";
import { TLSMistakeCode } from "../core/TLSMistake.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import { TLSStatus } from "../core/TLSStatus.ts";

/** What became of one: a stream whose status is CONNECTED, or a failure and the stream it had. */
export type HandshakeEnd = (tls: StreamPeerTLS, failure: SocketError, peer: StreamPeerTCP) => void;

export class TLSHandshakes implements StatisticsSource {
  readonly #onEnd: HandshakeEnd;
  readonly #pending = new Map<StreamPeerTLS, StreamPeerTCP>();

  constructor(onEnd: HandshakeEnd) {
    this.#onEnd = onEnd;
  }

  /** Whether a server can use them at all. @returns SUCCESS, or why not; null is plain TCP. */
  static Check(options: TLSOptions | null, backend: NetBackend = DefaultBackend()): SocketError {
    if (options === null) return SocketError.SUCCESS;
    if (!options.IsServer()) return SocketError.INVALID_PARAMETER;
    if (!backend.Capabilities.Tls) return SocketError.UNAVAILABLE;
    return TLSMistakeCode(options.FindMistake(backend));
  }

  Count(): number {
    return this.#pending.size;
  }

  /** One that cannot begin ends at once. */
  Begin(peer: StreamPeerTCP, options: TLSOptions): void {
    const tls = new StreamPeerTLS();
    const code = tls.AcceptStream(peer, options);
    if (code === SocketError.SUCCESS) this.#pending.set(tls, peer);
    else this.#onEnd(tls, code, peer);
  }

  /** Hands over those that are done, one way or the other. */
  Poll(): void {
    for (const [tls, peer] of this.#pending) {
      const status = tls.GetStatus();
      if (status === TLSStatus.STATUS_HANDSHAKING) continue;
      this.#pending.delete(tls);
      this.#onEnd(
        tls,
        status === TLSStatus.STATUS_CONNECTED ? SocketError.SUCCESS : whyOf(tls),
        peer,
      );
    }
  }

  /** @param gone takes what they have counted. */
  AbortAll(gone: NetStatistics): void {
    for (const [tls, peer] of this.#pending) {
      tls.Abort();
      gone.AddEnded(peer);
    }
    this.#pending.clear();
  }

  AddStatistics(to: NetStatistics): void {
    for (const peer of this.#pending.values()) peer.AddStatistics(to);
  }
}

/** A client that was gone again before anybody looked has no error of its own. */
function whyOf(tls: StreamPeerTLS): SocketError {
  const code = tls.GetLastError();
  return code === SocketError.SUCCESS ? SocketError.CONNECTION_CLOSED : code;
}
