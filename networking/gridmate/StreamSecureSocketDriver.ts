/**
 * The stream socket driver over TLS 1.2 or 1.3 (GridMate `StreamSecureSocketDriver`). It differs in
 * how it is initialised and in what a connection needs to be established: the handshake done, the
 * server's certificate verified by the client, and the client's by a server that authenticates. A
 * connection under way counts towards `maxConnections`; a handshake has ten seconds.
 *
 * With TLS 1.3 a client is done before the server has judged its certificate: where that is
 * refused, the client's driver tells of a connection and then of its end.
 *
 * In a page TLS is the bridge's, which trusts its own authorities and not the descriptor's: there a
 * connection fails with UNAVAILABLE before anything of the game is sent.
 */
import { DefaultBackend } from "../core/DefaultBackend.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import type { DriverAddress } from "./DriverAddress.ts";
import type { DriverOptions } from "./DriverSizes.ts";
import type { DriverStream } from "./DriverStream.ts";
import type { FamilyType } from "./ResultCode.ts";
import { ResultCode } from "./ResultCode.ts";
import { SecureOptionsOf } from "./SecureOptions.ts";
import type { SecureOptions } from "./SecureOptions.ts";
import { SecureStream } from "./SecureStream.ts";
import { StreamSecureSocketDriverDesc } from "./StreamSecureSocketDriverDesc.ts";
import { StreamSocketDriver } from "./StreamSocketDriver.ts";

/** What a call may fill in of a descriptor. */
export type SecureDesc = Partial<StreamSecureSocketDriverDesc>;

export class StreamSecureSocketDriver extends StreamSocketDriver {
  static readonly StreamSecureSocketDriverDesc = StreamSecureSocketDriverDesc;
  readonly #backend: NetBackend;
  #secure: SecureOptions | null = null;

  /** The parameters are StreamSocketDriver's. */
  constructor(
    maxConnections?: number,
    maxPacketSize?: number,
    inboundBufferSize?: number,
    outboundBufferSize?: number,
    options: DriverOptions = {},
  ) {
    super(maxConnections, maxPacketSize, inboundBufferSize, outboundBufferSize, options);
    this.#backend = options.Backend ?? DefaultBackend();
  }

  /** A secure driver never speaks plain text. @returns EC_SECURE_CONFIG */
  override Initialize(): ResultCode {
    return ResultCode.EC_SECURE_CONFIG;
  }

  /**
   * In place of `Initialize`. The documents leave `isBroadcast` out; it may be given.
   * @param desc a server needs certificate and key, a client the CA; see its fields.
   * @returns as `StreamSocketDriver.Initialize`, and EC_SECURE_CREATE (no TLS here),
   *   EC_SECURE_CONFIG (neither certificate nor CA, a server name that is none), EC_SECURE_CERT,
   *   EC_SECURE_PKEY, EC_SECURE_CA_CERT (missing, unreadable, a key of another certificate)
   */
  InitializeSecurity(
    familyType: FamilyType,
    address: string | null,
    port: number,
    receiveBufferSize: number,
    sendBufferSize: number,
    desc: SecureDesc,
  ): ResultCode;
  InitializeSecurity(
    familyType: FamilyType,
    address: string | null,
    port: number,
    isBroadcast: boolean,
    receiveBufferSize: number,
    sendBufferSize: number,
    desc: SecureDesc,
  ): ResultCode;
  InitializeSecurity(
    familyType: FamilyType,
    address: string | null,
    port: number,
    ...rest: [number, number, SecureDesc] | [boolean, number, number, SecureDesc]
  ): ResultCode {
    const [isBroadcast, receiveBufferSize, sendBufferSize, desc] =
      rest.length === 4 ? rest : ([false, ...rest] as const);
    const secure = SecureOptionsOf(desc, this.#backend);
    if (typeof secure === "number") return secure;
    const sizes = [receiveBufferSize, sendBufferSize] as const;
    const code = super.Initialize(familyType, address, port, isBroadcast, ...sizes);
    if (code === ResultCode.EC_OK) this.#secure = secure;
    return code;
  }

  /** @returns as `StreamSocketDriver.StartListen`, and EC_SECURE_CERT without a certificate */
  override StartListen(backlog: number): ResultCode {
    if (this.#secure !== null && this.#secure.Server === null) return ResultCode.EC_SECURE_CERT;
    return super.StartListen(backlog);
  }

  /**
   * @returns as `StreamSocketDriver.ConnectTo`, and EC_SECURE_CA_CERT without a CA. What the
   *   handshake brings is told by `GetLastError`: TLS_CERTIFICATE_INVALID, TLS_HOSTNAME_MISMATCH,
   *   TLS_FAILED, TIMED_OUT.
   */
  override ConnectTo(addr: DriverAddress | null): ResultCode {
    if (this.#secure !== null && this.#secure.Client === null) return ResultCode.EC_SECURE_CA_CERT;
    return super.ConnectTo(addr);
  }

  protected override wrap(peer: StreamPeerTCP, isIncoming: boolean): DriverStream {
    const secure = this.#secure;
    return new SecureStream(peer, (tls, stream) => {
      const options = isIncoming ? secure?.Server : secure?.Client;
      if (secure === null || options === null || options === undefined) return SocketError.FAILED;
      if (isIncoming) return tls.AcceptStream(stream, options);
      return tls.ConnectToStream(stream, secure.ServerName, options);
    });
  }
}
