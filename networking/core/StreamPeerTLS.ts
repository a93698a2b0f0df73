/**
 * TLS over a connected StreamPeerTCP, as either end of it (Godot 4 `StreamPeerTLS`). The handshake
 * and the records are the backend's work; from CONNECTED on the stream's rings carry clear bytes,
 * so all that is here is who may speak when.
 *
 * The status is the TCP stream's, seen through the handshake (TLSStatus.ts has its diagram), and
 * latched with it. While HANDSHAKING neither stream takes or gives a byte. Limits are the TCP
 * stream's, and `TLSSettings.HandshakeTimeout`. Driven by `Poll`, once per tick.
 *
 * An end without close_notify is not told from one with it: Node.js does not say. A protocol whose
 * messages tell their length notices what was cut off.
 */
import { NormalizeHostName } from "./HostName.ts";
import { IpAddress } from "./IpAddress.ts";
import type { NetSocket } from "./NetSocket.ts";
import type { NetStatistics, StatisticsSource } from "./NetStatistics.ts";
import { SocketError } from "./SocketError.ts";
import { CloseReason, Status } from "./Status.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";
import { StreamPeer } from "./StreamPeer.ts";
import { StreamPeerTCP } from "./StreamPeerTCP.ts";
import type { DataResult } from "./StreamWaits.ts";
import { TLSMistakeCode } from "./TLSMistake.ts";
import { TLSOptions } from "./TLSOptions.ts";
import { TLSStatus } from "./TLSStatus.ts";
import type { PeerCertificate, TlsFacts } from "./TlsRequest.ts";

export class StreamPeerTLS extends StreamPeer implements StatisticsSource {
  static readonly STATUS_DISCONNECTED = TLSStatus.STATUS_DISCONNECTED;
  static readonly STATUS_HANDSHAKING = TLSStatus.STATUS_HANDSHAKING;
  static readonly STATUS_CONNECTED = TLSStatus.STATUS_CONNECTED;
  static readonly STATUS_ERROR = TLSStatus.STATUS_ERROR;
  static readonly STATUS_ERROR_HOSTNAME_MISMATCH = TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH;

  #stream: StreamPeerTCP | null = null;
  #blockingTimeoutMs = 0;

  /** As `StreamPeerTCP.BlockingTimeout`, in milliseconds; handed on to the stream underneath. */
  get BlockingTimeout(): number {
    return this.#blockingTimeoutMs;
  }

  set BlockingTimeout(timeoutMs: number) {
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
      throw new TypeError("BlockingTimeout is milliseconds, 0 or more; Infinity waits for ever.");
    }
    this.#blockingTimeoutMs = timeoutMs;
    if (this.#stream !== null) this.#stream.BlockingTimeout = timeoutMs;
  }

  /**
   * Begins a handshake as the client.
   * @param peer CONNECTED; what was put into it goes before the handshake.
   * @param commonName the server's host name, which is asked for (SNI, RFC 6066) and must be in its
   *   certificate (RFC 6125), or its IP address. May be "" for `TLSOptions.ClientUnsafe`.
   * @returns SUCCESS (HANDSHAKING now), ALREADY_INIT, INVALID_PARAMETER (options of a server, no
   *   name, half a pair), FAILED (`peer` is not connected, or one side has finished), UNAVAILABLE,
   *   TLS_CERTIFICATE_INVALID (PEM that cannot be read), TLS_FAILED (a key of another certificate).
   *   What fails later is ERROR with `GetLastError`: TLS_CERTIFICATE_INVALID (unknown authority,
   *   self-signed, not valid today), TLS_HOSTNAME_MISMATCH, TLS_FAILED (no TLS there, nothing in
   *   common, our certificate refused), TIMED_OUT, CONNECTION_CLOSED or CONNECTION_RESET (the peer
   *   closed or reset in the handshake).
   */
  ConnectToStream(peer: StreamPeerTCP, commonName: string, options: TLSOptions): SocketError {
    requireStream(peer, options, "ConnectToStream");
    if (typeof commonName !== "string") {
      throw new TypeError("ConnectToStream takes the server's host name as its second argument.");
    }
    if (options.IsServer()) return SocketError.INVALID_PARAMETER;
    const name = nameOf(commonName);
    if (name === null) return SocketError.INVALID_PARAMETER;
    if (name === "" && options.Config().VerifyName) return SocketError.INVALID_PARAMETER;
    return this.#begin(peer, name, options);
  }

  /**
   * Begins a handshake as the server. What the client has sent already is its beginning.
   * @returns as `ConnectToStream`; CONNECTED comes when a required client certificate is verified.
   *   A client that then refuses ours is CONNECTED for a moment, and ERROR with CONNECTION_RESET.
   */
  AcceptStream(peer: StreamPeerTCP, options: TLSOptions): SocketError {
    requireStream(peer, options, "AcceptStream");
    if (!options.IsServer()) return SocketError.INVALID_PARAMETER;
    return this.#begin(peer, "", options);
  }

  /** Makes visible what happened since the last poll. @returns SUCCESS, or in ERROR the reason. */
  Poll(): SocketError {
    return this.#stream?.Poll() ?? SocketError.SUCCESS;
  }

  /** The status; polls by itself the first time in a synchronous run. */
  GetStatus(): TLSStatus {
    switch (this.#stream?.GetStatus()) {
      case Status.STATUS_CONNECTED:
        if (this.#facts() !== null) return TLSStatus.STATUS_CONNECTED;
        if (this.#isHandshaking()) return TLSStatus.STATUS_HANDSHAKING;
        return TLSStatus.STATUS_DISCONNECTED; // a plain connection, the next one of that stream
      case Status.STATUS_ERROR:
        return this.#stream?.GetLastError() === SocketError.TLS_HOSTNAME_MISMATCH
          ? TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH
          : TLSStatus.STATUS_ERROR;
      case Status.STATUS_NONE:
      case Status.STATUS_CONNECTING:
      case undefined:
        return TLSStatus.STATUS_DISCONNECTED;
    }
  }

  /** In ERROR the exact reason; else why the last typed getter returned null. */
  override GetLastError(): SocketError {
    const failed = this.#stream?.GetStatus() === Status.STATUS_ERROR;
    return failed ? (this.#stream?.GetLastError() ?? SocketError.FAILED) : super.GetLastError();
  }

  /** Why the connection ended; NONE while it has not. */
  GetCloseReason(): CloseReason {
    return this.#stream?.GetCloseReason() ?? CloseReason.NONE;
  }

  /**
   * Waits until the stream has this status.
   * @param timeoutMs 0..Infinity
   * @returns SUCCESS, TIMED_OUT, FAILED (it ended another way), LIMIT_REACHED
   */
  WaitStatus(status: TLSStatus, timeoutMs: number): Promise<SocketError> {
    const test = (): SocketError | null => {
      const now = this.GetStatus();
      if (now === status) return SocketError.SUCCESS;
      const goesOn = now === TLSStatus.STATUS_HANDSHAKING || now === TLSStatus.STATUS_CONNECTED;
      return goesOn ? null : SocketError.FAILED;
    };
    if (this.#stream !== null) return this.#stream.WaitUntil(test, timeoutMs);
    return Promise.resolve(test() ?? SocketError.FAILED);
  }

  /** The stream underneath: its addresses hold, its bytes are the clear ones. null before any. */
  GetStream(): StreamPeerTCP | null {
    return this.#stream;
  }

  /** Sends what was accepted, then close_notify and FIN, in 5,000 ms. DISCONNECTED at once. */
  DisconnectFromStream(): void {
    this.#stream?.DisconnectFromHost();
  }

  /** Resets the connection now; what waits to be sent is lost. DISCONNECTED at once. */
  Abort(): void {
    this.#stream?.Abort();
  }

  /** Half close: close_notify, then only reading. @returns SUCCESS, FAILED (not connected) */
  Shutdown(): SocketError {
    return this.#secured()?.Shutdown() ?? SocketError.FAILED;
  }

  /** The peer's certificate; null before CONNECTED and for a peer that showed none. */
  GetPeerCertificate(): PeerCertificate | null {
    return this.#facts()?.Certificate ?? null;
  }

  /** "TLSv1.3" or "TLSv1.2"; "" before CONNECTED. */
  GetProtocol(): string {
    return this.#facts()?.Protocol ?? "";
  }

  /** OpenSSL's name of the cipher suite; "" before CONNECTED. */
  GetCipher(): string {
    return this.#facts()?.Cipher ?? "";
  }

  /** The protocol that both sides chose (RFC 7301); "" for none. */
  GetAlpnProtocol(): string {
    return this.#facts()?.AlpnProtocol ?? "";
  }

  /** The handshake was a short one, with keys of an earlier connection. */
  IsSessionReused(): boolean {
    return this.#facts()?.IsSessionReused ?? false;
  }

  /** As `StreamPeerTCP.PutData`. */
  override PutData(data: Uint8Array): SocketError {
    return this.#secured()?.PutData(data) ?? SocketError.FAILED;
  }

  /** As `StreamPeerTCP.PutPartialData`. */
  override PutPartialData(data: Uint8Array): PutResult {
    return this.#secured()?.PutPartialData(data) ?? nothingSent;
  }

  /** As `StreamPeerTCP.GetData`. */
  override GetData(buffer: Uint8Array): SocketError {
    return this.#secured()?.GetData(buffer) ?? SocketError.FAILED;
  }

  /** As `StreamPeerTCP.GetPartialData`. */
  override GetPartialData(buffer: Uint8Array): GetResult {
    return this.#secured()?.GetPartialData(buffer) ?? nothingReceived;
  }

  override GetAvailableBytes(): number {
    return this.#secured()?.GetAvailableBytes() ?? 0;
  }

  /** Accepted bytes that the system has not taken yet. */
  GetOutboundBytes(): number {
    return this.#secured()?.GetOutboundBytes() ?? 0;
  }

  /** The peer sends no more; what it sent may still wait to be read. As of the last poll. */
  IsPeerFinished(): boolean {
    return this.#secured()?.IsPeerFinished() ?? false;
  }

  /** As `StreamPeerTCP.PutDataAsync`; a handshake under way is awaited. */
  PutDataAsync(data: Uint8Array): Promise<SocketError> {
    return this.#begun()?.PutDataAsync(data) ?? Promise.resolve(SocketError.FAILED);
  }

  /** As `StreamPeerTCP.GetDataAsync`; a handshake under way is awaited. */
  GetDataAsync(count: number): Promise<DataResult> {
    const nothing = { Result: SocketError.FAILED, Data: new Uint8Array(0) };
    return this.#begun()?.GetDataAsync(count) ?? Promise.resolve(nothing);
  }

  override FailProtocol(): void {
    super.FailProtocol();
    this.#secured()?.FailProtocol();
  }

  /** What the stream underneath has counted: clear bytes, once it is secured. */
  AddStatistics(to: NetStatistics): void {
    this.#stream?.AddStatistics(to);
  }

  override CountPackets(taken: number, accepted: number): void {
    this.#stream?.CountPackets(taken, accepted);
  }

  protected override PeekData(buffer: Uint8Array): SocketError {
    return this.#secured()?.PeekData(buffer) ?? SocketError.FAILED;
  }

  #begin(peer: StreamPeerTCP, name: string, options: TLSOptions): SocketError {
    const status = this.GetStatus();
    const isOpen = status === TLSStatus.STATUS_HANDSHAKING || status === TLSStatus.STATUS_CONNECTED;
    if (isOpen) return SocketError.ALREADY_INIT;
    if (peer.GetStatus() !== Status.STATUS_CONNECTED) return SocketError.FAILED;
    const socket = peer.GetSocket();
    if (!socket.Backend.Capabilities.Tls) return SocketError.UNAVAILABLE;
    const refused = TLSMistakeCode(options.FindMistake(socket.Backend));
    if (refused !== SocketError.SUCCESS) return refused;
    const code = socket.Secure({ Config: options.Config(), CommonName: name });
    if (code === SocketError.SOCKET_INVALID) return SocketError.FAILED;
    if (code !== SocketError.SUCCESS) return code;
    this.#stream = peer;
    if (this.#blockingTimeoutMs > 0) peer.BlockingTimeout = this.#blockingTimeoutMs;
    return SocketError.SUCCESS;
  }

  #socket(): NetSocket | null {
    return this.#stream?.GetSocket() ?? null;
  }

  #facts(): TlsFacts | null {
    return this.#socket()?.GetTlsFacts() ?? null;
  }

  #isHandshaking(): boolean {
    return this.#socket()?.IsHandshaking() ?? false;
  }

  /** The stream as of this run, once its bytes are TLS's clear ones: never a plain connection's. */
  #secured(): StreamPeerTCP | null {
    this.#stream?.GetStatus();
    return this.#facts() === null ? null : this.#stream;
  }

  #begun(): StreamPeerTCP | null {
    return this.#isHandshaking() ? this.#stream : this.#secured();
  }
}

const nothingSent: PutResult = Object.freeze({ Result: SocketError.FAILED, BytesSent: 0 });
const nothingReceived: GetResult = Object.freeze({ Result: SocketError.FAILED, Received: 0 });

/** A host name in its one spelling, an address in its one, "" for none; null for anything else. */
function nameOf(text: string): string | null {
  if (text === "") return text;
  const address = new IpAddress(text);
  return address.IsValid() ? address.ToString() : NormalizeHostName(text);
}

function requireStream(peer: StreamPeerTCP, options: TLSOptions, call: string): void {
  if (!(peer instanceof StreamPeerTCP)) throw new TypeError(`${call} takes a StreamPeerTCP.`);
  if (!(options instanceof TLSOptions)) {
    throw new TypeError(`${call} takes what a factory of TLSOptions made.`);
  }
}
