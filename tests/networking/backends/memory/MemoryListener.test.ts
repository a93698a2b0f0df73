import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { StatusOf, World, port } from "./World.ts";

test("Listen has its result at once: in use, not local, the system's choice", () => {
  const world = new World();
  const make = (): TCPServer => new TCPServer({ Backend: world.Server });
  const first = make();
  expect(first.Listen(port, "10.0.0.2")).toBe(SocketError.SUCCESS);
  expect(first.IsListening()).toBe(true);
  expect(first.GetLocalPort()).toBe(port);
  expect(first.Listen(port)).toBe(SocketError.ALREADY_INIT);
  for (const address of ["*", "0.0.0.0", "10.0.0.2"]) {
    expect(make().Listen(port, address)).toBe(SocketError.ADDRESS_IN_USE);
  }
  expect(make().Listen(port, "::")).toBe(SocketError.SUCCESS);
  expect(make().Listen(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
  expect(make().Listen(port, "10.0.0.1")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  const chosen = make();
  expect(chosen.Listen(0)).toBe(SocketError.SUCCESS);
  expect(chosen.GetLocalPort()).toBeGreaterThanOrEqual(49_152);
  expect(new TCPServer({ Backend: world.Client }).Listen(port)).toBe(SocketError.SUCCESS);
  first.Stop();
  expect(make().Listen(port, "0.0.0.0")).toBe(SocketError.ADDRESS_IN_USE); // 127.0.0.1 listens
  expect(make().Listen(port, "10.0.0.2")).toBe(SocketError.SUCCESS);
});

test("the wildcard takes both families, and each family's wildcard its own", () => {
  const cases: [string, string[], string[]][] = [
    ["*", ["10.0.0.2", "fd00::2"], []],
    ["0.0.0.0", ["10.0.0.2"], ["fd00::2"]],
    ["::", ["fd00::2"], ["10.0.0.2"]],
    ["10.0.0.2", ["10.0.0.2"], ["fd00::2"]],
  ];
  for (const [address, accepted, refused] of cases) {
    const world = new World();
    const server = new TCPServer({ Backend: world.Server });
    expect(server.Listen(port, address)).toBe(SocketError.SUCCESS);
    for (const host of [...accepted, ...refused]) {
      const client = world.Stream();
      client.ConnectToHost(host, port);
      world.Network.Advance(10);
      const standing = accepted.includes(host);
      expect(StatusOf(client)).toBe(standing ? Status.STATUS_CONNECTED : Status.STATUS_ERROR);
    }
  }
});

test("over the backlog the newest are reset and counted, the others are kept in order", () => {
  const backlog = 3;
  for (const extra of [-1, 0, 1, 2]) {
    const world = new World();
    const server = world.Listening({}, backlog);
    const clients = Array.from({ length: backlog + extra }, () => world.Stream());
    for (const client of clients) {
      client.ConnectToHost("10.0.0.2", port);
      world.Network.Advance(10);
    }
    const over = Math.max(0, extra);
    expect(server.GetDroppedConnections()).toBe(over);
    clients.forEach((client, i) => {
      expect(client.Poll()).toBe(i < backlog ? SocketError.SUCCESS : SocketError.CONNECTION_RESET);
    });
    for (const client of clients.slice(0, backlog)) {
      expect(server.TakeConnection()?.GetConnectedPort()).toBe(client.GetLocalPort());
    }
    expect(server.TakeConnection()).toBeNull();
  }
});

test("a machine with as many sockets as it may drops and counts", () => {
  const world = new World();
  const few = world.Machine({ Name: "few", MaxSockets: 1 });
  const server = new TCPServer({ Backend: few });
  server.Listen(port);
  const clients = [world.Stream(), world.Stream()];
  for (const client of clients) client.ConnectToHost("few", port);
  world.Network.Advance(10);
  expect(clients.map((client) => client.Poll())).toEqual([0, SocketError.CONNECTION_RESET]);
  expect(server.GetDroppedConnections()).toBe(1);
});

test("Stop frees the port, resets what was not taken, and leaves the taken alone", () => {
  const world = new World();
  const server = world.Listening();
  const [kept, untaken, late, refused] = [1, 2, 3, 4].map(() => world.Stream());
  kept!.ConnectToHost("10.0.0.2", port);
  const taken = world.Take(server);
  untaken!.ConnectToHost("10.0.0.2", port);
  world.Until(() => server.IsConnectionAvailable(), "the second");
  late!.ConnectToHost("10.0.0.2", port);
  world.UntilStatus(late!, Status.STATUS_CONNECTED);
  server.Stop();
  expect(server.IsConnectionAvailable()).toBe(false);
  expect(world.Listening().IsListening()).toBe(true);
  refused!.ConnectToHost("10.0.0.2", port + 1);
  world.Network.Advance(10);
  expect(untaken!.Poll()).toBe(SocketError.CONNECTION_RESET);
  expect(late!.Poll()).toBe(SocketError.CONNECTION_RESET);
  expect(refused!.Poll()).toBe(SocketError.CONNECTION_REFUSED);
  expect(StatusOf(kept!)).toBe(Status.STATUS_CONNECTED);
  expect(StatusOf(taken)).toBe(Status.STATUS_CONNECTED);
});

test("a connection that ended before it was taken is handed out, with its bytes", () => {
  const world = new World();
  const server = world.Listening();
  const client = world.Stream();
  client.ConnectToHost("10.0.0.2", port);
  world.UntilStatus(client, Status.STATUS_CONNECTED);
  client.PutRawText("gone");
  client.DisconnectFromHost();
  world.Network.Advance(10);
  const taken = world.Take(server);
  expect(taken.GetRawText(4)).toBe("gone");
  expect(StatusOf(taken)).toBe(Status.STATUS_NONE);
  server.Stop();
  world.ExpectGivenBack();
});

test("OnActivity tells of connections, from Advance and never from inside a call", () => {
  const world = new World();
  const server = new TCPServer({ Backend: world.Server });
  let calls = 0;
  server.OnActivity(() => calls++);
  server.Listen(port);
  expect(calls).toBe(0);
  world.Network.Advance(0);
  const before = calls;
  world.Stream().ConnectToHost("10.0.0.2", port);
  world.Client.Block(() => server.IsConnectionAvailable(), 1_000);
  expect(calls).toBe(before);
  world.Network.Advance(0);
  expect(calls).toBe(before + 1);
});
