import { expect, test } from "vitest";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketDatagrams } from "../../../networking/core/SocketDatagrams.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { SocketTransport } from "../../../networking/core/SocketTransport.ts";
import { DatagramBackend, NoUdp } from "./FakeDatagram.ts";

class Transport extends SocketTransport {
  readonly Backend: NetBackend;

  constructor(backend: NetBackend) {
    super();
    this.Backend = backend;
  }

  OpenUdp(): SocketDatagrams {
    const datagrams = new SocketDatagrams(this.Backend);
    this.setDatagrams(datagrams);
    return datagrams;
  }
}

const one = Uint8Array.of(1);

test("without datagrams a socket is a stream, and says what UDP it lacks", () => {
  for (const [backend, code] of [
    [NoUdp(), SocketError.UNAVAILABLE],
    [new DatagramBackend().AsBackend(), SocketError.SOCKET_INVALID],
  ] as const) {
    const socket = new Transport(backend);
    expect(socket.SendTo(one, "127.0.0.1", 7)).toEqual({ Result: code, BytesSent: 0 });
    expect(socket.ReceiveFrom(one)).toMatchObject({ Result: code, Received: 0, Port: 0 });
    expect(socket.JoinMulticastGroup("239.1.2.3")).toBe(code);
    expect(socket.LeaveMulticastGroup("239.1.2.3")).toBe(code);
    expect(socket.Send(one).Result).toBe(SocketError.SOCKET_INVALID);
    expect(socket.Receive(one).Result).toBe(SocketError.SOCKET_INVALID);
    expect(socket.Poll()).toBe(SocketError.SOCKET_INVALID);
    expect([socket.GetAvailableBytes(), socket.GetDroppedDatagrams()]).toEqual([0, 0]);
    expect([socket.GetRemoteAddress().IsValid(), socket.GetRemotePort()]).toEqual([false, 0]);
    expect([socket.SetReuseAddress(true), socket.SetReuseAddress(false)]).toEqual([
      SocketError.SUCCESS,
      SocketError.UNAVAILABLE,
    ]);
  }
});

test("with datagrams every call is theirs", () => {
  const backend = new DatagramBackend();
  const socket = new Transport(backend.AsBackend());
  const datagrams = socket.OpenUdp();
  expect(socket.SetReuseAddress(true)).toBe(SocketError.SUCCESS);
  datagrams.Bind(7, "*");
  const fake = backend.Latest();
  expect(fake.Options.ReuseAddress).toBe(true);
  fake.Inbound.Put(Uint8Array.of(4, 5), new Uint8Array(16), 9);
  fake.Inbound.Put(Uint8Array.of(6), new Uint8Array(16), 9);
  fake.Lost = 2;
  expect([socket.GetAvailableBytes(), socket.GetDroppedDatagrams()]).toEqual([2, 2]);
  expect(socket.Receive(one)).toEqual({ Result: SocketError.OUT_OF_BUFFER_MEMORY, Received: 1 });
  expect(socket.ReceiveFrom(one)).toMatchObject({ Result: SocketError.SUCCESS, Port: 9 });
  expect(socket.SendTo(one, "10.0.0.1", 7).BytesSent).toBe(1);
  expect(socket.SetBroadcast(true)).toBe(SocketError.SUCCESS);
  expect(socket.JoinMulticastGroup("239.1.2.3")).toBe(SocketError.SUCCESS);
  expect(socket.LeaveMulticastGroup("239.1.2.3", "lo")).toBe(SocketError.SUCCESS);
  datagrams.ConnectToHost("10.0.0.2", 8);
  expect(socket.Send(one).BytesSent).toBe(1);
  expect([socket.GetRemoteAddress().ToString(), socket.GetRemotePort()]).toEqual(["10.0.0.2", 8]);
  expect(fake.Told).toEqual([
    "sent",
    "broadcast true",
    'join 239.1.2.3 at ""',
    'leave 239.1.2.3 at "lo"',
    "connect 10.0.0.2:8",
    "sent",
  ]);
  expect(socket.Poll()).toBe(SocketError.SUCCESS);
  fake.End = SocketError.UNAVAILABLE;
  expect(socket.Poll()).toBe(SocketError.UNAVAILABLE);
});
