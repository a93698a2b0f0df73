/** NetSocket opened for UDP, over real sockets. */
import { expect, test } from "vitest";
import { NetSocket } from "../../../networking/core/NetSocket.ts";
import type { NetSocketOptions } from "../../../networking/core/NetSocketOptions.ts";
import { Protocol } from "../../../networking/core/NetSocketOptions.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Pattern, Succeed, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { NoUdp } from "./FakeDatagram.ts";

const network = UseNetwork();

function socket(options: NetSocketOptions = {}): NetSocket {
  const made = new NetSocket({ Backend: network.Backend, ...options });
  network.Ending(() => made.Destroy());
  Succeed(made.Open(Protocol.UDP));
  return made;
}

function bound(options: NetSocketOptions = {}): NetSocket {
  const made = socket(options);
  Succeed(made.Bind(0, "127.0.0.1"));
  return made;
}

function arrive(at: NetSocket): void {
  const arrived = (): boolean => at.GetAvailableBytes() > 0;
  expect(network.Backend.Block(arrived, 5_000)).toBe(true);
}

test("datagrams go to and fro with their borders and ends", () => {
  const [a, b] = [bound(), bound()];
  const buffer = new Uint8Array(8);
  expect(a.SendTo(Uint8Array.of(1, 2), "127.0.0.1", b.GetLocalPort())).toEqual({
    Result: SocketError.SUCCESS,
    BytesSent: 2,
  });
  a.SendTo(Uint8Array.of(3), "127.0.0.1", b.GetLocalPort());
  arrive(b);
  const first = b.ReceiveFrom(buffer);
  expect(first).toMatchObject({ Result: 0, Received: 2, Port: a.GetLocalPort() });
  arrive(b);
  expect(b.GetAvailableBytes()).toBe(1);
  expect(b.ReceiveFrom(buffer)).toMatchObject({ Result: 0, Received: 1 });
  expect(b.ReceiveFrom(buffer)).toMatchObject({ Result: SocketError.BUSY, Received: 0, Port: 0 });
  expect(b.SendTo(Uint8Array.of(4), first.Address, first.Port).BytesSent).toBe(1);
  arrive(a);
  expect(a.Receive(buffer)).toEqual({ Result: SocketError.SUCCESS, Received: 1 });
});

test("a datagram too long for the buffer is cut and reported", () => {
  const [a, b] = [bound(), bound()];
  a.SendTo(Pattern(100), "127.0.0.1", b.GetLocalPort());
  arrive(b);
  expect(b.ReceiveFrom(new Uint8Array(99))).toMatchObject({
    Result: SocketError.OUT_OF_BUFFER_MEMORY,
    Received: 99,
    Port: a.GetLocalPort(),
  });
  expect(b.GetAvailableBytes()).toBe(0);
});

test("a connected socket sends, receives and knows both ends", () => {
  const [a, b] = [socket(), bound()];
  expect(a.Send(Uint8Array.of(1)).Result).toBe(SocketError.SOCKET_INVALID);
  expect(a.ConnectToHost("127.0.0.1", b.GetLocalPort())).toBe(SocketError.SUCCESS);
  expect(a.ConnectToHost("127.0.0.1", b.GetLocalPort())).toBe(SocketError.ALREADY_INIT);
  expect([a.GetRemoteAddress().ToString(), a.GetRemotePort()]).toEqual([
    "127.0.0.1",
    b.GetLocalPort(),
  ]);
  expect(a.GetLocalAddress().ToString()).toBe("127.0.0.1");
  expect(a.Send(Uint8Array.of(1))).toEqual({ Result: 0, BytesSent: 1 });
  arrive(b);
  expect(b.ReceiveFrom(new Uint8Array(1)).Port).toBe(a.GetLocalPort());
  expect(a.SendTo(Uint8Array.of(1), "127.0.0.1", 9).Result).toBe(SocketError.ALREADY_INIT);
});

test("Bind opens by itself, answers truly, and happens once", () => {
  const first = bound();
  const second = new NetSocket({ Backend: network.Backend });
  network.Ending(() => second.Destroy());
  const port = first.GetLocalPort();
  expect(second.Bind(port, "127.0.0.1", Protocol.UDP)).toBe(SocketError.ADDRESS_IN_USE);
  expect(second.Bind(0, "192.0.2.77")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(second.Bind(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
  expect(second.Bind(0, "127.0.0.1")).toBe(SocketError.ALREADY_INIT);
  expect(second.GetLocalAddress().ToString()).toBe("127.0.0.1");
  expect(second.Open(Protocol.UDP)).toBe(SocketError.ALREADY_INIT);
});

test("two sockets share a port when both say so before", () => {
  const [a, b, c] = [socket(), socket(), socket()];
  expect(a.SetReuseAddress(true)).toBe(SocketError.SUCCESS);
  expect(b.SetReuseAddress(true)).toBe(SocketError.SUCCESS);
  Succeed(a.Bind(0, "127.0.0.1"));
  expect(a.SetReuseAddress(true)).toBe(SocketError.ALREADY_INIT);
  expect(c.Bind(a.GetLocalPort(), "127.0.0.1")).toBe(SocketError.ADDRESS_IN_USE);
  expect(b.Bind(a.GetLocalPort(), "127.0.0.1")).toBe(SocketError.SUCCESS);
});

test("what only TCP has is answered truly", () => {
  const made = bound();
  expect(made.Listen()).toBe(SocketError.UNAVAILABLE);
  expect(made.Accept()).toBeNull();
  expect(made.Shutdown()).toBe(SocketError.SOCKET_INVALID);
  expect(made.SetNoDelay(true)).toBe(SocketError.SOCKET_INVALID);
  expect(made.SetBroadcast(true)).toBe(SocketError.SUCCESS);
  expect(made.Poll()).toBe(SocketError.SUCCESS);
  expect([made.IsListening(), made.GetPendingConnections()]).toEqual([false, 0]);
});

test("a small inbound ring drops what it cannot hold, and counts it", async () => {
  const [a, b] = [bound(), bound({ InboundBufferSize: 256 })];
  for (let i = 0; i < 5; i++) a.SendTo(Pattern(100), "127.0.0.1", b.GetLocalPort());
  await WaitFor(() => b.GetDroppedDatagrams() === 3, "the drops");
  expect(b.GetAvailableBytes()).toBe(100);
});

test("a handler hears of datagrams, also one that was given before opening", async () => {
  const made = new NetSocket({ Backend: network.Backend });
  network.Ending(() => made.Destroy());
  let heard = 0;
  made.OnActivity(() => (heard += made.GetAvailableBytes()));
  Succeed(made.Bind(0, "127.0.0.1", Protocol.UDP));
  bound().SendTo(Uint8Array.of(1), "127.0.0.1", made.GetLocalPort());
  await WaitFor(() => heard > 0, "the handler");
});

test("Close and Destroy give everything back, and the socket can be opened again", async () => {
  const made = socket();
  for (const end of [(): void => made.Close(), (): void => made.Destroy()]) {
    Succeed(made.Bind(0, "127.0.0.1", Protocol.UDP));
    made.SendTo(Uint8Array.of(1), "127.0.0.1", made.GetLocalPort());
    end();
    end();
    expect([made.IsOpen(), made.GetLocalPort()]).toEqual([false, 0]);
    expect(made.SendTo(Uint8Array.of(1), "127.0.0.1", 9).Result).toBe(SocketError.SOCKET_INVALID);
    await WaitFor(() => network.Backend.HeldCount() === 0, "the thread to give everything back");
  }
  expect(made.Open()).toBe(SocketError.SUCCESS);
  expect(made.SendTo(Uint8Array.of(1), "127.0.0.1", 9).Result).toBe(SocketError.SOCKET_INVALID);
});

test("a page has no UDP", () => {
  const made = new NetSocket({ Backend: NoUdp() });
  expect(made.Open(Protocol.UDP)).toBe(SocketError.UNAVAILABLE);
  expect(made.Bind(0, "*", Protocol.UDP)).toBe(SocketError.UNAVAILABLE);
  expect(made.SendTo(Uint8Array.of(1), "127.0.0.1", 9).Result).toBe(SocketError.UNAVAILABLE);
  expect(made.IsOpen()).toBe(false);
});
