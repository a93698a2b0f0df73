import { describe, expect, it } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import type { EasySocketError } from "../../../networking/toolkit/Errors.ts";
import { ConnectionTimeoutError, PortInUseError } from "../../../networking/toolkit/Errors.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { Starter } from "./Peers.ts";
import { Echo, Rejection, StartServer, Text } from "./Peers.ts";

const network = UseNetwork();
const log = CaptureNetLog();

const start: Starter = (serve, options = {}) => StartServer(network, serve, options);

describe("Start", () => {
  it("says that a port is in use", async () => {
    const first = await start(Echo);
    const second = ConnectionServer.Start(first.Port, Echo, {
      host: "127.0.0.1",
      backend: network.Backend,
    });
    const error = await Rejection(second);
    expect(error).toBeInstanceOf(PortInUseError);
    expect(error.message).toMatch(/^Listening at port \d+ of 127.0.0.1 failed: the address and/);
  });

  it.each([
    [-1, "127.0.0.1", SocketError.INVALID_PARAMETER],
    [65_536, "127.0.0.1", SocketError.INVALID_PARAMETER],
    [0, "nobody.invalid", SocketError.CANT_RESOLVE],
    [0, "300.1.1.1", SocketError.CANT_RESOLVE],
    [0, "192.0.2.1", SocketError.ADDRESS_NOT_AVAILABLE],
  ])("refuses port %i of %s", async (port, host, code) => {
    const starting = ConnectionServer.Start(port, Echo, { host, backend: network.Backend });
    expect((await Rejection(starting)).Code).toBe(code);
  });

  it("takes a name, for its first address", async () => {
    const server = await start(Echo, { host: "localhost" });
    const client = network.PlainClient(server.Port);
    client.Send("hi");
    await client.WaitReceived(2);
  });

  it("refuses a signal that has aborted", async () => {
    const reason = new Error("enough");
    const starting = start(Echo, { signal: AbortSignal.abort(reason) });
    expect((await Rejection(starting)).cause).toBe(reason);
  });

  it.each(["maxConnections", "maxBytes", "idleTimeout", "totalTimeout", "grace"])(
    "throws a TypeError for a negative %s",
    async (option) => {
      await expect(start(Echo, { [option]: -1 })).rejects.toThrow(TypeError);
    },
  );
});

describe("connections", () => {
  it("are served side by side, and counted", async () => {
    const server = await start(Echo);
    const clients = [1, 2, 3].map(() => network.PlainClient(server.Port));
    await WaitFor(() => server.ActiveConnections === 3, "three connections");
    for (const client of clients.toReversed()) {
      client.Send("hi");
      await client.WaitReceived(2);
      client.Socket.end();
      await WaitFor(() => client.Ended, "the end");
    }
    await WaitFor(() => server.ActiveConnections === 0, "no connection");
    expect([server.TotalConnections, server.FailedConnections]).toEqual([3, 0]);
  });

  it("beyond the most wait until one ends; beyond the backlog they are reset", async () => {
    let most = 0;
    const server = await start(
      async (connection) => {
        most = Math.max(most, server.ActiveConnections);
        await Echo(connection);
      },
      { maxConnections: 8 },
    );
    const clients: PlainPeer[] = [];
    while (clients.length < 1_008) {
      // In portions that the system's own queue holds.
      const portion = Array.from({ length: 72 }, () => network.PlainClient(server.Port));
      await WaitFor(() => portion.every((client) => !client.Socket.connecting), "a portion");
      clients.push(...portion);
    }
    const waiting = 8 + Limits.netSocketBacklog;
    await WaitFor(() => server.DroppedConnections === 1_008 - waiting, "the resets");
    for (const client of clients) client.Socket.end("let me in");
    await WaitFor(() => clients.every((client) => client.Closed), "the end of all");
    const served = clients.filter((client) => client.Text() === "let me in");
    expect(most).toBe(8);
    expect(served.length).toBe(waiting);
    expect(server.TotalConnections).toBe(waiting);
    expect(server.FailedConnections).toBe(0);
    // And the server is as good as new.
    const late = network.PlainClient(server.Port);
    late.Send("late");
    await late.WaitReceived(4);
  });

  it("that are silent are reset after the idle time, and harm nobody", async () => {
    const errors: unknown[] = [];
    const server = await start(Echo, { idleTimeout: 50, onError: (error) => errors.push(error) });
    const silent = network.PlainClient(server.Port);
    await WaitFor(() => silent.Closed, "the reset");
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(ConnectionTimeoutError);
    expect(server.FailedConnections).toBe(1);
  });

  it("are reset after the total time, however busy", async () => {
    const server = await start(Echo, { totalTimeout: 150 });
    const busy = network.PlainClient(server.Port);
    const chatter = setInterval(() => busy.Send("x"), 5);
    await WaitFor(() => busy.Closed, "the reset");
    clearInterval(chatter);
    expect(busy.Text().length).toBeGreaterThan(1);
    expect(server.FailedConnections).toBe(1);
  });

  it("may send maxBytes, and not one more", async () => {
    const errors: EasySocketError[] = [];
    const server = await start(Echo, {
      maxBytes: 4,
      onError: (error) => errors.push(error as EasySocketError),
    });
    const modest = network.PlainClient(server.Port);
    modest.Socket.end("1234");
    await WaitFor(() => modest.Ended, "the end");
    expect(modest.Text()).toBe("1234");
    const greedy = network.PlainClient(server.Port);
    greedy.Send("12345");
    await WaitFor(() => greedy.Closed, "the reset");
    expect(errors.map((error) => error.Code)).toEqual([SocketError.LIMIT_REACHED]);
  });

  it("that fail are reported, with their address; others go on", async () => {
    const told: string[] = [];
    const server = await start(
      async (connection) => {
        const data = Text(await connection.Read());
        if (data === "bad") throw new Error("a mistake");
        await connection.Write("fine");
      },
      { onError: (error, address) => told.push(`${address.Host}: ${String(error)}`) },
    );
    const good = network.PlainClient(server.Port);
    const bad = network.PlainClient(server.Port);
    bad.Send("bad");
    await WaitFor(() => bad.Closed, "the reset");
    expect(bad.Failure).toBe("ECONNRESET");
    good.Send("good");
    await good.WaitReceived(4);
    expect(told).toEqual(["127.0.0.1: Error: a mistake"]);
    expect(log).toEqual([]);
  });

  it("log a handler's mistake when nobody else hears it, and no network's", async () => {
    const server = await start(async (connection) => {
      await connection.Read();
      throw new Error("a mistake");
    });
    const reset = network.PlainClient(server.Port);
    await WaitFor(() => server.ActiveConnections === 1, "the connection");
    reset.Socket.resetAndDestroy();
    await WaitFor(() => server.FailedConnections === 1, "the reset");
    const client = network.PlainClient(server.Port);
    client.Send("x");
    await WaitFor(() => server.FailedConnections === 2, "the mistake");
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^error The handler of 127.0.0.1:\d+ failed: Error: a mistake$/);
  });

  it("survive an onError that throws", async () => {
    const server = await start(
      () => {
        throw new Error("a mistake");
      },
      {
        onError: () => {
          throw new Error("another");
        },
      },
    );
    network.PlainClient(server.Port);
    await WaitFor(() => server.FailedConnections === 1, "the mistake");
    expect(log[0]).toMatch(/^error onError failed for 127.0.0.1:\d+: Error: another$/);
  });

  it("that reset in the middle of a reply concern no other", async () => {
    const server = await start(async (connection) => {
      await connection.Read();
      await connection.Write(new Uint8Array(20_000_000));
    });
    const victim = network.PlainClient(server.Port);
    const other = network.PlainClient(server.Port, "127.0.0.1", false);
    victim.Send("x");
    other.Send("x");
    await victim.WaitReceived(1);
    victim.Socket.resetAndDestroy();
    await WaitFor(() => server.FailedConnections === 1, "the reset");
    other.Read();
    await WaitFor(() => other.Ended, "the end");
    expect(other.Received.length).toBe(20_000_000);
  });

  it("free their place although their function never ends", async () => {
    const server = await start(() => new Promise(() => undefined), {
      maxConnections: 1,
      totalTimeout: 20,
    });
    const clients = [1, 2].map(() => network.PlainClient(server.Port));
    await WaitFor(() => clients.every((client) => client.Closed), "both resets");
    await WaitFor(() => server.ActiveConnections === 0, "both places");
    expect(server.FailedConnections).toBe(2);
  });
});
