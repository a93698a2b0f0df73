/**
 * What the calls of a driver return, and the socket families (GridMate `Driver::ResultCode` and
 * `Driver::BSDSocketFamilyType`; numbers as there). Zero is success.
 */
export const ResultCode = Object.freeze({
  EC_OK: 0,
  /** Initialize: a family that is none, or called twice. */
  EC_SOCKET_CREATE: 1,
  EC_SOCKET_LISTEN: 2,
  /** DisconnectFrom: nobody is connected under this address. */
  EC_SOCKET_CLOSE: 3,
  /** GridMate has it; sockets here never block, so nothing returns it. */
  EC_SOCKET_MAKE_NONBLOCK: 4,
  /** The address or port cannot be bound. */
  EC_SOCKET_BIND: 5,
  /** Initialize: broadcasting, or a system buffer size that is none. */
  EC_SOCKET_SOCK_OPT: 6,
  EC_SOCKET_CONNECT: 7,
  /** GridMate has it; a connection that cannot be accepted is nobody's call here. */
  EC_SOCKET_ACCEPT: 8,
  /** The descriptor asks for nothing that TLS can do, or was not given. */
  EC_SECURE_CONFIG: 9,
  /** There is no TLS here. */
  EC_SECURE_CREATE: 10,
  /** The certificate is missing or not usable. */
  EC_SECURE_CERT: 11,
  /** The private key is missing, not usable, or another certificate's. */
  EC_SECURE_PKEY: 12,
  /** The CA's certificate is missing or not usable. */
  EC_SECURE_CA_CERT: 13,
  /** Nothing was stored: the queue is full, the packet empty, or the connection over. */
  EC_SEND: 14,
  EC_SEND_ADDRESS_NOT_BOUND: 15,
  /** A packet waits that is larger than the buffer. */
  EC_RECEIVE: 16,
  EC_PLATFORM: 1000,
  /** The packet is larger than a packet may be. */
  EC_BUFFER_TOOLARGE: 1001,
} as const);
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

/** IPv4 or IPv6; the two ends of a connection use the same. */
export const FamilyType = Object.freeze({ BSD_AF_INET: 0, BSD_AF_INET6: 1 } as const);
export type FamilyType = (typeof FamilyType)[keyof typeof FamilyType];

/** Both under the name that the documents use: `Driver.EC_OK`, `Driver.BSD_AF_INET`. */
export const Driver = Object.freeze({ ...ResultCode, ...FamilyType });

/** The constant's name, for logs: `ResultCodeName(14)` is "EC_SEND". */
export function ResultCodeName(code: ResultCode): string {
  for (const [name, value] of Object.entries(ResultCode)) if (value === code) return name;
  return String(code);
}
