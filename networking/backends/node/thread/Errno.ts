/** From the system's error names (errno(3), and Node's own for lookups) to SocketError. */
import { SocketError } from "../../../core/SocketError.ts";
import { CloseReason } from "../../../core/Status.ts";

const codes: Readonly<Record<string, SocketError>> = {
  EADDRINUSE: SocketError.ADDRESS_IN_USE,
  EADDRNOTAVAIL: SocketError.ADDRESS_NOT_AVAILABLE,
  EACCES: SocketError.PERMISSION_DENIED,
  EPERM: SocketError.PERMISSION_DENIED,
  ECONNREFUSED: SocketError.CONNECTION_REFUSED,
  ECONNRESET: SocketError.CONNECTION_RESET,
  ECONNABORTED: SocketError.CONNECTION_RESET,
  EPIPE: SocketError.CONNECTION_RESET,
  ETIMEDOUT: SocketError.TIMED_OUT,
  EHOSTUNREACH: SocketError.HOST_UNREACHABLE,
  ENETUNREACH: SocketError.HOST_UNREACHABLE,
  ENETDOWN: SocketError.HOST_UNREACHABLE,
  EHOSTDOWN: SocketError.HOST_UNREACHABLE,
  ENOTFOUND: SocketError.CANT_RESOLVE,
  EAI_AGAIN: SocketError.CANT_RESOLVE,
  EAI_FAIL: SocketError.CANT_RESOLVE,
  EAI_NODATA: SocketError.CANT_RESOLVE,
  EMFILE: SocketError.LIMIT_REACHED,
  ENFILE: SocketError.LIMIT_REACHED,
  ENOBUFS: SocketError.LIMIT_REACHED,
  ENOMEM: SocketError.LIMIT_REACHED,
  EAFNOSUPPORT: SocketError.ADDRESS_NOT_AVAILABLE,
  ENODEV: SocketError.ADDRESS_NOT_AVAILABLE,
  EMSGSIZE: SocketError.OUT_OF_BUFFER_MEMORY,
  EINVAL: SocketError.INVALID_PARAMETER,
};

/** @param otherwise for an error that the table does not know. */
export function SocketErrorOf(error: unknown, otherwise: SocketError): SocketError {
  const code = (error as { code?: unknown } | null)?.code;
  return (typeof code === "string" ? codes[code] : undefined) ?? otherwise;
}

/** The close reason that goes with a failure of an established connection. */
export function CloseReasonOf(failure: SocketError): CloseReason {
  if (failure === SocketError.CONNECTION_RESET) return CloseReason.RESET;
  if (failure === SocketError.TIMED_OUT) return CloseReason.TIMEOUT;
  return CloseReason.ERROR;
}
