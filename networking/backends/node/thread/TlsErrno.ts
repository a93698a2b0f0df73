/**
 * From what Node and OpenSSL call a failed handshake, or a failure of an established TLS stream, to
 * SocketError.
 */
import { SocketError } from "../../../core/SocketError.ts";
import { SocketErrorOf } from "./Errno.ts";

interface NodeError {
  readonly code?: unknown;
  readonly syscall?: unknown;
}

export function TlsErrorOf(error: unknown): SocketError {
  const { code, syscall } = error as NodeError;
  // Node's own words for a peer that closed in the middle; a reset comes from a system call.
  if (code === "ECONNRESET" && syscall === undefined) return SocketError.CONNECTION_CLOSED;
  return SocketErrorOf(error, SocketError.TLS_FAILED);
}

/** @param reason Node's `authorizationError`: a code of OpenSSL's verification, or Node's own. */
export function VerifyErrorOf(reason: string): SocketError {
  return reason === "ERR_TLS_CERT_ALTNAME_INVALID"
    ? SocketError.TLS_HOSTNAME_MISMATCH
    : SocketError.TLS_CERTIFICATE_INVALID;
}
