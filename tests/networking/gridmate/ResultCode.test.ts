import { expect, test } from "vitest";
import {
  Driver,
  FamilyType,
  ResultCode,
  ResultCodeName,
} from "../../../networking/gridmate/ResultCode.ts";

test("the numbers are GridMate's", () => {
  expect(Object.entries(ResultCode)).toEqual([
    ["EC_OK", 0],
    ["EC_SOCKET_CREATE", 1],
    ["EC_SOCKET_LISTEN", 2],
    ["EC_SOCKET_CLOSE", 3],
    ["EC_SOCKET_MAKE_NONBLOCK", 4],
    ["EC_SOCKET_BIND", 5],
    ["EC_SOCKET_SOCK_OPT", 6],
    ["EC_SOCKET_CONNECT", 7],
    ["EC_SOCKET_ACCEPT", 8],
    ["EC_SECURE_CONFIG", 9],
    ["EC_SECURE_CREATE", 10],
    ["EC_SECURE_CERT", 11],
    ["EC_SECURE_PKEY", 12],
    ["EC_SECURE_CA_CERT", 13],
    ["EC_SEND", 14],
    ["EC_SEND_ADDRESS_NOT_BOUND", 15],
    ["EC_RECEIVE", 16],
    ["EC_PLATFORM", 1_000],
    ["EC_BUFFER_TOOLARGE", 1_001],
  ]);
  expect(FamilyType).toEqual({ BSD_AF_INET: 0, BSD_AF_INET6: 1 });
  expect(Driver).toEqual({ ...ResultCode, ...FamilyType });
});

test("nobody can change them", () => {
  for (const numbers of [ResultCode, FamilyType, Driver]) {
    expect(Object.isFrozen(numbers)).toBe(true);
  }
});

test("a code has a name for logs", () => {
  for (const [name, code] of Object.entries(ResultCode)) expect(ResultCodeName(code)).toBe(name);
  expect(ResultCodeName(77 as ResultCode)).toBe("77");
});
