import { describe, expect, it } from "vitest";
import { SocketError, SocketErrorName } from "../../../networking/core/SocketError.ts";
import {
  AbortError,
  ConnectionTimeoutError,
  EasySocketError,
  ErrorOf,
  FileTransferError,
  InvalidJSONError,
  PortInUseError,
  UnsupportedProtocolError,
} from "../../../networking/toolkit/Errors.ts";

const kinds = [
  [ConnectionTimeoutError, SocketError.TIMED_OUT],
  [PortInUseError, SocketError.ADDRESS_IN_USE],
  [InvalidJSONError, SocketError.PROTOCOL_ERROR],
  [UnsupportedProtocolError, SocketError.PROTOCOL_ERROR],
  [FileTransferError, SocketError.FAILED],
] as const;

describe("the toolkit's errors", () => {
  it.each(kinds)("%o is an EasySocketError with a code, a name and a cause", (Kind, code) => {
    const error = new Kind("What was tried failed.");
    expect(error).toBeInstanceOf(EasySocketError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(Kind.name);
    expect(error.Code).toBe(code);
    expect(String(error)).toBe(`${Kind.name}: What was tried failed.`);
    expect((error.cause as Error).message).toContain(SocketErrorName(code));
  });

  it("keeps the cause that it is given", () => {
    const cause = new SyntaxError("Unexpected token");
    expect(new InvalidJSONError("No JSON.", SocketError.PROTOCOL_ERROR, cause).cause).toBe(cause);
  });
});

describe("ErrorOf", () => {
  it("chooses the class by the code", () => {
    expect(ErrorOf(SocketError.TIMED_OUT, "Waiting")).toBeInstanceOf(ConnectionTimeoutError);
    expect(ErrorOf(SocketError.ADDRESS_IN_USE, "Listening")).toBeInstanceOf(PortInUseError);
    expect(ErrorOf(SocketError.PROTOCOL_ERROR, "Reading")).toBeInstanceOf(UnsupportedProtocolError);
  });

  it("makes one sentence of what was tried and what came of it, for every code", () => {
    for (const code of Object.values(SocketError)) {
      const error = ErrorOf(code, "Connecting to localhost:80");
      expect(error.message).toMatch(/^Connecting to localhost:80 failed: [^.]*[.;].*$/);
      expect(error.Code).toBe(code);
    }
    expect(ErrorOf(SocketError.CONNECTION_REFUSED, "Connecting to localhost:80").message).toBe(
      "Connecting to localhost:80 failed: the host refused the connection; nothing listens there.",
    );
  });
});

describe("AbortError", () => {
  it("has the signal's reason as its cause", () => {
    const reason = new Error("enough");
    const error = AbortError(AbortSignal.abort(reason), "Connecting");
    expect(error).toBeInstanceOf(EasySocketError);
    expect(error.cause).toBe(reason);
  });
});
