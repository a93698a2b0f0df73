import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { Pattern, ReadAll, StatusOf, World, port } from "./World.ts";

/** A little traffic over a bad line. */
function play(seed: number): readonly string[] {
  const world = new World({ Seed: seed, Link: { JitterMs: 20, WriteBytes: 50, ReadBytes: 30 } });
  const { client, server } = world.Pair();
  client.PutData(Pattern(500));
  server.PutData(Pattern(300));
  world.Network.Advance(200);
  client.DisconnectFromHost();
  world.Network.Advance(200);
  return world.Network.Trace.Lines();
}

test("the same seed gives the same trace, another seed another", () => {
  expect(play(7)).toEqual(play(7));
  expect(play(7)).not.toEqual(play(8));
});

test("nothing happens but in Advance", () => {
  const world = new World();
  const { client, server } = world.Pair();
  const before = world.Network.Trace.Count();
  client.PutData(Pattern(100));
  client.Shutdown();
  expect(client.GetOutboundBytes()).toBe(100);
  expect(world.Network.Trace.Count()).toBe(before);
  world.Network.Advance(0);
  expect(client.GetOutboundBytes()).toBe(0);
  expect(server.GetAvailableBytes()).toBe(0);
});

test("the trace tells what happened, with time and place", () => {
  const world = new World({ Link: { LatencyMs: 5 } });
  const { client } = world.Pair();
  client.PutData(Pattern(10));
  world.Network.Advance(20);
  const lines = world.Network.Trace.Lines();
  expect(lines[0]).toBe("0.000 server listen *:7000 SUCCESS");
  expect(lines).toContain("0.000 client#1 connect server 7000");
  expect(lines.some((line) => /^11\.000 client#1 open 10\.0\.0\.1:\d+ /.test(line))).toBe(true);
  expect(lines).toContain("16.000 client#1 send 10");
  expect(lines).toContain("21.000 client#1 arrive 10");
});

test("a stall holds everything back, handshakes too, and keeps the order", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.Listening();
  client.PutData(Pattern(10));
  world.Network.Inject({ Kind: "stall", ForMs: 100, At: "10.0.0.2" });
  const late = world.Stream();
  late.ConnectToHost("10.0.0.2", port);
  world.Network.Advance(50);
  client.PutData(Pattern(10, 10));
  client.DisconnectFromHost();
  world.Network.Advance(49);
  expect(server.GetAvailableBytes()).toBe(0);
  expect(StatusOf(late)).toBe(Status.STATUS_CONNECTING);
  world.Network.Advance(3);
  expect(ReadAll(server)).toEqual(Pattern(20));
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  expect(StatusOf(late)).toBe(Status.STATUS_CONNECTED);
});

test("a plan injects its faults at their times", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.Network.Plan([
    { AfterMs: 10, Fault: { Kind: "stall", ForMs: 20 } },
    { AfterMs: 50, Fault: { Kind: "reset" } },
  ]);
  world.Network.Advance(11);
  client.PutData(Pattern(1));
  world.Network.Advance(18);
  expect(server.GetAvailableBytes()).toBe(0);
  world.Network.Advance(1);
  expect(server.GetAvailableBytes()).toBe(1);
  world.Network.Advance(19);
  expect(client.Poll()).toBe(SocketError.SUCCESS);
  world.Network.Advance(1);
  expect(client.Poll()).toBe(SocketError.CONNECTION_RESET);
  world.ExpectGivenBack();
});

test("GivenBack counts what is held", () => {
  const world = new World();
  const server = world.Listening();
  const client = world.Stream();
  client.ConnectToHost("server", port);
  const cancel = world.Client.After(1_000, () => undefined);
  world.Client.Lookup("server", 0);
  expect(world.Network.GivenBack()).toMatchObject({
    Sockets: 1,
    Listeners: 1,
    Lookups: 2,
    Timers: 1,
  });
  world.Network.Advance(10);
  expect(world.Network.GivenBack()).toMatchObject({ Sockets: 2, Lookups: 0, Events: 0 });
  cancel();
  server.Stop();
  client.Abort();
  world.ExpectGivenBack();
});

test("names can be changed, and forgotten", () => {
  const world = new World();
  world.Network.SetName("server", []);
  const stream = world.Stream();
  stream.ConnectToHost("server", port);
  world.UntilStatus(stream, Status.STATUS_ERROR);
  expect(stream.GetLastError()).toBe(SocketError.CANT_RESOLVE);
  expect(() => world.Network.SetName("a", ["not an address"])).toThrow(TypeError);
});
