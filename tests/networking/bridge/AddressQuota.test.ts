import { expect, test } from "vitest";
import { AddressQuota } from "../../../networking/bridge/AddressQuota.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

const limits: BridgeLimits = {
  ...BridgeLimits,
  maxSessionsPerAddress: 2,
  sessionsPerSecond: 1,
  sessionsBurst: 3,
  maxAddresses: 2,
};
const [a, b, c] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((text) => new IpAddress(text)) as [
  IpAddress,
  IpAddress,
  IpAddress,
];

test("an address has so many at once, and gets a place back once", () => {
  const quota = new AddressQuota(limits);
  const leave = quota.Enter(a, 0);
  expect(quota.Enter(a, 0)).not.toBeNull();
  expect(quota.Enter(a, 0)).toBeNull();
  expect(quota.Enter(b, 0)).not.toBeNull();
  leave?.();
  leave?.();
  expect(quota.Enter(a, 10_000)).not.toBeNull();
  expect(quota.Enter(a, 10_000)).toBeNull();
});

test("an address opens so many in a time", () => {
  const quota = new AddressQuota(limits);
  for (let i = 0; i < 3; i++) quota.Enter(a, 0)?.();
  expect(quota.Enter(a, 999)).toBeNull();
  expect(quota.Enter(a, 1_000)).not.toBeNull();
});

test("IPv6 addresses of one /64 are one client", () => {
  const quota = new AddressQuota(limits);
  const six = (text: string) => quota.Enter(new IpAddress(text), 0);
  expect([six("2001:db8:1:2::1"), six("2001:db8:1:2:ffff::1")]).not.toContain(null);
  expect(six("2001:db8:1:2::3")).toBeNull();
  expect(six("2001:db8:1:3::1")).not.toBeNull();
});

test("so many addresses are known, and forgotten when they have nothing open", () => {
  const quota = new AddressQuota(limits);
  const leave = quota.Enter(a, 0);
  quota.Enter(b, 0);
  expect(quota.Enter(c, 0)).toBeNull();
  leave?.();
  quota.Sweep(500);
  expect(quota.Enter(c, 500)).toBeNull();
  quota.Sweep(1_000);
  expect(quota.Enter(c, 1_000)).not.toBeNull();
});
