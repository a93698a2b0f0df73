/** What a finished handshake came to, as plain data for the game thread. */
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { PeerCertificate, TlsFacts, TlsVersion } from "../../../core/TlsRequest.ts";

export function TlsFactsOf(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    Protocol: socket.getProtocol() as TlsVersion,
    Cipher: socket.getCipher().name,
    AlpnProtocol: socket.alpnProtocol === false ? "" : (socket.alpnProtocol ?? ""),
    IsSessionReused: socket.isSessionReused(),
    Certificate: certificate === undefined ? null : peerCertificateOf(certificate),
  };
}

function peerCertificateOf(certificate: X509Certificate): PeerCertificate {
  return {
    Subject: oneLine(certificate.subject),
    Issuer: oneLine(certificate.issuer),
    Fingerprint256: certificate.fingerprint256,
    ValidFrom: new Date(certificate.validFrom),
    ValidTo: new Date(certificate.validTo),
    SubjectAltName: certificate.subjectAltName ?? "",
  };
}

/** Node gives each part of a name its line. */
function oneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}
