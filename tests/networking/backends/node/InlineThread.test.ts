import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { NodeBackend } from "../../../../networking/backends/node/NodeBackend.ts";
import { InlineThread } from "../../../../networking/backends/node/InlineThread.ts";
import { NodeSocket } from "../../../../networking/backends/node/NodeSocket.ts";
import { SharedSocket } from "../../../../networking/backends/node/SharedSocket.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { Limits } from "../../../../networking/core/Limits.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { Protocol } from "../../../../networking/core/NetSocketOptions.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

let backend = new NodeBackend({ OwnThread: false });
afterEach(async () => {
  await backend.Terminate();
  backend = new NodeBackend({ OwnThread: false });
});

async function connected(): Promise<{
  server: TCPServer;
  near: StreamPeerTCP;
  far: StreamPeerTCP;
}> {
  const server = new TCPServer({ Backend: backend });
  expect(server.Listen(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
  await WaitFor(() => server.Poll() === 0 && server.IsListening(), "the server");
  const near = new StreamPeerTCP({ Backend: backend });
  near.ConnectToHost("127.0.0.1", server.GetLocalPort());
  await WaitFor(() => server.IsConnectionAvailable(), "a connection");
  const far = server.TakeConnection()!;
  expect(await near.WaitStatus(Status.STATUS_CONNECTED, 5_000)).toBe(SocketError.SUCCESS);
  return { server, near, far };
}

describe("InlineThread", () => {
  it("moves bytes both ways without a network thread", async () => {
    const { near, far } = await connected();
    near.PutUtf8String("there");
    const there = await far.GetDataAsync(9);
    expect(new TextDecoder().decode(there.Data.subarray(4))).toBe("there");
    await far.PutDataAsync(new Uint8Array(300_000).fill(7));
    const back = await near.GetDataAsync(300_000);
    expect(back.Data.every((byte) => byte === 7)).toBe(true);
  });

  it("says that it cannot wait, and tells the result of a listen later", async () => {
    expect(backend.Capabilities).toMatchObject({ Blocking: false, SynchronousListen: false });
    const { server } = await connected();
    const second = new TCPServer({ Backend: backend });
    second.Listen(server.GetLocalPort(), "127.0.0.1");
    await WaitFor(() => second.Poll() === SocketError.ADDRESS_IN_USE, "the refusal");
    expect(second.IsListening()).toBe(false);
  });

  it("runs activity handlers from the event loop, never inside a call", async () => {
    const { near, far } = await connected();
    near.DisconnectFromHost();
    far.DisconnectFromHost();
    const socket = new NetSocket({ Backend: backend });
    socket.Open(Protocol.TCP);
    let inside = true;
    const told = new Promise<boolean>((resolve) => socket.OnActivity(() => resolve(inside)));
    socket.ConnectToHost("127.0.0.1", 1);
    inside = false;
    expect(await told).toBe(false);
  });

  it("holds nothing once everything has ended", async () => {
    const { server, near, far } = await connected();
    near.DisconnectFromHost();
    far.DisconnectFromHost();
    server.Stop();
    await WaitFor(() => backend.HeldCount() === 0, "nothing held");
  });

  it("gives a refused listen back without a close", async () => {
    const { server, near, far } = await connected();
    const second = new TCPServer({ Backend: backend });
    second.Listen(server.GetLocalPort(), "127.0.0.1");
    await WaitFor(() => second.Poll() === SocketError.ADDRESS_IN_USE, "the refusal");
    for (const stream of [near, far]) stream.Abort();
    server.Stop();
    await WaitFor(() => backend.HeldCount() === 0, "nothing held");
  });

  it("serves a full list at once, in the middle of a run", () => {
    const link = new InlineThread();
    const shared = SharedSocket.Create(64, 64);
    const last = new NodeSocket(link, shared);
    last.Connect({ Host: new IpAddress("127.0.0.1"), Port: 9, TimeoutMs: 1_000, Source: null });
    for (let id = 2; id <= 2 * Limits.dirtyListEntries - 2; id += 2)
      link.MarkDirty(1e6 + id, false);
    last.Abort();
    expect(last.Phase()).not.toBe(SocketPhase.CLOSED);
    link.MarkDirty(2e6, false);
    expect(last.Phase()).toBe(SocketPhase.CLOSED);
  });

  it("knows a reset behind the last bytes, also if it finishes itself as they come", async () => {
    const far = createServer((peer) => {
      peer.on("data", () => peer.write("half", () => peer.resetAndDestroy()));
    });
    await new Promise<void>((resolve) => far.listen(0, "127.0.0.1", resolve));
    const socket = new NetSocket({ Backend: backend });
    socket.OnActivity(() => {
      if (socket.GetAvailableBytes() > 0) socket.Shutdown();
    });
    socket.ConnectToHost("127.0.0.1", (far.address() as AddressInfo).port);
    await WaitFor(() => {
      return socket.Poll() === SocketError.SUCCESS && socket.GetPhase() === SocketPhase.OPEN;
    }, "a connection");
    socket.Send(Uint8Array.of(1));
    await WaitFor(() => socket.Poll() !== SocketError.SUCCESS || socket.IsAtEnd(), "the end");
    far.close();
    const bytes = new Uint8Array(4);
    socket.Receive(bytes);
    await WaitFor(() => socket.Poll() !== SocketError.SUCCESS || socket.IsAtEnd(), "the end");
    expect(socket.Poll()).toBe(SocketError.CONNECTION_RESET);
  });

  it("has no UDP", () => {
    const socket = new NetSocket({ Backend: backend });
    expect(socket.Open(Protocol.UDP)).toBe(SocketError.UNAVAILABLE);
  });

  it("ends what is open with UNAVAILABLE when it is terminated, and works again afterwards", async () => {
    const { near, server } = await connected();
    await backend.Terminate();
    expect([near.Poll(), server.Poll()]).toEqual([
      SocketError.UNAVAILABLE,
      SocketError.UNAVAILABLE,
    ]);
    const { far } = await connected();
    expect(far.GetStatus()).toBe(Status.STATUS_CONNECTED);
  });
});
