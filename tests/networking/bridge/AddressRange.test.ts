import { expect, test } from "vitest";
import { AddressRange } from "../../../networking/bridge/AddressRange.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

test.each([
  ["10.1.0.0/16", ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3"], ["10.0.255.255", "10.2.0.0"]],
  ["127.0.0.1", ["127.0.0.1"], ["127.0.0.0", "127.0.0.2", "::1"]],
  ["fd00::/8", ["fd00::", "fdff::1"], ["fc00::", "fe00::", "10.0.0.1"]],
  ["::1", ["::1"], ["::2", "::", "127.0.0.1"]],
  ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::1"]],
])("%s", (text, inside, outside) => {
  const range = AddressRange.Parse(text);
  const contained = (list: string[]) => list.map((at) => range?.Contains(new IpAddress(at)));
  expect(contained(inside)).toEqual(inside.map(() => true));
  expect(contained(outside)).toEqual(outside.map(() => false));
});

test.each(["", "*", "a.example", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/x", "::/129"])(
  "%j is none",
  (text) => expect(AddressRange.Parse(text)).toBeNull(),
);

test("what is no address lies nowhere", () => {
  expect(AddressRange.Parse("0.0.0.0/0")?.Contains(new IpAddress("*"))).toBe(false);
  expect(AddressRange.Parse("::/0")?.Contains(new IpAddress("nonsense"))).toBe(false);
});
