/**
 * How a secure driver proves who it is, and whom it trusts (GridMate
 * `StreamSecureSocketDriverDesc`, without the `m_` in front). Filled in by the game, read once by
 * `InitializeSecurity`. A null or empty text is left out.
 */
import type { Pem } from "../core/TLSOptions.ts";

export class StreamSecureSocketDriverDesc {
  /**
   * The own certificate's key, without a passphrase. Servers need one; a client only for a server
   * that authenticates its clients.
   */
  privateKeyPEM: Pem | null = null;
  /** The own certificate, its chain behind it. Goes with the key. */
  certificatePEM: Pem | null = null;
  /**
   * Whom to trust: a client takes only servers that this CA vouches for (or the one server whose
   * self-signed certificate this is), an authenticating server only such clients.
   */
  certificateAuthorityPEM: Pem | null = null;
  /** Server: refuse clients without a certificate of the CA. */
  authenticateClient = false;
  /**
   * Client: the name that the server's certificate must have. Not in GridMate. Without it any
   * certificate of the CA will do, since a driver's addresses are numbers and certificates rarely
   * have those: right for a CA of one's own, and not enough for one that serves strangers too.
   */
  serverName = "";
}
