import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { SilentListener } from "../../Support/SilentListener.ts";
import { Pattern, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

/** A port of this machine on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = await network.PlainServer();
  const port = server.Port;
  server.Stop();
  return port;
}

test("connecting shows host and port at once, and both ends when it stands", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(stream.ConnectToHost(new IpAddress("127.0.0.1"), server.Port)).toBe(SocketError.SUCCESS);
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
  expect(stream.GetConnectedHost().ToString()).toBe("127.0.0.1");
  expect(stream.GetConnectedPort()).toBe(server.Port);
  expect(stream.GetLocalPort()).toBe(0);
  expect(stream.GetLocalHost().IsValid()).toBe(false);

  await WaitStatus(stream, Status.STATUS_CONNECTED);
  const plain = await server.Peer();
  expect(stream.GetConnectedHost().ToString()).toBe("127.0.0.1");
  expect(stream.GetConnectedPort()).toBe(server.Port);
  expect(stream.GetLocalHost().ToString()).toBe("127.0.0.1");
  expect(stream.GetLocalPort()).toBe(plain.Socket.remotePort);
  expect(stream.GetCloseReason()).toBe(CloseReason.NONE);

  stream.DisconnectFromHost();
  expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(stream.GetConnectedHost().IsValid()).toBe(false);
  expect(stream.GetConnectedPort()).toBe(0);
  expect(stream.GetCloseReason()).toBe(CloseReason.LOCAL);
});

test("localhost finds a server that listens on IPv4 only", async () => {
  const server = await network.PlainServer("127.0.0.1");
  const stream = network.Stream();
  expect(stream.ConnectToHost("localhost", server.Port)).toBe(SocketError.SUCCESS);
  expect(stream.GetConnectedHost().IsValid()).toBe(false);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  expect(stream.GetConnectedHost().ToString()).toBe("127.0.0.1");
});

test("IPv6 connects too", async () => {
  const server = await network.PlainServer("::1");
  const stream = network.Stream();
  stream.ConnectToHost("::1", server.Port);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  expect(stream.GetConnectedHost().ToString()).toBe("::1");
});

test("a refusal is ERROR with its code, and only a disconnect leaves it", async () => {
  const port = await deadPort();
  const stream = network.Stream();
  stream.ConnectToHost("127.0.0.1", port);
  await WaitStatus(stream, Status.STATUS_ERROR);
  expect(stream.GetLastError()).toBe(SocketError.CONNECTION_REFUSED);
  expect(stream.Poll()).toBe(SocketError.CONNECTION_REFUSED);
  expect(stream.GetCloseReason()).toBe(CloseReason.ERROR);
  expect(stream.GetConnectedHost().IsValid()).toBe(false);
  expect(stream.GetConnectedPort()).toBe(0);
  expect(stream.ConnectToHost("127.0.0.1", port)).toBe(SocketError.ALREADY_INIT);

  stream.DisconnectFromHost();
  expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(stream.Poll()).toBe(SocketError.SUCCESS);
  const server = await network.PlainServer();
  expect(stream.ConnectToHost("127.0.0.1", server.Port)).toBe(SocketError.SUCCESS);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
});

test("a name that nobody knows ends in CANT_RESOLVE", async () => {
  const stream = network.Stream();
  expect(stream.ConnectToHost("no-such-host.invalid", 9)).toBe(SocketError.SUCCESS);
  await WaitStatus(stream, Status.STATUS_ERROR);
  expect(stream.GetLastError()).toBe(SocketError.CANT_RESOLVE);
});

test("a silent host ends in TIMED_OUT after the connect timeout", async () => {
  const silent = await SilentListener.Start();
  const stream = network.Stream({ ConnectTimeout: 60 });
  const from = performance.now();
  stream.ConnectToHost("127.0.0.1", silent.Port);
  await WaitStatus(stream, Status.STATUS_ERROR);
  expect(performance.now() - from).toBeGreaterThanOrEqual(59);
  expect(stream.GetLastError()).toBe(SocketError.TIMED_OUT);
  expect(stream.GetCloseReason()).toBe(CloseReason.TIMEOUT);
  await silent.Stop();
});

test("a second connect is ALREADY_INIT while connecting and while connected", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  stream.ConnectToHost("127.0.0.1", server.Port);
  expect(stream.ConnectToHost("127.0.0.1", server.Port)).toBe(SocketError.ALREADY_INIT);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  expect(stream.ConnectToHost("127.0.0.1", server.Port)).toBe(SocketError.ALREADY_INIT);
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  await server.Peer();
  expect(server.Peers).toHaveLength(1);
});

test("an error of our own keeps the stream until the disconnect, too", async () => {
  const { Stream, Plain } = await network.Pair();
  Stream.FailProtocol();
  expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
  expect(Stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
  const port = Plain.Socket.localPort ?? 0;
  expect(Stream.ConnectToHost("127.0.0.1", port)).toBe(SocketError.ALREADY_INIT);
  await WaitFor(() => Plain.Failure === "ECONNRESET", "the peer to learn of it");
  Stream.DisconnectFromHost();
  expect(Stream.ConnectToHost("127.0.0.1", port)).toBe(SocketError.SUCCESS);
});

test("a disconnect while connecting is final: no late event, and the stream is free again", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  for (const end of [() => stream.DisconnectFromHost(), () => stream.Abort()]) {
    stream.ConnectToHost("127.0.0.1", server.Port);
    end();
    expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
    await WaitFor(() => network.Backend.HeldCount() === 0, "the thread to let go");
    await NextRun();
    expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
    expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
    expect(stream.GetCloseReason()).toBe(CloseReason.LOCAL);
  }
  stream.ConnectToHost("127.0.0.1", server.Port);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
});

test("arguments out of range are codes, and leave the stream as it was", () => {
  const stream = network.Stream();
  for (const port of [0, -1, 65_536, 1.5, Number.NaN, Infinity]) {
    expect(stream.ConnectToHost("127.0.0.1", port)).toBe(SocketError.INVALID_PARAMETER);
  }
  for (const host of ["", "*", "1.2.3.4.5:6", "1.2.3.256", "01.2.3.4", "::g", new IpAddress()]) {
    expect(stream.ConnectToHost(host, 80)).toBe(SocketError.INVALID_IP_ADDRESS);
  }
  for (const host of ["two words", "-.-..", "127.1", "0x7f000001", `${"a".repeat(64)}.test`]) {
    expect(stream.ConnectToHost(host, 80)).toBe(SocketError.CANT_RESOLVE);
  }
  expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(stream.Poll()).toBe(SocketError.SUCCESS);
});

test("the ends of the port range are accepted", async () => {
  for (const port of [1, 65_535]) {
    const stream = network.Stream();
    expect(stream.ConnectToHost("127.0.0.1", port)).toBe(SocketError.SUCCESS);
    stream.Abort();
  }
});

test("arguments of wrong types are programmer mistakes", () => {
  const stream = network.Stream();
  const wrong = stream as unknown as Record<string, (...given: unknown[]) => void>;
  expect(() => wrong.ConnectToHost?.(127, 80)).toThrow(/takes an IpAddress or its text/);
  expect(() => wrong.ConnectToHost?.("127.0.0.1", "80")).toThrow(TypeError);
  expect(() => wrong.Bind?.("80")).toThrow(TypeError);
  expect(() => wrong.SetNoDelay?.(1)).toThrow(TypeError);
  for (const options of [
    { InboundBufferSize: 255 },
    { InboundBufferSize: 256.5 },
    { OutboundBufferSize: 2 ** 28 + 1 },
    { ConnectTimeout: 0 },
    { ConnectTimeout: 2 ** 31 },
    { ConnectTimeout: Number.NaN },
  ]) {
    expect(() => new StreamPeerTCP({ Backend: network.Backend, ...options })).toThrow(TypeError);
  }
  expect(() => new StreamPeerTCP(null as unknown as object)).toThrow(TypeError);
});

test("a bound stream connects from its port and address, once", async () => {
  const server = await network.PlainServer("0.0.0.0");
  const port = await deadPort();
  const stream = network.Stream();
  expect(stream.Bind(70_000)).toBe(SocketError.INVALID_PARAMETER);
  expect(stream.Bind(-1)).toBe(SocketError.INVALID_PARAMETER);
  expect(stream.Bind(0, "no address")).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(stream.Bind(port, "127.0.0.9")).toBe(SocketError.SUCCESS);
  expect(stream.Bind(port, "127.0.0.9")).toBe(SocketError.ALREADY_INIT);
  expect(stream.GetLocalPort()).toBe(port);
  stream.ConnectToHost("127.0.0.1", server.Port);
  expect(stream.Bind(0)).toBe(SocketError.ALREADY_INIT);
  const plain = await server.Peer();
  expect(plain.Socket.remotePort).toBe(port);
  expect(plain.Socket.remoteAddress).toBe("127.0.0.9");
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  expect(stream.GetLocalHost().ToString()).toBe("127.0.0.9");
});

test("a bind to a port in use or to a foreign address fails with the connect", async () => {
  const server = await network.PlainServer();
  const taken = network.Stream();
  taken.Bind(server.Port, "127.0.0.1");
  taken.ConnectToHost("127.0.0.1", server.Port);
  await WaitStatus(taken, Status.STATUS_ERROR);
  expect(taken.GetLastError()).toBe(SocketError.ADDRESS_IN_USE);

  const foreign = network.Stream();
  foreign.Bind(0, "192.0.2.1"); // RFC 5737: nobody's address
  foreign.ConnectToHost("127.0.0.1", server.Port);
  await WaitStatus(foreign, Status.STATUS_ERROR);
  expect(foreign.GetLastError()).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
});

test("options hold from before the connection and during it", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  stream.SetNoDelay(false);
  stream.SetKeepAlive(true);
  stream.ConnectToHost("127.0.0.1", server.Port);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  stream.SetNoDelay(true);
  stream.SetKeepAlive(false);
  stream.PutData(Pattern(3));
  await (await server.Peer()).WaitReceived(3);
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
});

test("where sources cannot be chosen, Bind says so", () => {
  const page = { Capabilities: { Bind: false } } as unknown as NetBackend;
  expect(new StreamPeerTCP({ Backend: page }).Bind(0)).toBe(SocketError.UNAVAILABLE);
});
