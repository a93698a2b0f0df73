import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { StatusOf, World, port } from "./World.ts";

/** The code of a connect that fails, and how long that took. */
function failure(world: World, host: string, stream: StreamPeerTCP = world.Stream()) {
  expect(stream.ConnectToHost(host, port)).toBe(SocketError.SUCCESS);
  const tookMs = world.UntilStatus(stream, Status.STATUS_ERROR);
  const code = stream.GetLastError();
  const reason = stream.GetCloseReason();
  expect(stream.GetConnectedPort()).toBe(0);
  stream.DisconnectFromHost();
  return { code, reason, tookMs };
}

const { ERROR, TIMEOUT } = CloseReason;

test("nobody listens: refused, after one round trip", () => {
  const world = new World({ Link: { LatencyMs: 15 } });
  expect(failure(world, "10.0.0.2")).toEqual({
    code: SocketError.CONNECTION_REFUSED,
    reason: ERROR,
    tookMs: 30,
  });
  world.ExpectGivenBack();
});

test("nobody has the address: unreachable", () => {
  const world = new World();
  expect(failure(world, "10.9.9.9").code).toBe(SocketError.HOST_UNREACHABLE);
  expect(failure(world, "fd00::99").code).toBe(SocketError.HOST_UNREACHABLE);
});

test("a machine without IPv6 cannot reach one by it", () => {
  const world = new World();
  const old = world.Machine({ Addresses: ["192.168.0.4"] });
  const stream = world.Stream({ Backend: old });
  expect(failure(world, "fd00::2", stream).code).toBe(SocketError.HOST_UNREACHABLE);
});

test("connect faults stand for their time, at their address", () => {
  const kinds = [
    ["refuse", SocketError.CONNECTION_REFUSED],
    ["unreachable", SocketError.HOST_UNREACHABLE],
    ["silence", SocketError.TIMED_OUT],
  ] as const;
  for (const [Kind, code] of kinds) {
    const world = new World();
    world.Listening();
    world.Network.Inject({ Kind, ForMs: 20_000, At: "10.0.0.2" });
    const failed = failure(world, "10.0.0.2");
    expect(failed.code).toBe(code);
    expect(failed.reason).toBe(Kind === "silence" ? TIMEOUT : ERROR);
    if (Kind === "silence") expect(failed.tookMs).toBe(Limits.connectTimeoutMs);
    else expect(failed.tookMs).toBeLessThanOrEqual(2);
    world.Network.Advance(20_000);
    const stream = world.Stream();
    stream.ConnectToHost("10.0.0.2", port);
    world.UntilStatus(stream, Status.STATUS_CONNECTED);
  }
});

test("names: unknown, failing, slow, too slow", () => {
  const world = new World();
  world.Listening();
  expect(failure(world, "nowhere.test").code).toBe(SocketError.CANT_RESOLVE);
  world.Network.Inject({ Kind: "failNames", ForMs: 100, Code: SocketError.POLICY_DENIED });
  expect(failure(world, "server").code).toBe(SocketError.POLICY_DENIED);
  world.Network.Advance(100);
  world.Network.Inject({ Kind: "slowNames", ForMs: 10, DelayMs: 400 });
  const patient = world.Stream({ ConnectTimeout: 500 });
  const hasty = world.Stream({ ConnectTimeout: 300 });
  patient.ConnectToHost("server", port);
  expect(failure(world, "server", hasty)).toEqual({
    code: SocketError.TIMED_OUT,
    reason: TIMEOUT,
    tookMs: 300,
  });
  world.UntilStatus(patient, Status.STATUS_CONNECTED);
});

test("happy eyeballs: a silent address is left behind after the stagger", () => {
  const world = new World();
  const server = world.Listening();
  world.Network.SetName("several.test", ["10.0.0.2", "10.0.0.3", "fd00::2"]);
  world.Network.Inject({ Kind: "silence", ForMs: Infinity, At: "10.0.0.2" });
  const stream = world.Stream();
  stream.ConnectToHost("several.test", port);
  const tookMs = world.UntilStatus(stream, Status.STATUS_CONNECTED);
  expect(tookMs).toBe(1 + Limits.connectStaggerMs + 2); // families take turns: fd00::2 is second
  expect(stream.GetConnectedHost().ToString()).toBe("fd00::2");
  expect(stream.GetLocalHost().ToString()).toBe("fd00::1");
  world.Take(server);
  expect(server.TakeConnection()).toBeNull();
});

test("happy eyeballs: refusals do not wait for the stagger; the plainest failure is told", () => {
  const world = new World();
  world.Network.SetName("several.test", ["10.9.9.9", "10.0.0.2", "10.9.9.8"]);
  const failed = failure(world, "several.test");
  expect(failed.code).toBe(SocketError.CONNECTION_REFUSED);
  expect(failed.tookMs).toBeLessThan(Limits.connectStaggerMs);
});

test("happy eyeballs: a slow first address wins when it answers before the second", () => {
  const world = new World({ Link: { LatencyMs: 140 } });
  const server = world.Listening();
  world.Network.SetName("several.test", ["10.0.0.2", "fd00::2"]);
  const stream = world.Stream();
  stream.ConnectToHost("several.test", port);
  world.UntilStatus(stream, Status.STATUS_CONNECTED);
  expect(stream.GetConnectedHost().ToString()).toBe("10.0.0.2");
  world.Network.Advance(1_000);
  world.Take(server);
  expect(server.TakeConnection()).toBeNull();
  server.Stop();
  stream.Abort();
  world.ExpectGivenBack();
});

test("one deadline covers all addresses, of which sixteen are tried", () => {
  const world = new World();
  const names = Array.from({ length: 20 }, (_, i) => `10.9.9.${i}`);
  world.Network.SetName("many.test", names);
  world.Network.Inject({ Kind: "silence", ForMs: Infinity });
  const hasty = world.Stream({ ConnectTimeout: 600 });
  expect(failure(world, "many.test", hasty).tookMs).toBe(600);
  world.Network.Faults.Clear();
  const before = world.Network.Trace.Count();
  expect(failure(world, "many.test").tookMs).toBe(1 + Limits.connectMaxAddresses);
  expect(world.Network.Trace.Count()).toBeGreaterThan(before);
});

test("a bound source is used; a foreign one, or one in use, fails with the connect", () => {
  const world = new World();
  const server = world.Listening({}, 5);
  const bound = world.Stream();
  bound.Bind(5_555, "10.0.0.1");
  bound.ConnectToHost("10.0.0.2", port);
  expect(world.Take(server).GetConnectedPort()).toBe(5_555);
  expect(bound.GetLocalHost().ToString()).toBe("10.0.0.1");

  const second = world.Stream();
  second.Bind(5_555);
  expect(failureOf(world, second)).toBe(SocketError.ADDRESS_IN_USE);
  const foreign = world.Stream();
  foreign.Bind(0, "192.0.2.1");
  expect(failureOf(world, foreign)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  const otherFamily = world.Stream();
  otherFamily.Bind(0, "fd00::1");
  expect(failureOf(world, otherFamily)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);

  bound.Abort();
  const again = world.Stream();
  again.Bind(5_555);
  again.ConnectToHost("10.0.0.2", port);
  world.UntilStatus(again, Status.STATUS_CONNECTED);
});

function failureOf(world: World, stream: StreamPeerTCP): SocketError {
  stream.ConnectToHost("10.0.0.2", port);
  world.UntilStatus(stream, Status.STATUS_ERROR);
  return stream.GetLastError();
}

test("a machine without a free port cannot connect", () => {
  const world = new World();
  world.Listening();
  const tiny = world.Machine({ EphemeralPorts: [50_000, 50_001] });
  const streams = [1, 2, 3].map(() => world.Stream({ Backend: tiny }));
  for (const stream of streams) stream.ConnectToHost("10.0.0.2", port);
  world.Network.Advance(10);
  const codes = streams.map((stream) => stream.Poll());
  expect(codes).toEqual([0, 0, SocketError.ADDRESS_NOT_AVAILABLE]);
  const ports = streams.slice(0, 2).map((stream) => stream.GetLocalPort());
  expect(ports.sort((a, b) => a - b)).toEqual([50_000, 50_001]);
});

test("loopback leads to the machine itself, by name too", () => {
  const world = new World();
  world.Listening();
  for (const host of ["127.0.0.1", "::1", "localhost"]) {
    const inside = world.Stream({ Backend: world.Server });
    inside.ConnectToHost(host, port);
    world.UntilStatus(inside, Status.STATUS_CONNECTED);
    const outside = world.Stream();
    outside.ConnectToHost(host, port);
    world.UntilStatus(outside, Status.STATUS_ERROR);
    expect(outside.GetLastError()).toBe(SocketError.CONNECTION_REFUSED);
  }
});

test("the stream tells what it asked for, as long as it asks", () => {
  const world = new World();
  const stream = world.Stream();
  stream.ConnectToHost("10.0.0.2", port);
  expect(StatusOf(stream)).toBe(Status.STATUS_CONNECTING);
  expect(stream.GetConnectedHost().ToString()).toBe("10.0.0.2");
  expect(stream.GetLocalPort()).toBe(0);
});
