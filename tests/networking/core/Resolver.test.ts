import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { SetNetLog } from "../../../networking/core/NetLog.ts";
import { IpType, Resolver, ResolverStatus } from "../../../networking/core/Resolver.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { LookupBackend } from "./LookupBackend.ts";

const first = new IpAddress("192.0.2.1");
const second = new IpAddress("2001:db8::2");
const answer = [first, second];

const said: string[] = [];
/** All that was said in this file, since a warning comes once in a process. */
const heard: string[] = [];
let backend: LookupBackend;
let resolver: Resolver;

beforeEach(() => {
  SetNetLog({ Info: say, Warn: say, Error: say });
  useBackend(new LookupBackend(true));
});

afterEach(() => {
  SetNetLog(null);
  heard.push(...said.splice(0));
});

describe("without the backend", () => {
  test.each([
    ["127.0.0.1", IpType.ANY, "127.0.0.1"],
    ["127.0.0.1", IpType.IPV4, "127.0.0.1"],
    ["127.0.0.1", IpType.IPV6, ""],
    ["2001:DB8::1", IpType.ANY, "2001:db8::1"],
    ["::1", IpType.IPV6, "::1"],
    ["::1", IpType.IPV4, ""],
    ["::ffff:10.0.0.1", IpType.IPV4, "10.0.0.1"],
    ["::ffff:10.0.0.1", IpType.IPV6, ""],
    ["127.0.0.1", IpType.NONE, ""],
    ["localhost", IpType.ANY, "127.0.0.1"],
    ["LocalHost.", IpType.IPV4, "127.0.0.1"],
    ["localhost", IpType.IPV6, "::1"],
    ["localhost", IpType.NONE, ""],
    ["example.com", IpType.NONE, ""],
    ["", IpType.ANY, ""],
    ["*", IpType.ANY, ""],
    ["2130706433", IpType.ANY, ""],
    ["0x7f000001", IpType.IPV4, ""],
    ["127.1", IpType.ANY, ""],
    ["127.0.0.1.", IpType.ANY, ""],
    ["１２７.０.０.１", IpType.ANY, ""],
    ["exam ple.com", IpType.ANY, ""],
    ["example..com", IpType.ANY, ""],
    ["example.com\0", IpType.ANY, ""],
    ["a".repeat(64), IpType.ANY, ""],
    ["a.".repeat(127) + "a", IpType.ANY, ""],
  ])("%j of type %d is %j, in every kind of call", async (name, type, text) => {
    for (const blocking of [true, false]) {
      useBackend(new LookupBackend(blocking));
      expect(resolver.ResolveHostname(name, type)).toBe(text);
      expect(resolver.ResolveHostnameAddress(name, type).ToString()).toBe(text);
      const id = resolver.ResolveHostnameQueueItem(name, type);
      expect(resolver.GetResolveItemStatus(id)).toBe(
        text === "" ? ResolverStatus.ERROR : ResolverStatus.DONE,
      );
      expect(resolver.GetResolveItemError(id)).toBe(
        text === "" ? SocketError.CANT_RESOLVE : SocketError.SUCCESS,
      );
      expect(resolver.GetResolveItemAddress(id).ToString()).toBe(text);
      expect(await resolver.ResolveHostnameAsync(name, type)).toBe(text);
      expect(backend.Lookups).toEqual([]);
      expect(backend.Waits).toEqual([]);
    }
    expect(said).toEqual([]);
  });

  test("localhost has both loopback addresses", () => {
    expect(texts(resolver.ResolveHostnameAddresses("localhost"))).toEqual(["127.0.0.1", "::1"]);
  });
});

describe("blocking calls", () => {
  test("wait for the backend, at most the limit, and give its addresses in order", () => {
    backend.OnBlock = () => backend.Started(0).Record(answer);
    expect(texts(resolver.ResolveHostnameAddresses("example.com"))).toEqual(texts(answer));
    expect(backend.Waits).toEqual([Limits.resolveTimeoutMs]);
    expect(said).toEqual([]);
  });

  test("give the first address as text and as IpAddress", () => {
    backend.OnBlock = () => backend.Started(0).Record(answer);
    expect(resolver.ResolveHostname("example.com")).toBe("192.0.2.1");
    expect(resolver.ResolveHostnameAddress("example.com").Equals(first)).toBe(true);
  });

  test.each([
    [IpType.IPV4, 4],
    [IpType.IPV6, 6],
    [IpType.ANY, 0],
  ] as const)("ask for the family of type %d", (type, family) => {
    resolver.ResolveHostname("Example.COM.", type);
    expect(backend.Started(0)).toMatchObject({ Name: "example.com", Family: family });
  });

  test("give the empty value on failure and when the time is up", () => {
    expect(resolver.ResolveHostname("slow.example")).toBe("");
    expect(resolver.ResolveHostnameAddress("slow.example").IsValid()).toBe(false);
    backend.OnBlock = () => backend.Lookups.at(-1)?.RecordFailure(SocketError.CANT_RESOLVE);
    expect(resolver.ResolveHostname("missing.example")).toBe("");
    expect(resolver.ResolveHostnameAddresses("missing.example")).toEqual([]);
  });

  test("a lookup that outlived its caller still serves the next one", () => {
    expect(resolver.ResolveHostname("slow.example")).toBe("");
    backend.Started(0).Record(answer);
    expect(resolver.ResolveHostname("slow.example")).toBe("192.0.2.1");
    expect(backend.Lookups).toHaveLength(1);
  });
});

describe("blocking calls where nobody can wait", () => {
  beforeEach(() => useBackend(new LookupBackend(false)));

  test("start a lookup, give the empty value, and the answer once it is cached", () => {
    expect(resolver.ResolveHostname("page.example")).toBe("");
    expect(resolver.ResolveHostnameAddress("page.example").IsValid()).toBe(false);
    expect(resolver.ResolveHostnameAddresses("page.example")).toEqual([]);
    expect(backend.Lookups).toHaveLength(1);
    expect(backend.Waits).toEqual([]);
    backend.Started(0).Record(answer);
    expect(resolver.ResolveHostname("page.example")).toBe("192.0.2.1");
  });

  test("say once in the process, in one sentence, which calls to use instead", () => {
    for (let i = 0; i < 3; i++) resolver.ResolveHostname(`page${i}.example`);
    // The test before this one has heard it, if it ran.
    heard.push(...said.splice(0));
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/ResolveHostnameQueueItem, GetResolveItemStatus .*[^.]*\.$/);
  });
});

describe("queue items", () => {
  test("wait, then are done with all addresses, until erased", () => {
    const id = resolver.ResolveHostnameQueueItem("example.com");
    expect(id).toBeGreaterThan(0);
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.WAITING);
    expect(resolver.GetResolveItemError(id)).toBe(SocketError.SUCCESS);
    expect(resolver.GetResolveItemAddress(id).IsValid()).toBe(false);
    expect(resolver.GetResolveItemAddresses(id)).toEqual([]);

    backend.Started(0).Record(answer);
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.DONE);
    expect(resolver.GetResolveItemError(id)).toBe(SocketError.SUCCESS);
    expect(resolver.GetResolveItemAddress(id).Equals(first)).toBe(true);
    expect(texts(resolver.GetResolveItemAddresses(id))).toEqual(texts(answer));

    resolver.EraseResolveItem(id);
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.NONE);
    expect(resolver.GetResolveItemAddresses(id)).toEqual([]);
    expect(backend.Waits).toEqual([]);
  });

  test.each([
    SocketError.CANT_RESOLVE,
    SocketError.TIMED_OUT,
    SocketError.POLICY_DENIED,
    SocketError.LIMIT_REACHED,
    SocketError.UNAVAILABLE,
  ])("end in ERROR with the backend's code %d", (code) => {
    const id = resolver.ResolveHostnameQueueItem("example.com");
    backend.Started(0).RecordFailure(code);
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.ERROR);
    expect(resolver.GetResolveItemError(id)).toBe(code);
    expect(resolver.GetResolveItemAddress(id).IsValid()).toBe(false);
    expect(resolver.GetResolveItemAddresses(id)).toEqual([]);
  });

  test.each([-1, 0, 7, NaN])("an id that is not live (%d) is NONE, and harmless", (id) => {
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.NONE);
    expect(resolver.GetResolveItemError(id)).toBe(SocketError.INVALID_PARAMETER);
    expect(resolver.GetResolveItemAddress(id).IsValid()).toBe(false);
    expect(resolver.GetResolveItemAddresses(id)).toEqual([]);
    resolver.EraseResolveItem(id);
  });

  test("run side by side: the second may be done before the first", () => {
    const slow = resolver.ResolveHostnameQueueItem("slow.example");
    const fast = resolver.ResolveHostnameQueueItem("fast.example");
    expect(backend.Lookups).toHaveLength(2);
    backend.Started(1).Record(answer);
    expect(resolver.GetResolveItemStatus(slow)).toBe(ResolverStatus.WAITING);
    expect(resolver.GetResolveItemStatus(fast)).toBe(ResolverStatus.DONE);
  });

  test("keep what they found when the cache is cleared, and ids never come again", () => {
    const id = resolver.ResolveHostnameQueueItem("example.com");
    backend.Started(0).Record(answer);
    resolver.ClearCache();
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.DONE);
    resolver.EraseResolveItem(id);
    expect(resolver.ResolveHostnameQueueItem("example.com")).not.toBe(id);
  });

  test("256 may be live; one more is -1 until one is erased", () => {
    const ids = [];
    for (let i = 0; i < Limits.maxResolveItems - 1; i++) {
      ids.push(resolver.ResolveHostnameQueueItem("localhost"));
    }
    const last = resolver.ResolveHostnameQueueItem("localhost");
    expect(new Set([...ids, last]).size).toBe(256);
    expect(resolver.ResolveHostnameQueueItem("localhost")).toBe(-1);
    resolver.EraseResolveItem(last);
    expect(resolver.ResolveHostnameQueueItem("localhost")).toBeGreaterThan(last);
    expect(resolver.ResolveHostnameQueueItem("localhost")).toBe(-1);
  });
});

describe("ResolveHostnameAsync", () => {
  test("resolves to the first address as text when the event loop turns", async () => {
    const promise = resolver.ResolveHostnameAsync("example.com");
    backend.Started(0).Record(answer);
    backend.Started(0).Notify();
    expect(await promise).toBe("192.0.2.1");
    expect(await resolver.ResolveHostnameAsync("example.com")).toBe("192.0.2.1");
    expect(backend.Lookups).toHaveLength(1);
  });

  test("resolves to nothing on failure, and does not reject", async () => {
    const promise = resolver.ResolveHostnameAsync("example.com");
    backend.Started(0).RecordFailure(SocketError.TIMED_OUT);
    backend.Started(0).Notify();
    expect(await promise).toBe("");
  });
});

test("GetLocalAddresses gives copies of the backend's", () => {
  backend.Local = [new IpAddress("192.0.2.7")];
  resolver.GetLocalAddresses()[0]?.Clear();
  expect(texts(resolver.GetLocalAddresses())).toEqual(["192.0.2.7"]);
});

describe("wrong types are TypeErrors", () => {
  test.each([undefined, null, 5, {}])("a name that is %j", async (given) => {
    const name = given as unknown as string;
    expect(() => resolver.ResolveHostname(name)).toThrow(/host name is given as text/);
    expect(() => resolver.ResolveHostnameAddress(name)).toThrow(TypeError);
    expect(() => resolver.ResolveHostnameAddresses(name)).toThrow(TypeError);
    expect(() => resolver.ResolveHostnameQueueItem(name)).toThrow(TypeError);
    await expect(resolver.ResolveHostnameAsync(name)).rejects.toThrow(TypeError);
  });

  test.each([4, -1, "IPV4", null])("a type that is %j", (given) => {
    const type = given as unknown as IpType;
    expect(() => resolver.ResolveHostname("example.com", type)).toThrow(/NONE, IPV4, IPV6 or ANY/);
    expect(() => resolver.ResolveHostnameQueueItem("127.0.0.1", type)).toThrow(TypeError);
    expect(backend.Lookups).toEqual([]);
  });

  test("an address or cache name of another type", () => {
    expect(() => resolver.GetHostnameFromIP("::1" as unknown as IpAddress)).toThrow(TypeError);
    expect(() => resolver.ClearCache(null as unknown as string)).toThrow(TypeError);
  });
});

function say(text: string): void {
  said.push(text);
}

function useBackend(next: LookupBackend): void {
  backend = next;
  resolver = new Resolver(next);
}

function texts(addresses: readonly IpAddress[]): string[] {
  return addresses.map((address) => address.ToString());
}
