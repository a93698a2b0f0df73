import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { TrustedProxies } from "../../../networking/bridge/TrustedProxies.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

const proxies = new TrustedProxies(["10.0.0.0/8", "fd00::/8", "127.0.0.1"]);
const clientOf = (remote: string, header?: string, list = proxies) =>
  list.ClientOf(new IpAddress(remote), header).ToString();

describe("X-Forwarded-For", () => {
  test("counts for nothing from anybody who is no proxy of ours", () => {
    expect(clientOf("203.0.113.7", "8.8.8.8")).toBe("203.0.113.7");
    expect(clientOf("127.0.0.1", "8.8.8.8", new TrustedProxies())).toBe("127.0.0.1");
  });

  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7, 10.0.0.2", "203.0.113.7"],
    ["6.6.6.6, 203.0.113.7,10.0.0.2 ,  fd00::2", "203.0.113.7"],
    ["10.9.9.9, 203.0.113.7", "203.0.113.7"],
    ["203.0.113.7:4711", "203.0.113.7"],
    ["[2001:db8::1]:4711", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
  ])("%s names %s", (header, client) => expect(clientOf("10.0.0.3", header)).toBe(client));

  test.each([
    ["a hop that is none", "6.6.6.6, unknown", "10.0.0.3"],
    ["a shortened address", "6.6.6.6, 127.1", "10.0.0.3"],
    ["an empty hop", "6.6.6.6,", "10.0.0.3"],
    ["a hop that is none behind a proxy", "6.6.6.6, _hidden, 10.0.0.2", "10.0.0.2"],
    ["nobody but proxies", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
  ])("%s leaves the proxy itself", (_name, header, client) => {
    expect(clientOf("10.0.0.3", header)).toBe(client);
  });

  test("without the header the proxy is the client", () => {
    expect(clientOf("10.0.0.3")).toBe("10.0.0.3");
  });

  test("is read from its end, and so many hops of it", () => {
    const header = (count: number) => `203.0.113.7${", 10.0.0.2".repeat(count - 1)}`;
    const most = BridgeLimits.maxForwardedHops;
    expect(clientOf("10.0.0.3", header(most))).toBe("203.0.113.7");
    expect(clientOf("10.0.0.3", header(most + 1))).toBe("10.0.0.2");
  });
});

test("the client of a request; several headers are one", () => {
  const client = (remoteAddress: string | undefined, header: string | string[]) => {
    const asked = { socket: { remoteAddress }, headers: { "x-forwarded-for": header } };
    return proxies.ClientOfRequest(asked as unknown as IncomingMessage).ToString();
  };
  expect(client("10.0.0.3", "203.0.113.7")).toBe("203.0.113.7");
  expect(client("10.0.0.3", ["6.6.6.6", "203.0.113.7"])).toBe("203.0.113.7");
  expect(client("203.0.113.8", "203.0.113.7")).toBe("203.0.113.8");
});

test("knows its own", () => {
  const known = ["10.0.0.3", "fd00::1", "127.0.0.1", "127.0.0.2", "203.0.113.7", ""];
  const included = known.map((text) => proxies.Includes(new IpAddress(text)));
  expect(included).toEqual([true, true, true, false, false, false]);
});

test.each(["*", "", "localhost", "10.0.0.0/40"])("%j is refused with a sentence", (text) => {
  expect(() => new TrustedProxies([text])).toThrow("is no proxy's address");
});
