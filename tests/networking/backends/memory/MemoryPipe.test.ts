import { expect, test } from "vitest";
import { giveUpMs } from "../../../../networking/backends/memory/MemoryPipe.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Pattern, ReadAll, StatusOf, World } from "./World.ts";

const small = { InboundBufferSize: 512, OutboundBufferSize: 512 };

test("latency is one way, and each direction has its own", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.Client.SetLink({ LatencyMs: 30 });
  world.Server.SetLink({ LatencyMs: 70 });
  client.PutData(Pattern(1));
  server.PutData(Pattern(1));
  world.Network.Advance(29);
  expect(server.GetAvailableBytes()).toBe(0);
  world.Network.Advance(1);
  expect(server.GetAvailableBytes()).toBe(1);
  world.Network.Advance(39);
  expect(client.GetAvailableBytes()).toBe(0);
  world.Network.Advance(1);
  expect(client.GetAvailableBytes()).toBe(1);
});

test("jitter delays, and never changes the order", () => {
  const world = new World({ Seed: 3 });
  const { client, server } = world.Pair();
  world.SetLinks({ LatencyMs: 5, JitterMs: 80 });
  const times = new Set<number>();
  let received = 0;
  for (let sent = 0; received < 200;) {
    if (sent < 200) client.PutData(Pattern(1, sent++));
    world.Network.Advance(1);
    const bytes = ReadAll(server);
    if (bytes.length > 0) times.add(bytes.length);
    expect(bytes).toEqual(Pattern(bytes.length, received));
    received += bytes.length;
  }
  expect(times.size).toBeGreaterThan(3); // some came alone, others caught up with slow ones
});

test("bandwidth: bytes take their time, however they are written", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.SetLinks({ BytesPerSecond: 1_000, LatencyMs: 10 });
  client.PutData(Pattern(500));
  client.PutData(Pattern(500, 500));
  world.Network.Advance(1_009);
  expect(server.GetAvailableBytes()).toBeLessThan(1_000);
  world.Network.Advance(2);
  expect(ReadAll(server)).toEqual(Pattern(1_000));
});

test("short writes and reads: pieces of every size, nothing lost", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.SetLinks({ WriteBytes: 7, ReadBytes: 5 });
  client.PutData(Pattern(3_000));
  const sizes = new Set<number>();
  let received = 0;
  let before = 3_000;
  while (received < 3_000) {
    world.Network.Advance(0.05);
    const taken = before - client.GetOutboundBytes();
    before -= taken;
    const bytes = ReadAll(server);
    expect(bytes).toEqual(Pattern(bytes.length, received));
    received += bytes.length;
    sizes.add(bytes.length);
  }
  expect([...sizes].some((size) => size > 5)).toBe(true); // two reads met
  expect(sizes.size).toBeGreaterThan(4);
  expect(client.GetOutboundBytes()).toBe(0);
});

test("the window bounds what is under way, exactly", () => {
  for (const window of [1, 99, 100, 101]) {
    const world = new World();
    const { client, server } = world.Pair(small);
    world.SetLinks({ WindowBytes: window, LatencyMs: 50 });
    client.PutData(Pattern(200));
    world.Network.Advance(99);
    expect(client.GetOutboundBytes()).toBe(200 - window);
    expect(server.GetAvailableBytes()).toBe(window);
    world.Network.Advance(1); // the acknowledgement
    expect(client.GetOutboundBytes()).toBe(Math.max(0, 200 - 2 * window));
  }
});

test("a full inbound ring stalls the sender; reading lets it go on", () => {
  const world = new World();
  const { client, server } = world.Pair(small);
  world.SetLinks({ WindowBytes: 1_000 });
  let accepted = 0;
  for (let i = 0; i < 50; i++) {
    accepted += client.PutPartialData(Pattern(512, accepted)).BytesSent;
    world.Network.Advance(10);
  }
  expect(accepted).toBe(512 + 1_000 + 512);
  expect(client.GetOutboundBytes()).toBe(512);
  expect(server.GetAvailableBytes()).toBe(512);
  let received = 0;
  while (received < accepted) {
    const bytes = ReadAll(server);
    expect(bytes).toEqual(Pattern(bytes.length, received));
    received += bytes.length;
    world.Network.Advance(10);
  }
  expect(client.GetOutboundBytes()).toBe(0);
});

test("a cut: nobody is told, and the one that sends gives up after a quarter of an hour", () => {
  const world = new World();
  const { client, server } = world.Pair(small);
  world.Network.Inject({ Kind: "cut" });
  client.PutData(Pattern(100));
  world.Network.Advance(giveUpMs - 1);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTED);
  world.Network.Advance(1);
  expect(StatusOf(client)).toBe(Status.STATUS_ERROR);
  expect(client.GetLastError()).toBe(SocketError.TIMED_OUT);
  expect(client.GetCloseReason()).toBe(CloseReason.TIMEOUT);
  expect(StatusOf(server)).toBe(Status.STATUS_CONNECTED); // half-open
  expect(server.GetAvailableBytes()).toBe(0);
  server.Abort();
  world.ExpectGivenBack();
});

test("a cut after the last acknowledgement leaves two silent peers", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.Network.Advance(10);
  world.Network.Inject({ Kind: "cut" });
  world.Network.Advance(2 * giveUpMs);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTED);
  expect(StatusOf(server)).toBe(Status.STATUS_CONNECTED);
  client.DisconnectFromHost();
  server.DisconnectFromHost();
  world.ExpectGivenBack();
});
