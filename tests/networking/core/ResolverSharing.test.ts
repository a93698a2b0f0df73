/** What Resolver's callers share: lookups under way and the cache. */
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { IpType, Resolver, ResolverStatus } from "../../../networking/core/Resolver.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { LookupBackend, type FakeLookup } from "./LookupBackend.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`ResolverSharing.test.ts: TEST_SEED=${seed}`);

const first = new IpAddress("192.0.2.1");
const second = new IpAddress("2001:db8::2");
const answer = [first, second];

let backend: LookupBackend;
let resolver: Resolver;

beforeEach(() => useBackend(new LookupBackend(true)));

describe("shared lookups", () => {
  test("callers of all kinds share one per name and type", async () => {
    const promise = resolver.ResolveHostnameAsync("example.com");
    const id = resolver.ResolveHostnameQueueItem("EXAMPLE.com.");
    backend.OnBlock = () => backend.Started(0).Record(answer);
    expect(resolver.ResolveHostname("Example.Com")).toBe("192.0.2.1");
    backend.Started(0).Notify();
    expect(await promise).toBe("192.0.2.1");
    expect(resolver.GetResolveItemAddress(id).ToString()).toBe("192.0.2.1");
    expect(backend.Lookups).toHaveLength(1);
    resolver.ResolveHostnameQueueItem("example.com", IpType.IPV4);
    expect(backend.Lookups).toHaveLength(2);
  });

  test("256 may be under way; one more fails with LIMIT_REACHED until one ends", () => {
    for (let i = 0; i < Limits.maxResolveItems; i++) askAndForget(`host${i}.example`);
    expect(backend.Lookups).toHaveLength(256);
    const late = resolver.ResolveHostnameQueueItem("late.example");
    expect(resolver.GetResolveItemError(late)).toBe(SocketError.LIMIT_REACHED);
    const shared = resolver.ResolveHostnameQueueItem("host0.example");
    expect(resolver.GetResolveItemStatus(shared)).toBe(ResolverStatus.WAITING);

    backend.Started(3).RecordFailure(SocketError.CANT_RESOLVE);
    const again = resolver.ResolveHostnameQueueItem("late.example");
    expect(resolver.GetResolveItemStatus(again)).toBe(ResolverStatus.WAITING);
    expect(backend.Lookups).toHaveLength(257);
  });

  test("an erased item's lookup goes on for the cache", () => {
    askAndForget("example.com");
    backend.Started(0).Record(answer);
    backend.Started(0).Notify();
    expect(resolver.ResolveHostname("example.com")).toBe("192.0.2.1");
    expect(backend.Lookups).toHaveLength(1);
  });
});

describe("cache", () => {
  test("answers per name and type until the age limit, then the name is looked up again", () => {
    cache("example.com", answer);
    backend.TimeMs = Limits.resolveCacheMs - 1;
    expect(resolver.ResolveHostname("example.com")).toBe("192.0.2.1");
    expect(backend.Lookups).toHaveLength(1);
    backend.TimeMs = Limits.resolveCacheMs;
    expect(resolver.ResolveHostname("example.com")).toBe("");
    expect(backend.Lookups).toHaveLength(2);
    resolver.ResolveHostname("example.com", IpType.IPV6);
    expect(backend.Lookups).toHaveLength(3);
  });

  test("counts the age from the answer, not from the question", () => {
    askAndForget("example.com");
    backend.TimeMs = 4_000;
    backend.Started(0).Record(answer);
    backend.Started(0).Notify();
    backend.TimeMs = 4_000 + Limits.resolveCacheMs - 1;
    expect(resolver.ResolveHostname("example.com")).toBe("192.0.2.1");
  });

  test("never keeps a failure", () => {
    for (let i = 0; i < 3; i++) {
      askAndForget("missing.example");
      backend.Started(i).RecordFailure(SocketError.CANT_RESOLVE);
    }
    expect(backend.Lookups).toHaveLength(3);
  });

  test("ClearCache forgets one name, however it is spelled, or all", () => {
    cache("a.example", answer);
    cache("b.example", answer);
    resolver.ClearCache("A.Example.");
    expect(resolver.ResolveHostname("a.example")).toBe("");
    expect(resolver.ResolveHostname("b.example")).toBe("192.0.2.1");
    resolver.ClearCache("no such name");
    expect(resolver.ResolveHostname("b.example")).toBe("192.0.2.1");
    resolver.ClearCache();
    expect(resolver.ResolveHostname("b.example")).toBe("");
  });

  test("ClearCache forgets an answer that came, though nobody has looked at it yet", () => {
    askAndForget("example.com");
    backend.Started(0).Record(answer);
    resolver.ClearCache("example.com");
    resolver.ResolveHostname("example.com");
    expect(backend.Lookups).toHaveLength(2);
  });

  test("changing an address that was handed out changes nothing inside", () => {
    cache("example.com", answer);
    const id = resolver.ResolveHostnameQueueItem("example.com");
    for (const address of [
      ...resolver.ResolveHostnameAddresses("example.com"),
      ...resolver.GetResolveItemAddresses(id),
      ...resolver.ResolveHostnameAddresses("localhost"),
    ]) {
      address.Clear();
    }
    expect(resolver.ResolveHostname("example.com")).toBe("192.0.2.1");
    expect(resolver.GetResolveItemAddress(id).ToString()).toBe("192.0.2.1");
    expect(resolver.ResolveHostname("localhost")).toBe("127.0.0.1");
  });

  test("GetHostnameFromIP knows the names in it, and nothing else", () => {
    askAndForget("example.com");
    expect(resolver.GetHostnameFromIP(second)).toBe("");
    backend.Started(0).Record(answer);
    expect(resolver.GetHostnameFromIP(second)).toBe("example.com");
    expect(resolver.GetHostnameFromIP(new IpAddress("192.0.2.99"))).toBe("");
    expect(resolver.GetHostnameFromIP(new IpAddress())).toBe("");
    backend.TimeMs = Limits.resolveCacheMs;
    expect(resolver.GetHostnameFromIP(second)).toBe("");
    expect(backend.Lookups).toHaveLength(1);
  });
});

test("whatever is asked and answered in whatever order, limits and sharing hold", () => {
  const acts = ["queue", "queue", "queue", "forget", "forget", "erase", "end", "age"] as const;
  const step = fc.record({
    act: fc.constantFrom(...acts),
    pick: fc.nat(599),
    good: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: "max" }), (steps) => {
      useBackend(new LookupBackend(false));
      const wrong: string[] = [];
      const live: number[] = [];
      for (const { act, pick, good } of steps) {
        if (act === "queue") {
          const id = resolver.ResolveHostnameQueueItem(`host${pick}.example`);
          if ((id === -1) !== (live.length === Limits.maxResolveItems)) wrong.push("item limit");
          if (id !== -1) live.push(id);
        } else if (act === "forget") askAndForget(`host${pick}.example`);
        else if (act === "erase") resolver.EraseResolveItem(live.splice(pick, 1)[0] ?? -1);
        else if (act === "age") backend.TimeMs += pick;
        else endOne(pick, good);
        const open = openLookups();
        if (open.length > Limits.maxResolveItems) wrong.push("too many under way");
        if (new Set(open.map(({ Name }) => Name)).size < open.length) wrong.push("not shared");
      }
      expect(wrong).toEqual([]);
    }),
    // Shrinking a long failure would take minutes.
    { seed, numRuns: 20, interruptAfterTimeLimit: 5_000 },
  );
});

function openLookups(): FakeLookup[] {
  return backend.Lookups.filter((started) => !started.Done());
}

function endOne(pick: number, good: boolean): void {
  const open = openLookups();
  const ending = open[pick % (open.length || 1)];
  if (good) ending?.Record(answer);
  else ending?.RecordFailure(SocketError.CANT_RESOLVE);
}

function useBackend(next: LookupBackend): void {
  backend = next;
  resolver = new Resolver(next);
}

/** A lookup under way that no item refers to. */
function askAndForget(name: string): void {
  resolver.EraseResolveItem(resolver.ResolveHostnameQueueItem(name));
}

function cache(name: string, addresses: readonly IpAddress[]): void {
  askAndForget(name);
  backend.Lookups.at(-1)?.Record(addresses);
  resolver.GetHostnameFromIP(new IpAddress());
}
