/** What a finished handshake came to, as plain data for the game thread. */
import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { PeerCertificate, TlsFacts, TlsVersion } from "../../../core/TlsRequest.ts";

/**
 * @param resumed the server's certificate as of the connection that is resumed, which Node does not
 *   tell again.
 */
export function TlsFactsOf(socket: TLSSocket, resumed: PeerCertificate | null): TlsFacts {
  // Not `getPeerX509Certificate`, which takes the certificate out of the session.
  const { raw } = socket.getPeerCertificate() as { raw?: Buffer };
  return {
    Protocol: socket.getProtocol() as TlsVersion,
    Cipher: socket.getCipher().name,
    AlpnProtocol: socket.alpnProtocol === false ? "" : (socket.alpnProtocol ?? ""),
    IsSessionReused: socket.isSessionReused(),
    Certificate: raw === undefined ? resumed : peerCertificateOf(new X509Certificate(raw)),
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
