/** Contract: where and when a server listens, and what `Listen` answers otherwise. */
import { describe, expect, test } from "vitest";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { Reaches, TwoAtOnce, WrongPlaces } from "./Places.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, ADDRESS_IN_USE } = SocketError;

export function ExpectNotListening(server: TCPServer): void {
  expect(server.IsListening()).toBe(false);
  expect(server.GetLocalPort()).toBe(0);
  expect(server.IsConnectionAvailable()).toBe(false);
  expect(server.TakeConnection()).toBeNull();
  expect(server.GetDroppedConnections()).toBe(0);
  expect(server.Poll()).toBe(SocketError.SOCKET_INVALID);
}

export function RefusalCases(scene: Scene): void {
  test("a server that was never asked does not listen", () => {
    const server = scene.Server();
    ExpectNotListening(server);
    server.Stop();
    ExpectNotListening(server);
  });

  test.each(WrongPlaces)("with %s is refused", (_name, port, host, code) => {
    const server = scene.Server();
    expect(server.Listen(port, host)).toBe(code);
    ExpectNotListening(server);
  });

  test("with a text for a port throws", () => {
    expect(() => scene.Server().Listen("80" as never)).toThrow(TypeError);
  });

  test("of a socket before Bind is SOCKET_INVALID", () => {
    const socket = new NetSocket({ Backend: scene.Harness.Backend });
    expect(socket.Listen()).toBe(SocketError.SOCKET_INVALID);
    expect(socket.IsListening()).toBe(false);
  });
}

/** Where a server of this machine listens, whether it learns the outcome at once or later. */
export function PlaceCases(scene: Scene): void {
  test.each(["192.0.2.1", "2001:db8::1"])("at %s is ADDRESS_NOT_AVAILABLE", async (host) => {
    const server = scene.Server();
    expect(await scene.Listen(server, 0, host)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
    expect([server.IsListening(), server.TakeConnection()]).toEqual([false, null]);
    server.Stop();
    ExpectNotListening(server);
    expect(await scene.Listen(server, 0, home)).toBe(SUCCESS);
  });

  test.each(Reaches)("at %s: a client at %s gets in: %s", async (at, host, getsIn) => {
    const server = scene.Server();
    expect(await scene.Listen(server, 0, at)).toBe(SUCCESS);
    const client = scene.Stream();
    client.ConnectToHost(host, server.GetLocalPort());
    const status = getsIn ? Status.STATUS_CONNECTED : Status.STATUS_ERROR;
    await scene.UntilStatus(client, status);
    expect(client.GetLastError()).toBe(getsIn ? SUCCESS : SocketError.CONNECTION_REFUSED);
    if (!getsIn) return;
    const taken = await scene.Take(server);
    expect(taken.GetConnectedHost().ToString()).toBe(host);
    expect(taken.GetLocalHost().ToString()).toBe(host);
  });

  test.each(TwoAtOnce)("at %s and at %s on one port: code %d", async (first, second, code) => {
    const server = scene.Server();
    expect(await scene.Listen(server, 0, first)).toBe(SUCCESS);
    const other = scene.Server();
    expect(await scene.Listen(other, server.GetLocalPort(), second)).toBe(code);
    expect(other.IsListening()).toBe(code === SUCCESS);
    expect(server.IsListening()).toBe(true);
  });
}

/** What follows a stop, whether the outcome of a listen is known at once or later. */
export function AgainCases(scene: Scene): void {
  test.each(["taken", "untaken"])("with a connection %s", async (which) => {
    const server = await scene.Listening();
    const port = server.GetLocalPort();
    scene.FarClient(port);
    await scene.Until(() => server.IsConnectionAvailable(), "a connection");
    if (which === "taken") await scene.Take(server);
    server.Stop();
    expect(await scene.Listen(server, port, home)).toBe(SUCCESS);
    const far = scene.FarClient(port);
    const taken = await scene.Take(server);
    expect(taken.PutU8(1)).toBe(SUCCESS);
    await scene.UntilHeard(far, 1);
  });

  test("twice stopped is as good as once, and nobody is there", async () => {
    const server = await scene.Listening();
    const port = server.GetLocalPort();
    server.Stop();
    server.Stop();
    const client = scene.Stream();
    client.ConnectToHost(home, port);
    await scene.UntilStatus(client, Status.STATUS_ERROR);
    expect(client.GetLastError()).toBe(SocketError.CONNECTION_REFUSED);
  });
}

export function ListeningCases(scene: Scene): void {
  RefusalCases(scene);
  PlaceCases(scene);

  test("at port 0 gets a port of its own", async () => {
    const [one, two] = [await scene.Listening(), await scene.Listening()];
    for (const server of [one, two]) {
      expect(server.IsListening()).toBe(true);
      expect(server.Poll()).toBe(SUCCESS);
      expect(server.GetLocalPort()).toBeGreaterThan(0);
      expect(server.IsConnectionAvailable()).toBe(false);
      expect(server.TakeConnection()).toBeNull();
    }
    expect(one.GetLocalPort()).not.toBe(two.GetLocalPort());
  });

  test("twice is ALREADY_INIT, and the first goes on", async () => {
    const server = await scene.Listening();
    const port = server.GetLocalPort();
    expect(server.Listen(0)).toBe(SocketError.ALREADY_INIT);
    expect(server.GetLocalPort()).toBe(port);
    expect(server.IsListening()).toBe(true);
  });

  describe("again at once after Stop", () => {
    test("with nobody connected", async () => {
      const server = await scene.Listening();
      const port = server.GetLocalPort();
      for (let i = 0; i < 10; i++) {
        server.Stop();
        ExpectNotListening(server);
        expect(server.Listen(port, home)).toBe(SUCCESS);
        expect(server.GetLocalPort()).toBe(port);
      }
    });

    AgainCases(scene);

    test("by another server", async () => {
      const server = await scene.Listening();
      const port = server.GetLocalPort();
      const other = scene.Server();
      expect(other.Listen(port, home)).toBe(ADDRESS_IN_USE);
      server.Stop();
      expect(other.Listen(port, home)).toBe(SUCCESS);
    });
  });
}
