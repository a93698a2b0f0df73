import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type {
  ConnectionServer,
  ServerOptions,
} from "../../../networking/toolkit/ConnectionServer.ts";
import {
  ConnectionTimeoutError,
  EasySocketError,
  PortInUseError,
} from "../../../networking/toolkit/Errors.ts";
import { SendTcpBytes, SendTcpMessage } from "../../../networking/toolkit/TcpClient.ts";
import type { TcpHandler } from "../../../networking/toolkit/TcpServer.ts";
import { StartTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Gate, Text } from "./Peers.ts";

const network = UseNetwork();
const backend = network.Backend;
CaptureNetLog();

async function start(handler: TcpHandler, options: ServerOptions = {}): Promise<ConnectionServer> {
  const server = await StartTcpServer(0, handler, {
    host: "127.0.0.1",
    backend,
    grace: 0,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

describe("the page's examples", () => {
  it("basic server and client", async () => {
    const printed: string[] = [];
    await using server = await StartTcpServer(
      0,
      (data, address, reply) => {
        printed.push(`Received from ${address.Host}: ${new TextDecoder().decode(data)}`);
        void reply.Send("Message received");
      },
      { backend },
    );
    const reply = await SendTcpMessage("localhost", server.Port, "Hello, World!", { backend });
    expect(reply).toBe("Message received");
    expect(printed).toEqual(["Received from 127.0.0.1: Hello, World!"]);
  });

  it("raw bytes", async () => {
    const server = await start((data, _address, reply) => reply.Send(data.toReversed()));
    const data = new Uint8Array([1, 2, 3, 4]);
    expect(await SendTcpBytes("localhost", server.Port, data, { backend })).toEqual(
      new Uint8Array([4, 3, 2, 1]),
    );
  });

  it("graceful shutdown", async () => {
    const shutdown = new AbortController();
    const server = await start(
      async (_data, _address, reply) => {
        if (shutdown.signal.aborted) return;
        await reply.Send("working");
      },
      { signal: shutdown.signal },
    );
    expect(await SendTcpMessage("localhost", server.Port, "x", { backend })).toBe("working");
    shutdown.abort();
    await server.Closed;
    await expect(SendTcpMessage("localhost", server.Port, "x", { backend })).rejects.toThrow(
      EasySocketError,
    );
  });

  it("error handling", async () => {
    const server = await start(() => undefined);
    const said: string[] = [];
    try {
      await StartTcpServer(server.Port, () => undefined, { host: "127.0.0.1", backend });
    } catch (error) {
      if (error instanceof PortInUseError) said.push(`Port is already in use`);
      else if (error instanceof EasySocketError) said.push(`Socket error: ${error.message}`);
    }
    try {
      const options = { backend, timeout: 50, halfCloseAfter: Infinity };
      await SendTcpMessage("localhost", server.Port, "Hello", options);
    } catch (error) {
      if (error instanceof ConnectionTimeoutError) said.push("Connection timed out");
      else if (error instanceof EasySocketError) said.push(`Client error: ${error.message}`);
    }
    expect(said).toEqual(["Port is already in use", "Connection timed out"]);
  });
});

describe("StartTcpServer", () => {
  it("calls the handler once at a time for a connection, and at once for another", async () => {
    const gate = new Gate();
    const seen: string[] = [];
    const server = await start(async (data, _address, reply) => {
      seen.push(Text(data) ?? "");
      if (seen.length === 1) await gate.Opened;
      await reply.Send(`${Text(data)}!`);
    });
    const slow = network.PlainClient(server.Port);
    slow.Send("one");
    await WaitFor(() => seen.length === 1, "the first piece");
    slow.Send("two");
    expect(await SendTcpMessage("127.0.0.1", server.Port, "quick", { backend })).toBe("quick!");
    expect(seen).toEqual(["one", "quick"]);
    gate.Open();
    await slow.WaitReceived(8);
    expect(slow.Text()).toBe("one!two!");
  });

  it("resets the connection of a handler that throws, and no other", async () => {
    const server = await start((data, _address, reply) => {
      if (Text(data) === "bad") throw new Error("a mistake");
      return reply.Send("fine");
    });
    const good = network.PlainClient(server.Port);
    good.Send("1");
    await good.WaitReceived(4);
    const bad = SendTcpMessage("127.0.0.1", server.Port, "bad", { backend });
    await expect(bad).rejects.toMatchObject({ Code: SocketError.CONNECTION_RESET });
    good.Send("2");
    await good.WaitReceived(8);
    expect(server.FailedConnections).toBe(1);
  });

  it("answers a client that has finished sending, however long the answer takes", async () => {
    const server = await start(async (_data, _address, reply) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await reply.Send("late");
    });
    const client = network.PlainClient(server.Port);
    client.Socket.end("x");
    await WaitFor(() => client.Ended, "the end");
    expect(client.Text()).toBe("late");
  });

  it("throws a TypeError without a handler", () => {
    expect(() => StartTcpServer(0, "echo" as never)).toThrow(TypeError);
  });
});
