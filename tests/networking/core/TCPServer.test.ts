import { afterAll, expect, test } from "vitest";
import { NodeBackend } from "../../../networking/backends/node/NodeBackend.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Status } from "../../../networking/core/Status.ts";
import { TCPServer } from "../../../networking/core/TCPServer.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Pattern, UseNetwork, WaitAvailable, WaitStatus } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const log = CaptureNetLog();
const network = UseNetwork();

test("port 0 is the system's choice, and the answer is there when Listen returns", () => {
  const server = network.Server();
  expect(server.IsListening()).toBe(false);
  expect(server.GetLocalPort()).toBe(0);
  expect(server.Poll()).toBe(SocketError.SOCKET_INVALID);
  expect(server.Listen(0, new IpAddress("127.0.0.1"))).toBe(SocketError.SUCCESS);
  expect(server.IsListening()).toBe(true);
  expect(server.GetLocalPort()).toBeGreaterThan(0);
  expect(server.Poll()).toBe(SocketError.SUCCESS);
  expect(server.Listen(0, "127.0.0.1")).toBe(SocketError.ALREADY_INIT);
  server.Stop();
  expect(server.IsListening()).toBe(false);
  expect(server.GetLocalPort()).toBe(0);
});

test("refusals of the system have codes of their own, and leave the server usable", () => {
  const first = network.Listening();
  const server = network.Server();
  expect(server.Listen(first.GetLocalPort(), "127.0.0.1")).toBe(SocketError.ADDRESS_IN_USE);
  expect(server.IsListening()).toBe(false);
  expect(server.Listen(0, "192.0.2.1")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(server.Listen(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
});

test("arguments out of range are codes, wrong types are programmer mistakes", () => {
  const server = network.Server();
  for (const port of [-1, 65_536, 0.5, Number.NaN]) {
    expect(server.Listen(port, "127.0.0.1")).toBe(SocketError.INVALID_PARAMETER);
  }
  for (const address of ["", "localhost", "1.2.3", new IpAddress()]) {
    expect(server.Listen(0, address)).toBe(SocketError.INVALID_IP_ADDRESS);
  }
  const wrong = server as unknown as { Listen(...given: unknown[]): void };
  expect(() => wrong.Listen("80")).toThrow(TypeError);
  expect(() => wrong.Listen(0, 127)).toThrow(TypeError);
  expect(() => wrong.Listen(0, "127.0.0.1", "many")).toThrow(TypeError);
});

test("a port is free at once after Stop, with connections still open on it", async () => {
  const server = network.Listening();
  const port = server.GetLocalPort();
  const plain = network.PlainClient(port);
  const taken = await network.Take(server);
  for (let i = 0; i < 5; i++) {
    server.Stop();
    expect(server.Listen(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
  }
  server.Stop();
  expect(network.Server().Listen(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
  taken.PutData(Pattern(5));
  await plain.WaitReceived(5);
});

test("a taken connection is CONNECTED, and knows both ends", async () => {
  const server = network.Listening();
  expect(server.TakeConnection()).toBeNull();
  const plain = network.PlainClient(server.GetLocalPort());
  plain.Send("early");
  const taken = await network.Take(server);
  expect(taken.GetStatus()).toBe(Status.STATUS_CONNECTED);
  expect(taken.GetConnectedHost().ToString()).toBe("127.0.0.1");
  expect(taken.GetConnectedPort()).toBe(plain.Socket.localPort);
  expect(taken.GetLocalPort()).toBe(server.GetLocalPort());
  await WaitAvailable(taken, 5);
  expect(taken.GetRawText(5)).toBe("early");
  expect(server.TakeConnection()).toBeNull();
});

test("connections are taken in the order in which they came", async () => {
  const server = network.Listening();
  const ports: (number | undefined)[] = [];
  for (let i = 0; i < 5; i++) {
    const plain = network.PlainClient(server.GetLocalPort());
    await WaitFor(() => !plain.Socket.connecting, "a connection");
    ports.push(plain.Socket.localPort);
  }
  const taken: number[] = [];
  while (taken.length < 5) taken.push((await network.Take(server)).GetConnectedPort());
  expect(taken).toEqual(ports);
});

test("the wildcard takes both families, and each family's wildcard its own", async () => {
  const cases: [string, string[], string[]][] = [
    ["*", ["127.0.0.1", "::1"], []],
    ["0.0.0.0", ["127.0.0.1"], ["::1"]],
    ["::", ["::1"], ["127.0.0.1"]],
  ];
  for (const [address, accepted, refused] of cases) {
    const server = network.Server();
    expect(server.Listen(0, address)).toBe(SocketError.SUCCESS);
    for (const host of accepted) {
      const stream = network.Stream();
      stream.ConnectToHost(host, server.GetLocalPort());
      const taken = await network.Take(server);
      expect(taken.GetConnectedHost().ToString()).toBe(host);
    }
    for (const host of refused) {
      const stream = network.Stream();
      stream.ConnectToHost(host, server.GetLocalPort());
      await WaitStatus(stream, Status.STATUS_ERROR);
      expect(stream.GetLastError()).toBe(SocketError.CONNECTION_REFUSED);
    }
    server.Stop();
  }
});

test("untaken connections over the backlog are reset and counted, the others are kept", async () => {
  const backlog = 3;
  for (const extra of [-1, 0, 1, 2]) {
    const server = network.Listening({}, backlog);
    const plains = Array.from({ length: backlog + extra }, () =>
      network.PlainClient(server.GetLocalPort()),
    );
    const over = Math.max(0, extra);
    await WaitFor(() => plains.every((plain) => !plain.Socket.connecting), "the connections");
    await WaitFor(() => server.GetDroppedConnections() === over, `${over} dropped`);
    await WaitFor(() => plains.filter((plain) => plain.Closed).length === over, "the resets");
    for (let i = 0; i < plains.length - over; i++) {
      expect((await network.Take(server)).GetStatus()).toBe(Status.STATUS_CONNECTED);
    }
    expect(server.TakeConnection()).toBeNull();
    const late = network.PlainClient(server.GetLocalPort());
    await network.Take(server);
    expect(late.Closed).toBe(false);
    server.Stop();
  }
});

test("Stop resets untaken connections and leaves taken ones alone", async () => {
  const server = network.Listening();
  const kept = network.PlainClient(server.GetLocalPort());
  const taken = await network.Take(server);
  const untaken = network.PlainClient(server.GetLocalPort());
  await WaitFor(() => server.IsConnectionAvailable(), "the second connection");
  server.Stop();
  expect(server.IsConnectionAvailable()).toBe(false);
  await WaitFor(() => untaken.Closed, "the reset");
  expect(untaken.Failure).toBe("ECONNRESET");
  kept.Send("x");
  await WaitAvailable(taken, 1);
  taken.PutData(Pattern(2));
  await kept.WaitReceived(2);
  expect(kept.Closed).toBe(false);
});

test("a connection that ended before it was taken is still handed out, with its bytes", async () => {
  const server = network.Listening();
  const plain = network.PlainClient(server.GetLocalPort());
  plain.Socket.end("gone");
  const taken = await network.Take(server);
  await WaitAvailable(taken, 4);
  expect(taken.GetRawText(4)).toBe("gone");
  await WaitStatus(taken, Status.STATUS_NONE);
});

test("a backlog out of range is corrected and logged once", () => {
  for (let i = 0; i < 2; i++) {
    const server = network.Server();
    expect(server.Listen(0, "127.0.0.1", 0)).toBe(SocketError.SUCCESS);
    server.Stop();
    expect(server.Listen(0, "127.0.0.1", 65_536)).toBe(SocketError.SUCCESS);
  }
  expect(log).toEqual([
    "warn A backlog of 0 is outside 1..65535; 1 is used.",
    "warn A backlog of 65536 is outside 1..65535; 65535 is used.",
  ]);
});

test("OnActivity tells of connections, also when it was given before Listen", async () => {
  const server = network.Server();
  let calls = 0;
  server.OnActivity(() => {
    if (server.IsConnectionAvailable()) calls++;
  });
  server.Listen(0, "127.0.0.1");
  network.PlainClient(server.GetLocalPort());
  await WaitFor(() => calls > 0, "a call");
  server.OnActivity(null);
  await network.Take(server);
  expect(calls).toBeGreaterThan(0);
});

const doomed = new NodeBackend();
afterAll(() => doomed.Terminate());

test("a listener that was lost with its thread says so, and can listen again", async () => {
  const server = new TCPServer({ Backend: doomed });
  server.Listen(0, "127.0.0.1");
  await doomed.Terminate();
  await WaitFor(() => !server.IsListening(), "the loss");
  expect(server.Poll()).toBe(SocketError.UNAVAILABLE);
  server.Stop();
  expect(server.Listen(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
  server.Stop();
  await WaitFor(() => doomed.HeldCount() === 0, "the thread to give everything back");
});
