import { expect, test } from "vitest";
import { MemoryHost } from "../../../../networking/backends/memory/MemoryHost.ts";
import { MemoryNetwork } from "../../../../networking/backends/memory/MemoryNetwork.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";

const text = (address: IpAddress | null): string => address?.ToString() ?? "none";

test("machines have addresses of both families, counted, and names that lead to them", () => {
  const network = new MemoryNetwork();
  const hosts = [new MemoryHost(network, {}), new MemoryHost(network, { Name: "second" })];
  expect(hosts.map((host) => host.Addresses.map(String))).toEqual([
    ["10.0.0.1", "fd00::1"],
    ["10.0.0.2", "fd00::2"],
  ]);
  expect(hosts.map((host) => host.Name)).toEqual(["host1", "second"]);
  expect(hosts[1]?.NewLabel()).toBe("second#1");
  expect(hosts[1]?.NewLabel()).toBe("second#2");
  expect(network.HostAt(new IpAddress("fd00::2"), hosts[0]!)).toBe(hosts[1]);
  expect(network.HostAt(new IpAddress("127.0.0.1"), hosts[0]!)).toBe(hosts[0]);
  expect(network.HostAt(new IpAddress("10.0.0.3"), hosts[0]!)).toBeNull();
});

test("a packet leaves from an address of the target's family", () => {
  const network = new MemoryNetwork();
  const host = new MemoryHost(network, { Addresses: ["10.1.1.1", "10.1.1.2"] });
  expect(text(host.SourceFor(new IpAddress("10.0.0.9")))).toBe("10.1.1.1");
  expect(text(host.SourceFor(new IpAddress("10.1.1.2")))).toBe("10.1.1.2");
  expect(text(host.SourceFor(new IpAddress("127.0.0.1")))).toBe("127.0.0.1");
  expect(text(host.SourceFor(new IpAddress("fd00::9")))).toBe("none");
  expect(host.HasAddress(new IpAddress("10.1.1.2"))).toBe(true);
  expect(host.HasAddress(new IpAddress("::1"))).toBe(true);
  expect(host.HasAddress(new IpAddress("10.1.1.3"))).toBe(false);
});

test("links: the network's, with the machine's changes, changed again", () => {
  const network = new MemoryNetwork({ Link: { LatencyMs: 9, JitterMs: 2 } });
  const host = new MemoryHost(network, { Link: { JitterMs: 3 } });
  expect(host.Link()).toMatchObject({ LatencyMs: 9, JitterMs: 3, BytesPerSecond: Infinity });
  host.SetLink({ LatencyMs: 1 });
  expect(host.Link()).toMatchObject({ LatencyMs: 1, JitterMs: 3 });
});

test("an address belongs to one machine, and must be one", () => {
  const network = new MemoryNetwork();
  new MemoryHost(network, { Addresses: ["10.0.0.5"] });
  expect(() => new MemoryHost(network, { Addresses: ["10.0.0.5"] })).toThrow("has 10.0.0.5");
  expect(() => new MemoryHost(network, { Addresses: ["somewhere"] })).toThrow(TypeError);
});
