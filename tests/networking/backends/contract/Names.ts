/** Contract: host names, through Resolver and through the backend's own lookups. */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { Limits } from "../../../../networking/core/Limits.ts";
import { IpType, Resolver, ResolverStatus } from "../../../../networking/core/Resolver.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import type { Scene } from "./Scene.ts";

const { IPV4, IPV6, ANY, NONE } = IpType;

/** Known without asking anybody: name, type, address. */
const known: [string, IpType, string][] = [
  ["127.0.0.1", ANY, "127.0.0.1"],
  ["127.0.0.1", IPV4, "127.0.0.1"],
  ["127.0.0.1", IPV6, ""],
  ["::1", ANY, "::1"],
  ["::1", IPV6, "::1"],
  ["::1", IPV4, ""],
  ["::ffff:10.0.0.1", IPV4, "10.0.0.1"],
  ["2001:DB8:0:0::1", ANY, "2001:db8::1"],
  ["localhost", ANY, "127.0.0.1"],
  ["LOCALHOST.", IPV4, "127.0.0.1"],
  ["localhost", IPV6, "::1"],
  ["localhost", NONE, ""],
];

/** No names: they never reach a resolver, which would make addresses of some. */
const noNames = ["", "*", "a b", "a..b", "127.1", "2130706433", "0x7f.1", "256.0.0.1", "1.2.3.4.5"];

export function NameCases(scene: Scene): void {
  const resolver = (): Resolver => new Resolver(scene.Harness.Backend);

  describe("a name that needs no lookup", () => {
    test.each(known)("%s, type %d: %s", async (name, type, address) => {
      const names = resolver();
      expect(names.ResolveHostname(name, type)).toBe(address);
      expect(names.ResolveHostnameAddress(name, type).IsValid()).toBe(address !== "");
      expect(await scene.Answer(names.ResolveHostnameAsync(name, type))).toBe(address);
      const id = names.ResolveHostnameQueueItem(name, type);
      const { DONE, ERROR } = ResolverStatus;
      expect(names.GetResolveItemStatus(id)).toBe(address === "" ? ERROR : DONE);
      expect(names.GetResolveItemAddress(id).ToString()).toBe(address);
    });

    test.each(noNames)("%j is none", async (name) => {
      const names = resolver();
      expect(names.ResolveHostname(name)).toBe("");
      expect(names.ResolveHostnameAddresses(name)).toEqual([]);
      expect(await scene.Answer(names.ResolveHostnameAsync(name))).toBe("");
      const id = names.ResolveHostnameQueueItem(name);
      expect(names.GetResolveItemStatus(id)).toBe(ResolverStatus.ERROR);
      expect(names.GetResolveItemError(id)).toBe(SocketError.CANT_RESOLVE);
    });
  });

  describe("a name that nobody has", () => {
    test("is WAITING, then ERROR with CANT_RESOLVE, until it is erased", async () => {
      const names = resolver();
      const { WAITING, ERROR } = ResolverStatus;
      const id = names.ResolveHostnameQueueItem(scene.Traits.UnknownName);
      expect(id).toBeGreaterThan(0);
      await scene.Until(() => {
        const waiting = names.GetResolveItemError(id) === SocketError.SUCCESS;
        return !waiting && names.GetResolveItemStatus(id) !== WAITING;
      }, "an answer");
      expect(names.GetResolveItemStatus(id)).toBe(ERROR);
      expect(names.GetResolveItemError(id)).toBe(SocketError.CANT_RESOLVE);
      expect(names.GetResolveItemAddress(id).IsValid()).toBe(false);
      expect(names.GetResolveItemAddresses(id)).toEqual([]);
      names.EraseResolveItem(id);
      expect(names.GetResolveItemStatus(id)).toBe(ResolverStatus.NONE);
      expect(names.GetResolveItemError(id)).toBe(SocketError.INVALID_PARAMETER);
    });

    test("is the empty text, blocking and as a promise", async () => {
      const names = resolver();
      expect(names.ResolveHostname(scene.Traits.UnknownName)).toBe("");
      expect(await scene.Answer(names.ResolveHostnameAsync(scene.Traits.UnknownName))).toBe("");
      expect(names.ResolveHostnameAddresses(scene.Traits.UnknownName)).toEqual([]);
      const left = names.ResolveHostnameAsync(scene.Traits.UnknownName);
      expect(await scene.Answer(left)).toBe("");
    });

    test("can be erased while it is looked up", async () => {
      const names = resolver();
      const id = names.ResolveHostnameQueueItem(scene.Traits.UnknownName);
      names.EraseResolveItem(id);
      names.EraseResolveItem(id);
      expect(names.GetResolveItemStatus(id)).toBe(ResolverStatus.NONE);
      const next = names.ResolveHostnameQueueItem("127.0.0.1");
      expect(next).not.toBe(id);
      expect(names.GetResolveItemStatus(next)).toBe(ResolverStatus.DONE);
    });
  });

  test("one item more than may live is -1, until one is erased", () => {
    const names = resolver();
    const { maxResolveItems } = Limits;
    const ids = Array.from({ length: maxResolveItems }, () =>
      names.ResolveHostnameQueueItem("127.0.0.1"),
    );
    expect(new Set(ids).size).toBe(maxResolveItems);
    expect(ids.every((id) => id > 0)).toBe(true);
    expect(names.ResolveHostnameQueueItem("127.0.0.1")).toBe(-1);
    names.EraseResolveItem(ids[7]!);
    expect(names.ResolveHostnameQueueItem("127.0.0.1")).toBeGreaterThan(0);
  });

  test.each([0, -1, 999])("the id %d is nobody's", (id) => {
    const names = resolver();
    expect(names.GetResolveItemStatus(id)).toBe(ResolverStatus.NONE);
    expect(names.GetResolveItemError(id)).toBe(SocketError.INVALID_PARAMETER);
    expect(names.GetResolveItemAddress(id).IsValid()).toBe(false);
    names.EraseResolveItem(id);
  });

  describe("the backend's lookup of localhost", () => {
    test.each([0, 4] as const)("in family %d finds the loopback address", async (family) => {
      const lookup = scene.Harness.Backend.Lookup("localhost", family);
      let told = 0;
      lookup.OnDone(() => told++);
      await scene.Until(() => lookup.Done(), "the lookup");
      expect(lookup.Failure()).toBe(SocketError.SUCCESS);
      expect(lookup.Addresses().map(String)).toContain("127.0.0.1");
      await scene.Until(() => told > 0, "the call back");
      expect(told).toBe(1);
    });

    test("in family 6 finds IPv6 or nothing", async () => {
      const lookup = scene.Harness.Backend.Lookup("localhost", 6);
      await scene.Until(() => lookup.Done(), "the lookup");
      const found = lookup.Addresses();
      expect(found.some((address) => address.IsIpv4())).toBe(false);
      const { SUCCESS, CANT_RESOLVE } = SocketError;
      expect(lookup.Failure()).toBe(found.length > 0 ? SUCCESS : CANT_RESOLVE);
    });

    test("twenty at once all find it", async () => {
      const { Backend } = scene.Harness;
      const lookups = Array.from({ length: 20 }, () => Backend.Lookup("localhost", 4));
      await scene.Until(() => lookups.every((lookup) => lookup.Done()), "the lookups");
      for (const lookup of lookups) {
        expect(lookup.Addresses().map(String)).toEqual(["127.0.0.1"]);
      }
    });
  });

  test("this machine's addresses are known, or none is", () => {
    const addresses = resolver().GetLocalAddresses();
    expect(addresses.length > 0).toBe(scene.Traits.Capabilities.LocalAddresses);
    expect(addresses.every((address) => address.IsValid())).toBe(true);
    const copy = resolver().GetLocalAddresses();
    copy[0]?.Clear();
    expect(resolver().GetLocalAddresses().map(String)).toEqual(addresses.map(String));
    expect(resolver().GetHostnameFromIP(new IpAddress("127.0.0.1"))).toBe("");
  });

  test("the backend says of itself what the suite knows of it", () => {
    expect(scene.Harness.Backend.Name).toBe(scene.Traits.Name);
    expect(scene.Harness.Backend.Capabilities).toMatchObject(scene.Traits.Capabilities);
  });
}
