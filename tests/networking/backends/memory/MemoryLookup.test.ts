import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { IpType, Resolver, ResolverStatus } from "../../../../networking/core/Resolver.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { World } from "./World.ts";

function several(): { world: World; resolver: Resolver } {
  const world = new World();
  world.Network.SetName("Several.test", ["fd00::7", "10.0.0.7", "10.0.0.8"]);
  return { world, resolver: new Resolver(world.Client) };
}

test("a blocking lookup lets time pass, and gives the addresses of the family, in order", () => {
  const { world, resolver } = several();
  const addresses = resolver.ResolveHostnameAddresses("several.test");
  expect(addresses.map(String)).toEqual(["fd00::7", "10.0.0.7", "10.0.0.8"]);
  expect(world.Network.Now()).toBe(1);
  expect(resolver.ResolveHostname("several.test", IpType.IPV4)).toBe("10.0.0.7");
  expect(resolver.ResolveHostname("unknown.test")).toBe("");
  world.Network.Advance(1); // who was told when a lookup is done
  expect(resolver.GetHostnameFromIP(addresses[1]!)).toBe("several.test");
  world.ExpectGivenBack();
});

test("queue items and promises", async () => {
  const { world, resolver } = several();
  const id = resolver.ResolveHostnameQueueItem("several.test", IpType.IPV6);
  const promise = resolver.ResolveHostnameAsync("unknown.test");
  expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.WAITING);
  expect(world.Network.GivenBack().Lookups).toBe(2);
  world.Network.Advance(1);
  expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.DONE);
  expect(resolver.GetResolveItemAddress(id).ToString()).toBe("fd00::7");
  expect(await promise).toBe("");
  world.ExpectGivenBack();
});

test("a lookup that takes too long ends in TIMED_OUT at the limit", () => {
  for (const [delayMs, code] of [
    [Limits.resolveTimeoutMs - 2, SocketError.SUCCESS],
    [Limits.resolveTimeoutMs, SocketError.TIMED_OUT],
  ] as const) {
    const { world, resolver } = several();
    world.Network.Inject({ Kind: "slowNames", ForMs: 1, DelayMs: delayMs });
    const id = resolver.ResolveHostnameQueueItem("several.test");
    world.Network.Advance(Limits.resolveTimeoutMs - 2);
    expect(resolver.GetResolveItemStatus(id)).toBe(ResolverStatus.WAITING);
    world.Network.Advance(2);
    expect(resolver.GetResolveItemError(id)).toBe(code);
    world.ExpectGivenBack();
  }
});

test("OnDone is called from the clock, also when it was asked late", () => {
  const { world } = several();
  const lookup = world.Client.Lookup("several.test", 4);
  let calls = 0;
  lookup.OnDone(() => calls++);
  expect(world.Client.Block(() => lookup.Done(), 100)).toBe(true);
  expect(lookup.Failure()).toBe(SocketError.SUCCESS);
  expect(calls).toBe(0);
  lookup.OnDone(() => calls++);
  expect(calls).toBe(0);
  world.Network.Advance(0);
  expect(calls).toBe(2);
});
