import { describe, expect, it } from "vitest";
import { NetSocket } from "../../../networking/core/NetSocket.ts";
import { SocketPhase } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { AwaitedSocket } from "../../../networking/toolkit/AwaitedSocket.ts";
import { ConnectionTimeoutError, EasySocketError } from "../../../networking/toolkit/Errors.ts";
import { PeerAddress } from "../../../networking/toolkit/PeerAddress.ts";
import { Succeed, UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Bytes, Rejection, Text } from "./Peers.ts";

const network = UseNetwork();

async function connected(idleMs: number): Promise<readonly [AwaitedSocket, PlainPeer]> {
  const server = await network.PlainServer();
  const socket = new NetSocket({ Backend: network.Backend, OutboundBufferSize: 1_024 });
  Succeed(socket.ConnectToHost("127.0.0.1", server.Port));
  network.Ending(() => socket.Destroy());
  await WaitFor(() => {
    socket.Poll();
    return socket.GetPhase() === SocketPhase.OPEN;
  }, "a connection");
  const peer = new PeerAddress("127.0.0.1", server.Port);
  return [new AwaitedSocket(socket, peer, idleMs), await server.Peer()];
}

describe("AwaitedSocket", () => {
  it("is readable when bytes come, and not at the peer's end", async () => {
    const [awaited, plain] = await connected(Infinity);
    plain.Send("hi");
    expect(await awaited.Readable()).toBe(true);
    expect(Text(awaited.Receive(1))).toBe("h");
    expect(Text(awaited.Receive(9))).toBe("i");
    plain.Socket.end();
    expect(await awaited.Readable()).toBe(false);
  });

  it("stops waiting once somebody has enough, and is none the worse for it", async () => {
    const [awaited, plain] = await connected(Infinity);
    let enough = false;
    const waiting = awaited.Readable(() => enough);
    enough = true;
    awaited.Check();
    expect(await waiting).toBe(false);
    plain.Send("x");
    expect(await awaited.Readable()).toBe(true);
  });

  it("sends in the order of the calls, however large each is", async () => {
    const [awaited, plain] = await connected(Infinity);
    const pieces = ["a", "b", "c"].map((letter) => letter.repeat(5_000));
    await Promise.all(pieces.map((piece) => awaited.Send(Bytes(piece))));
    await awaited.Finish();
    await WaitFor(() => plain.Ended, "the end");
    expect(plain.Text()).toBe(pieces.join(""));
  });

  it("fails once: all that waits, and all that comes later, hears the first reason", async () => {
    const [awaited, plain] = await connected(Infinity);
    const told: unknown[] = [];
    awaited.OnEnd((failure) => told.push(failure));
    const waiting = Promise.all([
      Rejection(awaited.Readable()),
      Rejection(awaited.Send(new Uint8Array(4_000_000))),
    ]);
    const first = new EasySocketError("First.", SocketError.LIMIT_REACHED);
    expect(awaited.Fail(first)).toBe(first);
    expect(awaited.Fail(new EasySocketError("Second."))).toBe(first);
    expect(await waiting).toEqual([first, first]);
    expect(await Rejection(awaited.Readable())).toBe(first);
    awaited.OnEnd((failure) => told.push(failure));
    expect(told).toEqual([first, first]);
    expect(awaited.IsOpen()).toBe(false);
    await WaitFor(() => plain.Closed, "the reset");
    expect(plain.Failure).toBe("ECONNRESET");
  });

  it("takes silence for a failure, in reading", async () => {
    const [awaited] = await connected(20);
    const error = await Rejection(awaited.Readable());
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
    expect(error.message).toMatch(/^Reading from 127.0.0.1:\d+ failed: nothing moved for 20 ms.$/);
  });

  it("does not take its own held-up event loop for the peer's silence", async () => {
    const [awaited, plain] = await connected(50);
    const reading = awaited.Readable();
    plain.Send("in time");
    for (const end = performance.now() + 120; performance.now() < end;);
    expect(await reading).toBe(true);
  });

  it("closes after what was sent, told by null", async () => {
    const [awaited, plain] = await connected(Infinity);
    const told: unknown[] = [];
    awaited.OnEnd((failure) => told.push(failure));
    void awaited.Send(Bytes("x".repeat(100_000)));
    await awaited.Close();
    expect(told).toEqual([null]);
    await WaitFor(() => plain.Ended, "the end");
    expect(plain.Received.length).toBe(100_000);
    await awaited.Close();
    await awaited.Flush();
    const error = await Rejection(awaited.Send(Bytes("late")));
    expect(error.Code).toBe(SocketError.CONNECTION_CLOSED);
  });
});
