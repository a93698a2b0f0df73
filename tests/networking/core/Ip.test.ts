import { beforeEach, describe, expect, test, vi } from "vitest";
import { Ip } from "../../../networking/core/Ip.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { LookupBackend } from "./LookupBackend.ts";

const defaults = vi.hoisted(() => ({ calls: 0, backend: null as unknown }));
vi.mock("../../../networking/core/DefaultBackend.ts", () => ({
  DefaultBackend: (): unknown => {
    defaults.calls++;
    return defaults.backend;
  },
}));

const backend = new LookupBackend(true);
defaults.backend = backend;
const address = new IpAddress("192.0.2.1");

beforeEach(() => Ip.ClearCache());

test("makes the default backend at the first call and once", async () => {
  vi.resetModules();
  defaults.calls = 0;
  const { Ip: fresh } = await import("../../../networking/core/Ip.ts");
  expect(fresh.Type.ANY).toBe(3);
  expect(defaults.calls).toBe(0);
  fresh.ResolveHostname("localhost");
  fresh.ResolveHostname("127.0.0.1");
  expect(defaults.calls).toBe(1);
});

test("Type and ResolverStatus have the documented numbers", () => {
  expect(Ip.Type).toEqual({
    NONE: 0,
    IPV4: 1,
    IPV6: 2,
    ANY: 3,
    TYPE_NONE: 0,
    TYPE_IPV4: 1,
    TYPE_IPV6: 2,
    TYPE_ANY: 3,
  });
  expect(Ip.ResolverStatus).toEqual({ NONE: 0, WAITING: 1, DONE: 2, ERROR: 3 });
  for (const part of [Ip, Ip.Type, Ip.ResolverStatus]) expect(Object.isFrozen(part)).toBe(true);
});

describe("over the default backend", () => {
  test("blocking calls wait for it", () => {
    backend.OnBlock = () => backend.Lookups.at(-1)?.Record([address]);
    expect(Ip.ResolveHostname("a.example")).toBe("192.0.2.1");
    expect(backend.Lookups.at(-1)).toMatchObject({ Name: "a.example", Family: 0 });
    expect(Ip.ResolveHostnameAddress("b.example", Ip.Type.TYPE_IPV4).Equals(address)).toBe(true);
    expect(backend.Lookups.at(-1)).toMatchObject({ Name: "b.example", Family: 4 });
    expect(Ip.ResolveHostnameAddresses("c.example", Ip.Type.IPV6)).toHaveLength(1);
    expect(backend.Lookups.at(-1)).toMatchObject({ Name: "c.example", Family: 6 });
  });

  test("queue items live until erased", () => {
    const id = Ip.ResolveHostnameQueueItem("queued.example");
    expect(Ip.GetResolveItemStatus(id)).toBe(Ip.ResolverStatus.WAITING);
    backend.Lookups.at(-1)?.Record([address]);
    expect(Ip.GetResolveItemStatus(id)).toBe(Ip.ResolverStatus.DONE);
    expect(Ip.GetResolveItemError(id)).toBe(SocketError.SUCCESS);
    expect(Ip.GetResolveItemAddress(id).ToString()).toBe("192.0.2.1");
    expect(Ip.GetResolveItemAddresses(id)).toHaveLength(1);
    Ip.EraseResolveItem(id);
    expect(Ip.GetResolveItemStatus(id)).toBe(Ip.ResolverStatus.NONE);
  });

  test("promises, cache and names work together", async () => {
    const promise = Ip.ResolveHostnameAsync("async.example");
    backend.Lookups.at(-1)?.Record([address]);
    backend.Lookups.at(-1)?.Notify();
    expect(await promise).toBe("192.0.2.1");
    expect(Ip.GetHostnameFromIP(address)).toBe("async.example");
    Ip.ClearCache("async.example");
    expect(Ip.GetHostnameFromIP(address)).toBe("");
  });

  test("local addresses are its own", () => {
    backend.Local = [address];
    expect(Ip.GetLocalAddresses().map((local) => local.ToString())).toEqual(["192.0.2.1"]);
  });
});
