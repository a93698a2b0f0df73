import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { ResolveTarget } from "../../../networking/core/ResolveTarget.ts";
import { IpType } from "../../../networking/core/Resolver.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { LookupBackend } from "./LookupBackend.ts";

test("addresses and localhost need no lookup", () => {
  const backend = new LookupBackend(true);
  const address = new IpAddress("10.0.0.1");
  expect(ResolveTarget(backend, address)).toBe(address);
  expect(String(ResolveTarget(backend, "2001:db8::1"))).toBe("2001:db8::1");
  expect(String(ResolveTarget(backend, "localhost", IpType.IPV4))).toBe("127.0.0.1");
  expect(String(ResolveTarget(backend, "localhost", IpType.IPV6))).toBe("::1");
  expect(backend.Lookups).toHaveLength(0);
});

test("a name is looked up in the wanted family, and waited for", () => {
  const backend = new LookupBackend(true);
  backend.OnBlock = () => backend.Lookups[0]?.Record([new IpAddress("10.0.0.2")]);
  expect(String(ResolveTarget(backend, "Game.Example.", IpType.IPV4))).toBe("10.0.0.2");
  expect(backend.Lookups[0]).toMatchObject({ Name: "game.example", Family: 4 });
  expect(backend.Waits).toHaveLength(1);
});

test("what leads nowhere is a code", () => {
  const backend = new LookupBackend(true);
  backend.OnBlock = () => backend.Lookups.at(-1)?.RecordFailure(SocketError.CANT_RESOLVE);
  expect(ResolveTarget(backend, "nobody.example")).toBe(SocketError.CANT_RESOLVE);
  backend.OnBlock = () => undefined; // no answer in time
  expect(ResolveTarget(backend, "slow.example")).toBe(SocketError.CANT_RESOLVE);
  expect(ResolveTarget(backend, "no host")).toBe(SocketError.CANT_RESOLVE);
  expect(ResolveTarget(backend, "*")).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(ResolveTarget(backend, "")).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(() => ResolveTarget(backend, 7 as unknown as string)).toThrow(TypeError);
});
