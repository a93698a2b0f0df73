/**
 * What can be wrong with a TLSOptions before anything is sent. Found by the backend, which can read
 * keys and certificates; `TLSOptions.FindMistake` tells it.
 */
import { SocketError } from "./SocketError.ts";

export const TLSMistake = Object.freeze({
  NONE: 0,
  /** The certificate, or one of its chain, is no PEM certificate. */
  CERTIFICATE: 1,
  /** The private key is no PEM key, or is locked by a passphrase. */
  PRIVATE_KEY: 2,
  /** The trusted authorities are no PEM certificates. */
  AUTHORITY: 3,
  /** The private key belongs to another certificate. */
  PAIR: 4,
  /** A key without its certificate, or a certificate without its key. */
  INCOMPLETE: 5,
} as const);
export type TLSMistake = (typeof TLSMistake)[keyof typeof TLSMistake];

/**
 * The code with which a handshake is refused for this mistake: TLS_CERTIFICATE_INVALID for what
 * cannot be read, TLS_FAILED for a pair that does not match, INVALID_PARAMETER for half a pair.
 */
export function TLSMistakeCode(mistake: TLSMistake): SocketError {
  switch (mistake) {
    case TLSMistake.NONE:
      return SocketError.SUCCESS;
    case TLSMistake.CERTIFICATE:
    case TLSMistake.PRIVATE_KEY:
    case TLSMistake.AUTHORITY:
      return SocketError.TLS_CERTIFICATE_INVALID;
    case TLSMistake.PAIR:
      return SocketError.TLS_FAILED;
    case TLSMistake.INCOMPLETE:
      return SocketError.INVALID_PARAMETER;
  }
}
