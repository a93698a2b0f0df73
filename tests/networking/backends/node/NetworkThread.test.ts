import { expect, test } from "vitest";
import { NetworkThread } from "../../../../networking/backends/node/NetworkThread.ts";
import { NodeBackend } from "../../../../networking/backends/node/NodeBackend.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { BackendListener } from "../../../../networking/core/NetBackend.ts";
import { ListenerPhase } from "../../../../networking/core/NetBackend.ts";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { CaptureNetLog } from "../../../Support/NetLogLines.ts";
import { UseNetwork, WaitStatus } from "../../../Support/Network.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const log = CaptureNetLog();
const network = UseNetwork();
const rings = { InboundBufferBytes: 1_024, OutboundBufferBytes: 1_024 };

/** A command that the public classes never let through: the thread throws on it and dies. */
function crash(backend: NodeBackend): BackendListener {
  const impossible = { Address: new IpAddress("127.0.0.1"), Port: 70_000, Backlog: 1, ...rings };
  return backend.Listen(impossible);
}

/** A listener and a connected stream on a backend of their own, for a crash. */
async function victims(): Promise<{
  Doomed: NodeBackend;
  Server: TCPServer;
  Stream: StreamPeerTCP;
}> {
  const doomed = new NodeBackend();
  const server = new TCPServer({ Backend: doomed });
  server.Listen(0, "127.0.0.1");
  const stream = new StreamPeerTCP({ Backend: doomed });
  stream.ConnectToHost("127.0.0.1", server.GetLocalPort());
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  return { Doomed: doomed, Server: server, Stream: stream };
}

test("a crash of the thread turns every socket to ERROR, with one log line that says why", async () => {
  const { Doomed, Server, Stream } = await victims();
  const other = new StreamPeerTCP({ Backend: Doomed });
  other.ConnectToHost("127.0.0.1", Server.GetLocalPort());
  await WaitStatus(other, Status.STATUS_CONNECTED);

  const listener = crash(Doomed);
  expect(listener.Phase()).toBe(ListenerPhase.CLOSED);
  expect(listener.Failure()).toBe(SocketError.UNAVAILABLE);
  for (const stream of [Stream, other]) {
    await WaitStatus(stream, Status.STATUS_ERROR);
    expect(stream.GetLastError()).toBe(SocketError.UNAVAILABLE);
    expect(stream.GetCloseReason()).toBe(CloseReason.ERROR);
  }
  expect(Server.IsListening()).toBe(false);
  expect(Server.TakeConnection()).toBeNull();
  expect(Doomed.HeldCount()).toBe(0);
  await WaitFor(() => log.length > 0, "a log line");
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(/^error The network thread died \(.*port.*\); open sockets lost: \d+\.$/i);
});

test("the next use starts a new thread, which the dead one's sockets do not disturb", async () => {
  const { Doomed, Server, Stream } = await victims();
  await Doomed.Terminate();
  await WaitStatus(Stream, Status.STATUS_ERROR);
  Server.Stop();
  expect(Server.Listen(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
  Stream.DisconnectFromHost();
  expect(Stream.ConnectToHost("127.0.0.1", Server.GetLocalPort())).toBe(SocketError.SUCCESS);
  await WaitStatus(Stream, Status.STATUS_CONNECTED);
  Stream.Abort();
  Server.Stop();
  await WaitFor(() => Doomed.HeldCount() === 0, "the new thread to give everything back");
  await Doomed.Terminate();
});

test("a wait ends when the thread dies in the middle of it", () => {
  const thread = new NetworkThread();
  thread.Send({
    Op: "listen",
    Id: thread.NewId(),
    Memory: new SharedArrayBuffer(64),
    Address: "127.0.0.1",
    Port: 70_000,
    Backlog: 1,
    ...rings,
  });
  expect(thread.Block(() => false, Infinity)).toBe(false);
  expect(thread.IsDead()).toBe(true);
});

test("blocking calls end at once after the thread was terminated", async () => {
  const { Doomed, Stream } = await victims();
  Stream.BlockingTimeout = Infinity;
  const dying = Doomed.Terminate();
  expect(Stream.GetData(new Uint8Array(4))).toBe(SocketError.FAILED);
  expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
  expect(Stream.GetLastError()).toBe(SocketError.UNAVAILABLE);
  await dying;
});

test("a blocking getter after a crash in the same synchronous run does not wait for ever", async () => {
  const { Doomed, Stream } = await victims();
  Stream.BlockingTimeout = Infinity;
  crash(Doomed);
  expect(Stream.GetU32()).toBeNull();
  expect(Stream.GetLastError()).toBe(SocketError.UNAVAILABLE);
});

test("a promise that waits on a dead thread's socket is settled", async () => {
  const { Doomed, Stream } = await victims();
  const data = Stream.GetDataAsync(4);
  await Doomed.Terminate();
  expect((await data).Result).toBe(SocketError.FAILED);
});

test("an ended thread that held nothing is not worth a line", async () => {
  const backend = new NodeBackend();
  const lookup = backend.Lookup("localhost", 4);
  expect(backend.Block(() => lookup.Done(), 5_000)).toBe(true);
  expect(backend.HeldCount()).toBe(0);
  await backend.Terminate();
  expect(log).toEqual([]);
});

test("handlers run from the event loop, also when a polled call reads the report", async () => {
  const server = await network.PlainServer();
  const socket = new NetSocket({ Backend: network.Backend });
  network.Ending(() => socket.Destroy());
  let calls = 0;
  socket.OnActivity(() => calls++);
  socket.ConnectToHost("127.0.0.1", server.Port);
  const plain = await server.Peer();

  // One synchronous run: the bytes arrive, and so does the report of them.
  const before = calls;
  plain.Send("x");
  expect(network.Backend.Block(() => socket.GetAvailableBytes() === 1, 5_000)).toBe(true);
  expect(network.Backend.Block(() => calls > before, 50)).toBe(false);

  await WaitFor(() => calls > before, "the handler to be called");
});
