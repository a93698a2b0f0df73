/**
 * The result codes of every networking call. Zero is success.
 *
 * Numbers 0 to 11 are Luna's (`netSocket`, "socket error enum"); the rest are Moonwire's, because a
 * game that shows "connection failed" for a full server and for a misspelled name helps nobody.
 */
export const SocketError = Object.freeze({
  SUCCESS: 0,
  FAILED: 1,
  INIT_FAILED: 2,
  BIND_FAILED: 3,
  CONNECT_FAILED: 4,
  INVALID_IP_ADDRESS: 5,
  ALREADY_INIT: 6,
  CONNECTION_CLOSED: 7,
  OUT_OF_BUFFER_MEMORY: 8,
  BUSY: 9,
  SOCKET_INVALID: 10,
  FILE_EOF: 11,
  TIMED_OUT: 12,
  CANT_RESOLVE: 13,
  ADDRESS_IN_USE: 14,
  ADDRESS_NOT_AVAILABLE: 15,
  PERMISSION_DENIED: 16,
  INVALID_PARAMETER: 17,
  UNAVAILABLE: 18,
  CONNECTION_REFUSED: 19,
  CONNECTION_RESET: 20,
  HOST_UNREACHABLE: 21,
  PROTOCOL_ERROR: 22,
  POLICY_DENIED: 23,
  LIMIT_REACHED: 24,
  TLS_FAILED: 25,
  TLS_CERTIFICATE_INVALID: 26,
  TLS_HOSTNAME_MISMATCH: 27,
} as const);
export type SocketError = (typeof SocketError)[keyof typeof SocketError];

const sentences: Readonly<Record<SocketError, string>> = {
  [SocketError.SUCCESS]: "The call succeeded.",
  [SocketError.FAILED]: "The call failed; the stream is not connected.",
  [SocketError.INIT_FAILED]: "The socket could not be created.",
  [SocketError.BIND_FAILED]: "The socket could not be bound to the address.",
  [SocketError.CONNECT_FAILED]: "The connection could not be established.",
  [SocketError.INVALID_IP_ADDRESS]: "The IP address is not valid.",
  [SocketError.ALREADY_INIT]: "The socket is in use already; close it first.",
  [SocketError.CONNECTION_CLOSED]: "The connection is closed.",
  [SocketError.OUT_OF_BUFFER_MEMORY]: "The data is larger than the whole buffer.",
  [SocketError.BUSY]: "Not enough room or data yet; try again on a later tick.",
  [SocketError.SOCKET_INVALID]: "The socket is not open, or not in a state for this call.",
  [SocketError.FILE_EOF]: "The peer closed the stream and too few bytes are left.",
  [SocketError.TIMED_OUT]: "The time limit passed.",
  [SocketError.CANT_RESOLVE]: "The host name could not be resolved.",
  [SocketError.ADDRESS_IN_USE]: "The address and port are in use by another socket.",
  [SocketError.ADDRESS_NOT_AVAILABLE]: "The address does not belong to this machine.",
  [SocketError.PERMISSION_DENIED]: "The system does not permit this.",
  [SocketError.INVALID_PARAMETER]: "A parameter is out of its range.",
  [SocketError.UNAVAILABLE]: "This is not available here, or nothing is there to take.",
  [SocketError.CONNECTION_REFUSED]: "The host refused the connection; nothing listens there.",
  [SocketError.CONNECTION_RESET]: "The peer reset the connection.",
  [SocketError.HOST_UNREACHABLE]: "The host or its network cannot be reached.",
  [SocketError.PROTOCOL_ERROR]: "The peer sent something that the protocol does not allow.",
  [SocketError.POLICY_DENIED]: "The bridge's policy does not allow this destination.",
  [SocketError.LIMIT_REACHED]: "A limit on connections or requests is reached.",
  [SocketError.TLS_FAILED]: "The TLS handshake failed.",
  [SocketError.TLS_CERTIFICATE_INVALID]: "The peer's certificate is not valid.",
  [SocketError.TLS_HOSTNAME_MISMATCH]: "The peer's certificate is for another name.",
};

/**
 * A sentence for people.
 * @param code any SocketError; another number gives a sentence that says so.
 */
export function SocketErrorText(code: SocketError): string {
  return sentences[code] ?? `Unknown socket error ${String(code)}.`;
}

/** The constant's name, for logs: `SocketErrorName(13)` is "CANT_RESOLVE". */
export function SocketErrorName(code: SocketError): string {
  for (const [name, value] of Object.entries(SocketError)) if (value === code) return name;
  return String(code);
}

/** True when `value` is one of the numbers above; for codes that come from outside. */
export function IsSocketError(value: number): value is SocketError {
  return value in sentences;
}
