/** `run-tcp-server` and `send-tcp`, against each other, plain sockets, nc and socat. */
import { beforeAll, describe, expect, test } from "vitest";
import { ConnectPlain, PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { RequireTool } from "./ForeignTool.ts";
import { Moonwire, Run } from "./Run.ts";

beforeAll(() => {
  RequireTool("nc", "netcat-openbsd");
  RequireTool("socat", "socat");
}, 300_000);

test("the page's example: a message and its echo", async () => {
  const server = Run.Moonwire("run-tcp-server", "0");
  const port = String(await server.Port());
  const client = await Moonwire("send-tcp", "localhost", port, "Hello, World!");
  expect([client.Code, client.Out, client.Err]).toEqual([0, "Echo: Hello, World!\n", ""]);
  await WaitFor(() => server.Out.includes("13 bytes: Hello, World!\n"), "the server's line");
});

describe("run-tcp-server", () => {
  test.each([
    ["nc", (port: number) => `printf 'Zoë 😀' | nc -N 127.0.0.1 ${port}`],
    ["socat", (port: number) => `printf 'Zoë 😀' | socat -t 5 - TCP:127.0.0.1:${port}`],
  ])("answers %s", async (_name, line) => {
    const server = Run.Moonwire("run-tcp-server", "0");
    const client = Run.Shell(line(await server.Port()));
    await client.Ended();
    expect([client.Code, client.Out, client.Err]).toEqual([0, "Echo: Zoë 😀", ""]);
  });

  test("answers a plain socket again and again, while another one is silent", async () => {
    const server = Run.Moonwire("run-tcp-server", "0");
    const port = await server.Port();
    const silent = ConnectPlain(port);
    const client = ConnectPlain(port);
    for (const text of ["one", "two"]) {
      client.Send(text);
      await WaitFor(() => client.Text().endsWith(`Echo: ${text}`), "the echo");
    }
    for (const peer of [silent, client]) peer.Socket.destroy();
  });

  test("--json tells the same as one line of JSON per event", async () => {
    const server = Run.Moonwire("run-tcp-server", "0", "--json");
    const port = await server.Port();
    await Moonwire("send-tcp", "127.0.0.1", String(port), 'a "b"\n');
    server.Child.kill("SIGTERM");
    await server.Ended();
    expect(server.Events()).toEqual([
      { event: "listening", host: "127.0.0.1", port },
      {
        event: "data",
        from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        bytes: 6,
        text: 'a "b"\n',
      },
      { event: "ended", connections: 1 },
    ]);
  });

  test("prints no control characters of a client", async () => {
    const server = Run.Moonwire("run-tcp-server", "0");
    const client = ConnectPlain(await server.Port());
    client.Send("\u001b[2Jgone\u0007\n\u202e");
    await WaitFor(() => server.Out.includes("gone"), "the line");
    expect(server.Out).toContain("\\u001b[2Jgone\\u0007\\n\\u202e\n");
    client.Socket.destroy();
  });

  test("tells of a connection that fails, and goes on", async () => {
    const server = Run.Moonwire("run-tcp-server", "0");
    const port = await server.Port();
    const client = ConnectPlain(port);
    client.Send("x");
    await client.WaitReceived(1);
    client.Socket.resetAndDestroy();
    await WaitFor(() => server.Out.includes("failed"), "the line");
    expect((await Moonwire("send-tcp", "127.0.0.1", String(port), "on")).Out).toBe("Echo: on\n");
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends in order: the answer arrives, then the end, the exit code is 0",
    async (signal) => {
      const server = Run.Moonwire("run-tcp-server", "0");
      const client = ConnectPlain(await server.Port());
      client.Send("x".repeat(50_000));
      await client.WaitReceived(1);
      server.Child.kill(signal);
      await WaitFor(() => client.Ended, "the end");
      expect(client.Text().replaceAll("Echo: ", "")).toBe("x".repeat(50_000));
      client.Socket.end();
      await server.Ended();
      expect([server.Code, server.Err, client.Failure]).toEqual([0, "", ""]);
    },
  );
});

describe("send-tcp", () => {
  test("--json gives the reply and its time", async () => {
    const server = Run.Moonwire("run-tcp-server", "0");
    const port = String(await server.Port());
    const client = await Moonwire("send-tcp", "127.0.0.1", port, "x", "--json");
    expect(client.Events()).toEqual([{ reply: "Echo: x", milliseconds: expect.any(Number) }]);
  });

  test("gives a program the reply as it is, with an end of line if it has none", async () => {
    const server = await PlainServer.Start();
    const client = Run.Moonwire("send-tcp", "127.0.0.1", String(server.Port), "x");
    (await server.Peer()).Socket.end("\u001b[1mbold\u001b[0m\nend");
    await client.Ended();
    expect(client.Out).toBe("\u001b[1mbold\u001b[0m\nend\n");
    server.Stop();
  });

  test("a peer that ends without a reply is no failure", async () => {
    const server = await PlainServer.Start();
    const client = Run.Moonwire("send-tcp", "127.0.0.1", String(server.Port), "x");
    (await server.Peer()).Socket.end();
    await client.Ended();
    expect([client.Code, client.Out]).toEqual([0, ""]);
    server.Stop();
  });

  test("a silent peer is one, after --timeout", async () => {
    const server = await PlainServer.Start();
    const args = ["send-tcp", "127.0.0.1", String(server.Port), "x", "--timeout", "100"];
    const client = await Moonwire(...args);
    expect(client.Code).toBe(1);
    expect(client.Err).toMatch(/100 ms\.\n$/);
    server.Stop();
  });

  test("a signal ends it; the message had no reply, so it has failed", async () => {
    const server = await PlainServer.Start();
    const client = Run.Moonwire("send-tcp", "127.0.0.1", String(server.Port), "x");
    await (await server.Peer()).WaitReceived(1);
    client.Child.kill("SIGINT");
    await client.Ended();
    expect(client.Code).toBe(1);
    expect(client.Err.trim().split("\n")).toHaveLength(1);
    server.Stop();
  });
});
