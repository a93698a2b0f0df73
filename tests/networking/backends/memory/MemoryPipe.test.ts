import { expect, test } from "vitest";
import { giveUpMs } from "../../../../networking/backends/memory/MemoryPipe.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { Pattern, ReadAll, StatusOf, World } from "./World.ts";

/** Reads a stream's bytes, which must be the pattern's. */
class Incoming {
  Received = 0;
  readonly #stream: StreamPeerTCP;

  constructor(stream: StreamPeerTCP) {
    this.#stream = stream;
  }

  /** What is there. @returns how many bytes */
  Read(): number {
    const bytes = ReadAll(this.#stream);
    const whole = Buffer.compare(bytes, Pattern(bytes.length, this.Received)) === 0;
    if (!whole) throw new Error(`Other bytes than sent, from ${this.Received} on.`);
    this.Received += bytes.length;
    return bytes.length;
  }
}

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
  const sizes = new Set<number>();
  const pattern = new Incoming(server);
  let sent = 0;
  const step = (): boolean => {
    if (sent < 200) client.PutData(Pattern(1, sent++));
    sizes.add(pattern.Read());
    return pattern.Received === 200;
  };
  world.Until(step, "all bytes");
  expect(sizes.size).toBeGreaterThan(3); // some came alone, others caught up with slow ones
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
  const pattern = new Incoming(server);
  const step = (): boolean => {
    sizes.add(pattern.Read());
    return pattern.Received === 3_000;
  };
  world.Until(step, "all bytes", 0.05);
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
  const pattern = new Incoming(server);
  const step = (): boolean => {
    pattern.Read();
    return pattern.Received === accepted;
  };
  world.Until(step, "all bytes");
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
