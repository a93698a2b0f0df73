import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { JudgeAddress } from "../../../networking/bridge/AddressJudge.ts";

test.each([
  // The internet.
  ["8.8.8.8", "public"],
  ["1.1.1.1", "public"],
  ["172.15.255.255", "public"],
  ["172.32.0.0", "public"],
  ["100.63.255.255", "public"],
  ["100.128.0.0", "public"],
  ["223.255.255.255", "public"],
  ["::ffff:8.8.8.8", "public"],
  ["2606:4700:4700::1111", "public"],
  ["2a00:1450:4001:81b::200e", "public"],
  // This machine.
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  // Somebody's own network.
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["::ffff:192.168.1.1", "private"],
  ["169.254.1.1", "private"],
  ["100.64.0.1", "private"],
  ["fc00::1", "private"],
  ["fdff:ffff::1", "private"],
  ["fe80::1", "private"],
  ["fec0::1", "private"],
  // Set aside: protocol assignments, documentation, benchmarks, reserved.
  ["192.0.0.8", "private"],
  ["192.0.2.1", "private"],
  ["198.51.100.1", "private"],
  ["203.0.113.1", "private"],
  ["198.18.0.1", "private"],
  ["198.19.255.255", "private"],
  ["192.88.99.1", "private"],
  ["240.0.0.1", "private"],
  ["2001:db8::1", "private"],
  ["2001:2::1", "private"],
  ["2001:20::1", "private"],
  ["3fff::1", "private"],
  ["100::1", "private"],
  ["4000::1", "private"],
  ["1fff::1", "private"],
  // Never: they mean something else than they show.
  ["0.0.0.0", "never"],
  ["0.1.2.3", "never"],
  ["::", "never"],
  ["::ffff:0.0.0.0", "never"],
  ["255.255.255.255", "never"],
  ["224.0.0.1", "never"],
  ["239.255.255.255", "never"],
  ["ff02::1", "never"],
  ["::7f00:1", "never"],
  ["::a00:1", "never"],
  ["::ffff:0:7f00:1", "never"],
  ["64:ff9b::7f00:1", "never"],
  ["64:ff9b::808:808", "never"],
  ["64:ff9b:1::a00:1", "never"],
  ["2002:7f00:1::", "never"],
  ["2002:808:808::1", "never"],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "never"],
  // Never: metadata services.
  ["169.254.169.254", "never"],
  ["::ffff:169.254.169.254", "never"],
  ["fd00:ec2::254", "never"],
  ["168.63.129.16", "never"],
])("%s is %s", (text, kind) => {
  const address = new IpAddress(text);
  expect(address.IsValid()).toBe(true);
  expect(JudgeAddress(address)).toBe(kind);
});

test("an address that is none is never allowed", () => {
  expect(JudgeAddress(new IpAddress())).toBe("never");
  expect(JudgeAddress(new IpAddress("*"))).toBe("never");
});
