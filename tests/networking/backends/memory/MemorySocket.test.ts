import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Pattern, ReadAll, StatusOf, World, port } from "./World.ts";

const small = { InboundBufferSize: 512, OutboundBufferSize: 512 };

test("half close: the answer still comes, then both ends are in order", () => {
  const world = new World();
  const { client, server } = world.Pair();
  client.PutData(Pattern(10));
  expect(client.Shutdown()).toBe(SocketError.SUCCESS);
  world.Network.Advance(10);
  expect(ReadAll(server)).toEqual(Pattern(10));
  server.PutData(Pattern(20));
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTED);
  world.Network.Advance(10);
  expect(ReadAll(client)).toEqual(Pattern(20));
  expect(StatusOf(client)).toBe(Status.STATUS_NONE);
  expect(client.GetCloseReason()).toBe(CloseReason.PEER);
  world.ExpectGivenBack();
});

test("Shutdown may be said again while bytes wait, though both sides have finished", () => {
  const world = new World();
  const { client, server } = world.Pair();
  server.PutData(Pattern(1));
  server.Shutdown();
  client.Shutdown();
  world.Network.Advance(10);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTED);
  expect(client.Shutdown()).toBe(SocketError.SUCCESS);
  expect(client.PutData(Pattern(1))).toBe(SocketError.FAILED);
  expect(ReadAll(client)).toEqual(Pattern(1));
  expect(StatusOf(client)).toBe(Status.STATUS_NONE);
  expect(client.Shutdown()).toBe(SocketError.FAILED);
});

test("Shutdown of a lower socket after a reset is SOCKET_INVALID, also the second", () => {
  const world = new World();
  const server = world.Listening();
  const client = new NetSocket({ Backend: world.Client });
  client.ConnectToHost("10.0.0.2", port);
  const peer = world.Take(server);
  expect(client.Poll()).toBe(SocketError.SUCCESS);
  expect(client.Shutdown()).toBe(SocketError.SUCCESS);
  peer.Abort();
  world.Until(() => client.Poll() === SocketError.CONNECTION_RESET, "the reset");
  expect(client.Shutdown()).toBe(SocketError.SOCKET_INVALID);
});

test("Disconnect is NONE at once, and what was accepted still arrives", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.SetLinks({ BytesPerSecond: 10_000 });
  client.PutData(Pattern(30_000));
  client.DisconnectFromHost();
  expect(StatusOf(client)).toBe(Status.STATUS_NONE);
  const tookMs = world.Until(() => server.GetAvailableBytes() === 30_000, "the bytes");
  expect(tookMs).toBeGreaterThanOrEqual(3_000);
  expect(tookMs).toBeLessThan(3_010);
  expect(ReadAll(server)).toEqual(Pattern(30_000));
  world.Network.Advance(2);
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  world.ExpectGivenBack();
});

test("linger: a peer that does not read is reset when the time is up, and not before", () => {
  const world = new World();
  const { client, server } = world.Pair(small);
  world.SetLinks({ WindowBytes: 100 });
  client.PutData(Pattern(512));
  world.Network.Advance(10);
  client.PutData(Pattern(100, 512));
  client.DisconnectFromHost();
  world.Network.Advance(Limits.lingerMs - 1);
  expect(StatusOf(server)).toBe(Status.STATUS_CONNECTED);
  world.Network.Advance(3);
  expect(StatusOf(server)).toBe(Status.STATUS_ERROR);
  expect(server.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  expect(server.GetCloseReason()).toBe(CloseReason.RESET);
  expect(ReadAll(server)).toEqual(Pattern(512));
  world.ExpectGivenBack();
});

test("after a close the peer's bytes are dropped, and its end is an orderly one", () => {
  const world = new World();
  const { client, server } = world.Pair(small);
  server.PutData(Pattern(512));
  world.Network.Advance(10);
  client.DisconnectFromHost();
  server.PutData(Pattern(512));
  world.Network.Advance(10);
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  expect(server.GetCloseReason()).toBe(CloseReason.PEER);
  world.Network.Advance(10);
  expect(world.Network.GivenBack()).toMatchObject({ Sockets: 0, Events: 0 }); // no linger timer
});

test("Abort resets: bytes on the wire arrive, those that wait do not", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.SetLinks({ BytesPerSecond: 14_600, LatencyMs: 500 });
  client.PutData(Pattern(14_600));
  world.Network.Advance(250); // three pieces of 1,460 bytes are on their way
  client.Abort();
  expect(StatusOf(client)).toBe(Status.STATUS_NONE);
  world.UntilStatus(server, Status.STATUS_ERROR);
  expect(server.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  expect(ReadAll(server)).toEqual(Pattern(3 * 1_460));
  world.ExpectGivenBack();
});

test("a reset reaches a peer whose ring is full", () => {
  const world = new World();
  const { client, server } = world.Pair(small);
  for (let i = 0; i < 10; i++) {
    client.PutPartialData(Pattern(512));
    world.Network.Advance(10);
  }
  client.Abort();
  world.Network.Advance(10);
  expect(StatusOf(server)).toBe(Status.STATUS_ERROR);
  expect(server.GetAvailableBytes()).toBe(512);
});

test("an end while connecting is final", () => {
  for (const end of ["DisconnectFromHost", "Abort"] as const) {
    for (const afterMs of [0, 1, 2, 3]) {
      const world = new World();
      const server = world.Listening();
      const client = world.Stream();
      client.ConnectToHost("10.0.0.2", port);
      world.Network.Advance(afterMs);
      client[end]();
      world.Network.Advance(10);
      expect(StatusOf(client)).toBe(Status.STATUS_NONE);
      server.Stop();
      world.ExpectGivenBack();
    }
  }
});

test("addresses that are given out are copies", () => {
  const world = new World();
  const { client } = world.Pair();
  client.GetConnectedHost().Clear();
  client.GetLocalHost().Clear();
  expect(client.GetConnectedHost().ToString()).toBe("10.0.0.2");
  expect(client.GetLocalHost().ToString()).toBe("10.0.0.1");
});

test("a machine's limit on sockets is LIMIT_REACHED for the one that is over it", () => {
  const world = new World();
  const few = world.Machine({ MaxSockets: 2 });
  world.Listening();
  const streams = [1, 2, 3].map(() => world.Stream({ Backend: few }));
  for (const stream of streams) stream.ConnectToHost("10.0.0.2", port);
  world.Network.Advance(10);
  const codes = streams.map((stream) => stream.Poll());
  expect(codes).toEqual([0, 0, SocketError.LIMIT_REACHED]);
  streams[0]?.Abort();
  streams[2]?.DisconnectFromHost();
  streams[2]?.ConnectToHost("10.0.0.2", port);
  world.Network.Advance(10);
  expect(streams[2]?.Poll()).toBe(SocketError.SUCCESS);
});
