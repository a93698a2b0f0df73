import { expect, test } from "vitest";
import { AddressKey } from "../../../networking/bridge/AddressKey.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

test.each([
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "::ffff:203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8", false],
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
])("%s and %s are one client: %s", (one, other, same) => {
  const [a, b] = [one, other].map((text) => AddressKey(new IpAddress(text)));
  expect(a === b).toBe(same);
});
