import { expect, test } from "vitest";
import {
  DatagramBytesOf,
  DatagramTargetOf,
} from "../../../../../networking/backends/node/thread/DatagramAddresses.ts";
import { IpAddress } from "../../../../../networking/core/IpAddress.ts";
import { Limits } from "../../../../../networking/core/Limits.ts";

const bytes = (text: string): Uint8Array => new IpAddress(text).ToBytes();

test("what the system calls an address becomes its 16 bytes", () => {
  for (const [text, address] of [
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["2001:db8::7", "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
  ] as const) {
    expect(DatagramBytesOf(text)).toEqual(bytes(address));
    expect(DatagramBytesOf(text)).toBe(DatagramBytesOf(text));
  }
});

test("an IPv6 socket knows IPv4 addresses as mapped ones", () => {
  expect(DatagramTargetOf(bytes("10.1.2.3"), false)).toBe("10.1.2.3");
  expect(DatagramTargetOf(bytes("10.1.2.3"), true)).toBe("::ffff:10.1.2.3");
  expect(DatagramTargetOf(bytes("2001:db8::7"), true)).toBe("2001:db8::7");
});

test("more addresses than the memory holds are still converted right", () => {
  for (let i = 0; i < 2 * Limits.datagramAddresses + 1; i++) {
    const text = `10.7.${i >> 8}.${i & 255}`;
    expect(DatagramTargetOf(DatagramBytesOf(text), false)).toBe(text);
  }
  expect(DatagramTargetOf(DatagramBytesOf("10.7.0.0"), false)).toBe("10.7.0.0");
});
