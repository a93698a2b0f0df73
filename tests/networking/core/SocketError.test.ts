import { expect, test } from "vitest";
import {
  IsSocketError,
  SocketError,
  SocketErrorName,
  SocketErrorText,
} from "../../../networking/core/SocketError.ts";

test("Luna's numbers stay, ours follow without a gap", () => {
  const luna = [
    "SUCCESS",
    "FAILED",
    "INIT_FAILED",
    "BIND_FAILED",
    "CONNECT_FAILED",
    "INVALID_IP_ADDRESS",
    "ALREADY_INIT",
    "CONNECTION_CLOSED",
    "OUT_OF_BUFFER_MEMORY",
    "BUSY",
    "SOCKET_INVALID",
    "FILE_EOF",
  ];
  const ours = [
    "TIMED_OUT",
    "CANT_RESOLVE",
    "ADDRESS_IN_USE",
    "ADDRESS_NOT_AVAILABLE",
    "PERMISSION_DENIED",
    "INVALID_PARAMETER",
    "UNAVAILABLE",
    "CONNECTION_REFUSED",
    "CONNECTION_RESET",
    "HOST_UNREACHABLE",
    "PROTOCOL_ERROR",
    "POLICY_DENIED",
    "LIMIT_REACHED",
    "TLS_FAILED",
    "TLS_CERTIFICATE_INVALID",
    "TLS_HOSTNAME_MISMATCH",
  ];
  expect(Object.entries(SocketError)).toEqual([...luna, ...ours].map((name, i) => [name, i]));
  expect(Object.isFrozen(SocketError)).toBe(true);
});

test("each code has its name and a sentence of its own", () => {
  const texts = new Set<string>();
  for (const [name, code] of Object.entries(SocketError)) {
    expect(SocketErrorName(code)).toBe(name);
    expect(SocketErrorText(code)).toMatch(/^[A-Z].*\.$/);
    texts.add(SocketErrorText(code));
    expect(IsSocketError(code)).toBe(true);
  }
  expect(texts.size).toBe(Object.keys(SocketError).length);
});

test("numbers from outside are told apart", () => {
  for (const other of [-1, 28, 0.5, Number.NaN, Infinity]) {
    expect(IsSocketError(other)).toBe(false);
    expect(SocketErrorText(other as SocketError)).toBe(`Unknown socket error ${other}.`);
    expect(SocketErrorName(other as SocketError)).toBe(String(other));
  }
});
