import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { ResolveCache } from "../../../networking/core/ResolveCache.ts";

const one = [new IpAddress("10.0.0.1")];
const two = [new IpAddress("10.0.0.2"), new IpAddress("2001:db8::2")];

test("knows what was put, per name and family", () => {
  const cache = new ResolveCache();
  cache.Put("a.example", 4, one, 0);
  expect(cache.Get("a.example", 4, 0)).toBe(one);
  expect(cache.Get("a.example", 0, 0)).toBeNull();
  expect(cache.Get("a.example", 6, 0)).toBeNull();
  expect(cache.Get("b.example", 4, 0)).toBeNull();
});

test("an entry ends when it is as old as the limit", () => {
  const cache = new ResolveCache();
  cache.Put("a.example", 0, one, 1_000);
  const end = 1_000 + Limits.resolveCacheMs;
  for (const now of [1_000, end - 1]) {
    expect(cache.Get("a.example", 0, now)).toBe(one);
    expect(cache.NameOf(new IpAddress("10.0.0.1"), now)).toBe("a.example");
  }
  for (const now of [end, end + 1]) {
    expect(cache.Get("a.example", 0, now)).toBeNull();
    expect(cache.NameOf(new IpAddress("10.0.0.1"), now)).toBe("");
  }
});

test("a new answer replaces the one before and starts its age again", () => {
  const cache = new ResolveCache();
  cache.Put("a.example", 0, one, 0);
  cache.Put("a.example", 0, two, 50_000);
  expect(cache.Get("a.example", 0, 50_000 + Limits.resolveCacheMs - 1)).toBe(two);
});

test("holds resolveCacheEntries; with one more the oldest answer leaves", () => {
  const cache = new ResolveCache();
  const most = Limits.resolveCacheEntries;
  for (let i = 0; i < most; i++) cache.Put(`host${i}.example`, 0, one, i);
  expect(cache.Get("host0.example", 0, most)).toBe(one);

  cache.Put("host0.example", 0, two, most);
  expect(cache.Get("host1.example", 0, most)).toBe(one);

  cache.Put("another.example", 0, two, most);
  expect(cache.Get("host1.example", 0, most)).toBeNull();
  expect(cache.Get("host0.example", 0, most)).toBe(two);
  expect(cache.Get("host2.example", 0, most)).toBe(one);
});

test("Clear forgets one name in all families, or everything", () => {
  const cache = new ResolveCache();
  for (const family of [0, 4, 6] as const) cache.Put("a.example", family, one, 0);
  cache.Put("b.example", 0, two, 0);
  cache.Clear("a.example");
  for (const family of [0, 4, 6] as const) expect(cache.Get("a.example", family, 0)).toBeNull();
  expect(cache.Get("b.example", 0, 0)).toBe(two);
  cache.Clear("");
  expect(cache.Get("b.example", 0, 0)).toBeNull();
});

test("NameOf looks through all addresses and prefers the latest answer", () => {
  const cache = new ResolveCache();
  cache.Put("a.example", 0, two, 0);
  cache.Put("b.example", 0, two, 1);
  expect(cache.NameOf(new IpAddress("2001:db8::2"), 1)).toBe("b.example");
  cache.Put("a.example", 0, two, 2);
  expect(cache.NameOf(new IpAddress("2001:db8::2"), 2)).toBe("a.example");
  expect(cache.NameOf(new IpAddress("10.0.0.9"), 2)).toBe("");
  expect(cache.NameOf(new IpAddress(), 2)).toBe("");
});
