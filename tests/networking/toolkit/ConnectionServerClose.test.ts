import { describe, expect, it } from "vitest";
import { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { Starter } from "./Peers.ts";
import { Echo, Gate, StartServer } from "./Peers.ts";

const network = UseNetwork();
CaptureNetLog();

const start: Starter = (serve, options = {}) => StartServer(network, serve, options);

describe("Close", () => {
  it("frees the port at once, lets a function finish, and then resolves", async () => {
    const gate = new Gate();
    let begun = false;
    const server = await start(
      async (connection) => {
        while (await connection.WaitForData()) {
          await connection.Read();
          begun = true;
          await gate.Opened;
          await connection.Write("done");
        }
      },
      { grace: 10_000 },
    );
    const client = network.PlainClient(server.Port);
    const idle = network.PlainClient(server.Port);
    client.Send("x");
    await WaitFor(() => begun && server.ActiveConnections === 2, "the connections");
    let closed = false;
    const closing = server.Close().then(() => (closed = true));
    await WaitFor(() => idle.Ended, "the end of the idle one");
    const next = await start(Echo, {});
    expect(next.Port).not.toBe(0);
    expect(closed).toBe(false);
    gate.Open();
    await closing;
    await WaitFor(() => client.Ended, "the end");
    expect(client.Text()).toBe("done");
    expect(server.FailedConnections).toBe(0);
    await server.Closed;
    await server.Close();
  });

  it("takes the port back at once", async () => {
    const server = await start(Echo);
    await server.Close();
    await using again = await ConnectionServer.Start(server.Port, Echo, {
      host: "127.0.0.1",
      backend: network.Backend,
    });
    expect(again.Port).toBe(server.Port);
  });

  it("resets what is left after the grace time, and leaves what never ends", async () => {
    const errors: unknown[] = [];
    const server = await start(
      async (connection) => {
        await connection.Read();
        await new Promise(() => undefined);
      },
      { grace: 20, onError: (error) => errors.push(error) },
    );
    const client = network.PlainClient(server.Port);
    client.Send("x");
    await WaitFor(() => server.ActiveConnections === 1, "the connection");
    await server.Close();
    await WaitFor(() => client.Closed, "the reset");
    expect([server.ActiveConnections, server.FailedConnections]).toEqual([0, 1]);
    expect(String(errors[0])).toMatch(
      /^ConnectionTimeoutError: What serves 127.0.0.1:\d+ did not end within 20 ms of grace.$/,
    );
  });

  it("comes by the signal as well, in the middle of everything", async () => {
    const controller = new AbortController();
    const server = await start(Echo, { signal: controller.signal, grace: 50 });
    const clients = Array.from({ length: 50 }, () => network.PlainClient(server.Port));
    for (const client of clients) client.Send("x".repeat(10_000));
    const slow = network.PlainClient(server.Port, "127.0.0.1", false);
    slow.Send(Buffer.alloc(50_000_000));
    await WaitFor(() => server.TotalConnections > 25, "connections");
    const flood = setInterval(() => clients.push(network.PlainClient(server.Port)), 1);
    controller.abort();
    await server.Closed;
    clearInterval(flood);
    expect(server.ActiveConnections).toBe(0);
    slow.Read();
    await WaitFor(
      () => [...clients, slow].every((client) => client.Closed || client.Ended),
      "ends",
    );
  });
});
