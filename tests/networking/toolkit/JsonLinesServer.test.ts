import { describe, expect, test } from "vitest";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { UnsupportedProtocolError } from "../../../networking/toolkit/Errors.ts";
import { ConnectJson } from "../../../networking/toolkit/JsonLines.ts";
import { SendJson } from "../../../networking/toolkit/JsonLinesClient.ts";
import type {
  JsonHandler,
  JsonServerOptions,
} from "../../../networking/toolkit/JsonLinesServer.ts";
import { StartJsonServer } from "../../../networking/toolkit/JsonLinesServer.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

async function start(
  handler: JsonHandler,
  options: JsonServerOptions = {},
): Promise<ConnectionServer> {
  const server = await StartJsonServer(0, handler, {
    host: "127.0.0.1",
    backend: network.Backend,
    grace: 1,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

const echo: JsonHandler = (value, _address, reply) => reply.Send({ echo: value });

test("answers each value of a plain client, in order", async () => {
  const server = await start(echo);
  const client = network.PlainClient(server.Port);
  client.Send('{"a":1}\n"t');
  client.Send('wo"\n3\n');
  await WaitFor(() => client.Text().split("\n").length === 4, "three answers");
  expect(client.Text()).toBe('{"echo":{"a":1}}\n{"echo":"two"}\n{"echo":3}\n');
});

test("a slow handler gets one value at a time and delays no other client", async () => {
  const seen: unknown[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const server = await start(async (value, _address, reply) => {
    seen.push(value);
    if (value === "slow") await held;
    await reply.Send(value);
  });
  const slow = network.PlainClient(server.Port);
  slow.Send('"slow"\n"next"\n');
  await WaitFor(() => seen.length === 1, "the slow value");
  expect(await SendJson("127.0.0.1", server.Port, "quick", { backend: network.Backend })).toBe(
    "quick",
  );
  expect(seen).toEqual(["slow", "quick"]);
  release();
  await WaitFor(() => slow.Text() === '"slow"\n"next"\n', "both answers");
});

test("a line that is no JSON is answered with an error, and the next one as ever", async () => {
  const server = await start(echo);
  const client = network.PlainClient(server.Port);
  client.Send("hello\n1\n");
  await WaitFor(() => client.Text().split("\n").length === 3, "two answers");
  expect(client.Text()).toBe('{"error":"A line is not JSON."}\n{"echo":1}\n');
});

test("a client that goes in the middle of a value gets its error, a silent one nothing", async () => {
  const server = await start(echo);
  const client = network.PlainClient(server.Port);
  client.Socket.end('{"a":');
  await WaitFor(() => client.Ended, "the end");
  expect(client.Text()).toBe('{"error":"A line is not JSON."}\n');
  const silent = network.PlainClient(server.Port);
  silent.Socket.end();
  await WaitFor(() => silent.Ended, "the end");
  expect([silent.Text(), silent.Failure]).toEqual(["", ""]);
});

describe("ends only the connection", () => {
  test("of a line that is too long", async () => {
    const failures: unknown[] = [];
    const onError = (error: unknown): unknown => failures.push(error);
    const server = await start(echo, { maxLineBytes: 16, onError });
    const other = await ConnectJson("127.0.0.1", server.Port, { backend: network.Backend });
    network.PlainClient(server.Port).Send(`"${"x".repeat(20)}"\n`);
    await WaitFor(() => failures.length === 1, "the failure");
    expect(failures[0]).toBeInstanceOf(UnsupportedProtocolError);
    await other.Send(1);
    expect(await other.Receive()).toEqual({ echo: 1 });
    await other.Close();
  });

  test("whose handler throws, or answers with what has no JSON form", async () => {
    const failures: unknown[] = [];
    const server = await start(
      async (value, _address, reply) => {
        if (value === "throw") throw new Error("on purpose");
        await reply.Send(value === "bad" ? 1n : value);
      },
      { onError: (error) => failures.push(error) },
    );
    for (const text of ["throw", "bad"]) {
      const client = network.PlainClient(server.Port);
      client.Send(`"${text}"\n`);
      await WaitFor(() => client.Closed, "the end");
    }
    expect(failures).toHaveLength(2);
    expect(await SendJson("127.0.0.1", server.Port, "ok", { backend: network.Backend })).toBe("ok");
  });

  test("that its reply closes, after the answers", async () => {
    const server = await start((value, _address, reply) => {
      void reply.Send(value);
      if (value === "bye") reply.Close();
    });
    const client = network.PlainClient(server.Port);
    client.Send('1\n"bye"\n2\n');
    await WaitFor(() => client.Ended, "the end");
    expect(client.Text()).toBe('1\n"bye"\n');
  });
});

test("an aborting signal lets the handler finish its answer, and frees the port", async () => {
  const end = new AbortController();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let begun = false;
  const server = await start(
    async (value, _address, reply) => {
      begun = true;
      await held;
      await reply.Send(value);
    },
    { signal: end.signal, grace: 10_000 },
  );
  const client = network.PlainClient(server.Port);
  client.Send("1\n2\n");
  await WaitFor(() => begun, "the handler");
  end.abort();
  release();
  await server.Closed;
  await WaitFor(() => client.Ended, "the end");
  expect(client.Text()).toBe("1\n");
});

test("a handler that is none is a TypeError that says what to pass", () => {
  expect(() => StartJsonServer(0, "echo" as never)).toThrow(/takes a function/);
});
