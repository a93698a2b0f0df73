/**
 * What a TLS stream is doing (Godot 4 `StreamPeerTLS.Status`; numbers as there).
 *
 *     DISCONNECTED -- ConnectToStream, AcceptStream --> HANDSHAKING --> CONNECTED
 *          ^                                                | failed        | reset, failure
 *          |                                                v               v
 *          |                              ERROR or ERROR_HOSTNAME_MISMATCH, ERROR
 *          +--- DisconnectFromStream, or the peer closed and all received bytes were read
 */
export const TLSStatus = Object.freeze({
  STATUS_DISCONNECTED: 0,
  STATUS_HANDSHAKING: 1,
  STATUS_CONNECTED: 2,
  STATUS_ERROR: 3,
  STATUS_ERROR_HOSTNAME_MISMATCH: 4,
} as const);
export type TLSStatus = (typeof TLSStatus)[keyof typeof TLSStatus];
