import { expect, test } from "vitest";
import {
  CloseReasonOf,
  SocketErrorOf,
} from "../../../../../networking/backends/node/thread/Errno.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../../networking/core/Status.ts";

const coded = (code: unknown): Error => Object.assign(new Error("from the system"), { code });

test("the system's names become codes that tell failures apart", () => {
  const expected: [string, SocketError][] = [
    ["EACCES", SocketError.PERMISSION_DENIED],
    ["EADDRINUSE", SocketError.ADDRESS_IN_USE],
    ["EADDRNOTAVAIL", SocketError.ADDRESS_NOT_AVAILABLE],
    ["EAI_AGAIN", SocketError.CANT_RESOLVE],
    ["ECONNREFUSED", SocketError.CONNECTION_REFUSED],
    ["ECONNRESET", SocketError.CONNECTION_RESET],
    ["EHOSTUNREACH", SocketError.HOST_UNREACHABLE],
    ["EMFILE", SocketError.LIMIT_REACHED],
    ["EMSGSIZE", SocketError.OUT_OF_BUFFER_MEMORY],
    ["ENODEV", SocketError.ADDRESS_NOT_AVAILABLE],
    ["ENETUNREACH", SocketError.HOST_UNREACHABLE],
    ["ENOTFOUND", SocketError.CANT_RESOLVE],
    ["EPIPE", SocketError.CONNECTION_RESET],
    ["ETIMEDOUT", SocketError.TIMED_OUT],
  ];
  const got = expected.map(([name]) => [name, SocketErrorOf(coded(name), SocketError.FAILED)]);
  expect(got).toEqual(expected);
});

test("what the table does not know is the caller's own code", () => {
  for (const strange of [
    coded("EWEIRD"),
    coded(13),
    new Error("no code"),
    null,
    undefined,
    "text",
  ]) {
    expect(SocketErrorOf(strange, SocketError.BIND_FAILED)).toBe(SocketError.BIND_FAILED);
  }
});

test("each failure of a connection has its reason", () => {
  expect(CloseReasonOf(SocketError.CONNECTION_RESET)).toBe(CloseReason.RESET);
  expect(CloseReasonOf(SocketError.TIMED_OUT)).toBe(CloseReason.TIMEOUT);
  expect(CloseReasonOf(SocketError.HOST_UNREACHABLE)).toBe(CloseReason.ERROR);
});
