import { expect, test } from "vitest";
import { NodeBackend } from "../../../../networking/backends/node/NodeBackend.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { BackendDatagramSocket } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CaptureNetLog } from "../../../Support/NetLogLines.ts";
import { UseNetwork } from "../../../Support/Network.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const log = CaptureNetLog();
const network = UseNetwork();
const here = new IpAddress("127.0.0.1");

function open(address = "127.0.0.1", port = 0, backend = network.Backend): BackendDatagramSocket {
  const socket = backend.OpenDatagram!({
    Address: new IpAddress(address),
    Port: port,
    ReuseAddress: false,
    Broadcast: false,
    InboundBufferBytes: 65_536,
    OutboundBufferBytes: 65_536,
  });
  network.Ending(() => socket.Close(0));
  return socket;
}

function holding(count: number): Promise<void> {
  return WaitFor(() => network.Backend.HeldCount() === count, `the thread to hold ${count}`);
}

function portOf(socket: BackendDatagramSocket): number {
  return socket.Local()?.Port ?? 0;
}

function send(from: BackendDatagramSocket, bytes: Uint8Array, port: number): void {
  expect(from.Outbound.Put(bytes, here.ToBytes(), port)).toBe(true);
  from.OutboundChanged();
}

test("the system's answer is there when the call returns", () => {
  const first = open();
  expect(first.Failure()).toBe(SocketError.SUCCESS);
  expect(portOf(first)).toBeGreaterThan(0);
  const second = open("127.0.0.1", portOf(first));
  expect([second.Failure(), second.Local()]).toEqual([SocketError.ADDRESS_IN_USE, null]);
  expect(open("192.0.2.77").Failure()).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
});

test("the own address is the one asked for, until a connect chooses", () => {
  const target = open();
  for (const address of ["*", "0.0.0.0", "127.0.0.1"]) {
    const socket = open(address);
    expect(socket.Local()?.Address.ToString()).toBe(address);
    expect(socket.Remote()).toBeNull();
    expect(socket.Connect({ Address: here, Port: portOf(target) })).toBe(SocketError.SUCCESS);
    expect(socket.Local()?.Address.ToString()).toBe("127.0.0.1");
    expect(socket.Remote()?.Address.ToString()).toBe("127.0.0.1");
    expect(socket.Remote()?.Port).toBe(portOf(target));
  }
});

test("datagrams of one run go out with one wake, and a handler hears of them", async () => {
  const [from, to] = [open(), open()];
  let heard = 0;
  to.OnActivity(() => heard++);
  for (let i = 0; i < 50; i++) send(from, Uint8Array.of(i), portOf(to));
  await WaitFor(() => to.Inbound.Count() === 50 && heard > 0, "fifty datagrams");
  const into = new Uint8Array(1);
  for (let i = 0; i < 50; i++) {
    expect([to.Inbound.Next(), to.Inbound.Port]).toEqual([true, portOf(from)]);
    to.Inbound.Take(into);
    expect(into[0]).toBe(i);
  }
});

test("closing sends what was put, and the port is free for the next call", async () => {
  const target = open();
  const socket = open();
  const port = portOf(socket);
  for (let i = 0; i < 50; i++) send(socket, Uint8Array.of(i), portOf(target));
  socket.Close(5_000);
  socket.Close(5_000);
  const next = open("127.0.0.1", port);
  expect(next.Failure()).toBe(SocketError.SUCCESS);
  await WaitFor(() => target.Inbound.Count() === 50, "what was put");
});

test("closing without time drops what was put, and harms nobody else", async () => {
  await holding(0);
  const [socket, other] = [open(), open()];
  for (let i = 0; i < 50; i++) send(socket, Uint8Array.of(i), 9);
  socket.Close(0);
  await holding(1);
  expect(other.SetBroadcast(true)).toBe(SocketError.SUCCESS);
  expect(socket.Local()).toBeNull();
});

test("a failed opening holds nothing", async () => {
  await holding(0);
  open("192.0.2.77");
  await holding(0);
});

test("when the thread dies its UDP sockets say so, and the next one is on a new thread", async () => {
  const doomed = new NodeBackend();
  const socket = open("127.0.0.1", 0, doomed);
  const port = portOf(socket);
  let told = 0;
  socket.OnActivity(() => told++);
  await WaitFor(() => told === 1, "the first call");
  await doomed.Terminate();
  await WaitFor(() => socket.Failure() !== SocketError.SUCCESS && told === 2, "the death");
  expect(socket.Failure()).toBe(SocketError.UNAVAILABLE);
  expect(socket.Local()).toBeNull();
  expect(socket.SetBroadcast(true)).toBe(SocketError.UNAVAILABLE);
  socket.OutboundChanged();
  socket.Close(5_000);
  const next = open("127.0.0.1", port, doomed);
  expect(next.Failure()).toBe(SocketError.SUCCESS);
  next.Close(0);
  await WaitFor(() => doomed.HeldCount() === 0, "the new thread to give everything back");
  await WaitFor(() => log.length === 1, "a log line");
  void doomed.Terminate();
});

test("an answer that does not come because the thread dies is UNAVAILABLE", async () => {
  const doomed = new NodeBackend();
  const socket = open("127.0.0.1", 0, doomed);
  const dying = doomed.Terminate();
  expect(socket.Connect({ Address: here, Port: 9 })).toBe(SocketError.UNAVAILABLE);
  expect(socket.Failure()).toBe(SocketError.UNAVAILABLE);
  await dying;
});
