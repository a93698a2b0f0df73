/**
 * What the toolkit's calls reject with (kn-sock, "Error Handling"): one base class, and a subclass
 * where a caller is likely to react in a way of its own. Every one has a sentence for people, the
 * `Code` that core gave, and a `cause`: what was found underneath, or core's own answer in words.
 */
import { SocketError, SocketErrorName, SocketErrorText } from "../core/SocketError.ts";

/** The base of all: `catch (error) { if (error instanceof EasySocketError) ... }`. */
export class EasySocketError extends Error {
  readonly Code: SocketError;

  /**
   * @param message a sentence that says what was tried and what came of it.
   * @param code any but SUCCESS.
   * @param cause what was found underneath; core's answer when left out.
   */
  constructor(message: string, code: SocketError = SocketError.FAILED, cause?: unknown) {
    super(message, {
      cause: cause ?? new Error(`${SocketErrorName(code)}: ${SocketErrorText(code)}`),
    });
    this.name = new.target.name;
    this.Code = code;
  }
}

/** A time limit passed: of the connect, of the handshake, of silence, of the whole call. */
export class ConnectionTimeoutError extends EasySocketError {
  constructor(message: string, code: SocketError = SocketError.TIMED_OUT, cause?: unknown) {
    super(message, code, cause);
  }
}

/** The port to listen at belongs to another socket. */
export class PortInUseError extends EasySocketError {
  constructor(message: string, code: SocketError = SocketError.ADDRESS_IN_USE, cause?: unknown) {
    super(message, code, cause);
  }
}

/** What came is not JSON, or what shall be sent cannot be written as JSON. */
export class InvalidJSONError extends EasySocketError {
  constructor(message: string, code: SocketError = SocketError.PROTOCOL_ERROR, cause?: unknown) {
    super(message, code, cause);
  }
}

/** The peer speaks another protocol, or this side cannot speak the one that was asked for. */
export class UnsupportedProtocolError extends EasySocketError {
  constructor(message: string, code: SocketError = SocketError.PROTOCOL_ERROR, cause?: unknown) {
    super(message, code, cause);
  }
}

/** A file did not arrive whole, or could not be read or written. */
export class FileTransferError extends EasySocketError {}

/** Codes that have a class of their own. */
const classes: Partial<Record<SocketError, typeof EasySocketError>> = {
  [SocketError.TIMED_OUT]: ConnectionTimeoutError,
  [SocketError.ADDRESS_IN_USE]: PortInUseError,
  [SocketError.PROTOCOL_ERROR]: UnsupportedProtocolError,
};

/**
 * The error of the class that belongs to `code`.
 * @param doing what was tried, such as "Connecting to localhost, port 8080"; the code's sentence
 *   follows it.
 */
export function ErrorOf(code: SocketError, doing: string, cause?: unknown): EasySocketError {
  const text = SocketErrorText(code);
  const sentence = text.charAt(0).toLowerCase() + text.slice(1);
  return new (classes[code] ?? EasySocketError)(`${doing} failed: ${sentence}`, code, cause);
}

/** The error of a call whose AbortSignal told it to end. */
export function AbortError(signal: AbortSignal, doing: string): EasySocketError {
  return new EasySocketError(
    `${doing} was aborted by its signal.`,
    SocketError.CONNECTION_CLOSED,
    signal.reason,
  );
}
