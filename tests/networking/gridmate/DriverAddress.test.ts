import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import {
  AddressOf,
  DriverAddress,
  ParseAddress,
} from "../../../networking/gridmate/DriverAddress.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

test("equal text is one object, whichever driver made it", () => {
  const address = new StreamSocketDriver().CreateDriverAddress("127.0.0.1|5555");
  expect(address).not.toBeNull();
  expect(new StreamSocketDriver().CreateDriverAddress("127.0.0.1|5555")).toBe(address);
  expect(ParseAddress("127.0.0.1|5556")).not.toBe(address);
  expect(ParseAddress("127.0.0.2|5555")).not.toBe(address);
});

test("equal addresses are one object, however they are written", () => {
  expect(ParseAddress("::ffff:10.0.0.1|80")).toBe(ParseAddress("10.0.0.1|80"));
  expect(ParseAddress("0:0:0:0:0:0:0:1|80")).toBe(ParseAddress("::1|80"));
  expect(ParseAddress("::1|00080")).toBe(ParseAddress("::1|80"));
  expect(AddressOf(new IpAddress("::1"), 80)).toBe(ParseAddress("::1|80"));
});

test("it tells its parts, and prints as the documents write it", () => {
  const address = ParseAddress("FD00:0::7|65535");
  expect(address?.GetIP()).toBe("fd00::7");
  expect(address?.GetPort()).toBe(65_535);
  expect(address?.ToString()).toBe("fd00::7|65535");
  expect(`${address}`).toBe("fd00::7|65535");
});

test("nobody can change it by way of its parts", () => {
  const ip = new IpAddress("10.0.0.9");
  const address = AddressOf(ip, 1);
  ip.Clear();
  address.ToIpAddress().Clear();
  expect(address.GetIP()).toBe("10.0.0.9");
});

test.each([
  "",
  "|",
  "127.0.0.1",
  "127.0.0.1|",
  "|80",
  "127.0.0.1|0",
  "127.0.0.1|65536",
  "127.0.0.1|-1",
  "127.0.0.1|8 0",
  "127.0.0.1|0x50",
  "127.0.0.1|000080",
  "127.0.0.1:80",
  "localhost|80",
  "*|80",
  "1.2.3|80",
  "::1||80",
])("%j is no address", (text) => {
  expect(ParseAddress(text)).toBeNull();
});

test("an address that nobody holds is let go, and can be made again", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = new WeakRef(ParseAddress("10.1.2.3|4")!);
  await WaitFor(() => {
    collect();
    return held.deref() === undefined;
  }, "the address to be collected");
  const again = ParseAddress("10.1.2.3|4");
  await NextRun(1);
  collect();
  await NextRun(1);
  expect(ParseAddress("10.1.2.3|4")).toBe(again);
});

test("there is no other way to make one", () => {
  const ip = new IpAddress("10.0.0.9");
  expect(() => new DriverAddress(Symbol("mine"), ip, 1, "10.0.0.9|1")).toThrow(
    /CreateDriverAddress/,
  );
});
