/**
 * What core asks of a backend for TLS, and what it hears back: plain data, which crosses to the
 * network thread and to the bridge as it is.
 */

export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** How much the peer's certificate matters. */
export type PeerTrust =
  /** Whatever the peer shows is taken; a server does not even ask for one. */
  | "ignored"
  /** A server asks; none is taken, one that is shown must be trusted. */
  | "optional"
  /** The peer must show one, and it must be trusted. */
  | "required";

/** One TLSOptions. The same object each time, so that a backend can keep what it made of it. */
export interface TlsConfig {
  readonly IsServer: boolean;
  readonly Trust: PeerTrust;
  /** The peer's certificate must be for the name that was asked for (clients). */
  readonly VerifyName: boolean;
  /** Authorities to trust, PEM; null for the platform's own. */
  readonly Authorities: string | null;
  /** Own certificate with its chain, PEM; "" for none. */
  readonly Certificate: string;
  /** PEM, without a passphrase; "" for none. */
  readonly PrivateKey: string;
  /** In the order of preference; empty: the extension is not used. */
  readonly AlpnProtocols: readonly string[];
  readonly MinVersion: TlsVersion;
  readonly MaxVersion: TlsVersion;
  /** Milliseconds from the request to the end of the handshake. */
  readonly HandshakeTimeoutMs: number;
}

export interface TlsRequest {
  readonly Config: TlsConfig;
  /** Client: the name to ask for (SNI) and to verify, or an IP address to verify; else "". */
  readonly CommonName: string;
}

/** What a peer's certificate says of itself. */
export interface PeerCertificate {
  /** "O=Moonwire, CN=server" */
  readonly Subject: string;
  readonly Issuer: string;
  /** SHA-256 of the certificate, "AB:CD:..." */
  readonly Fingerprint256: string;
  readonly ValidFrom: Date;
  readonly ValidTo: Date;
  /** "DNS:localhost, IP Address:127.0.0.1"; "" without any. */
  readonly SubjectAltName: string;
}

/** What a finished handshake came to. */
export interface TlsFacts {
  readonly Protocol: TlsVersion;
  /** OpenSSL's name, such as "TLS_AES_256_GCM_SHA384". */
  readonly Cipher: string;
  /** The protocol both agreed on; "" for none. */
  readonly AlpnProtocol: string;
  readonly IsSessionReused: boolean;
  /** null when the peer showed none. */
  readonly Certificate: PeerCertificate | null;
}
