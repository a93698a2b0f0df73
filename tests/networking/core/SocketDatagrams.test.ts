import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketDatagrams } from "../../../networking/core/SocketDatagrams.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Pattern } from "../../Support/Network.ts";
import { DatagramBackend, NoUdp } from "./FakeDatagram.ts";

const text = (bytes: Uint8Array): string => IpAddress.FromBytes(bytes).ToString();
const from = new IpAddress("10.0.0.9").ToBytes();

function open(address = "*", bytes?: number): [SocketDatagrams, DatagramBackend] {
  const backend = new DatagramBackend();
  const socket = new SocketDatagrams(backend.AsBackend(), bytes, bytes);
  socket.Bind(7, address);
  return [socket, backend];
}

test("datagrams go out whole, each with its own end", () => {
  const [socket, backend] = open();
  expect(socket.SendTo(Uint8Array.of(1, 2), "10.0.0.1", 5)).toEqual({ Result: 0, BytesSent: 2 });
  expect(socket.SendTo(new Uint8Array(0), new IpAddress("::1"), 65_535).Result).toBe(0);
  const fake = backend.Latest();
  expect([fake.Sent(text), fake.Sent(text)]).toEqual(["1 2 > 10.0.0.1:5", " > ::1:65535"]);
  expect(fake.Told).toEqual(["sent", "sent"]);
});

test("a socket without a port gets one at its first SendTo, or says why not", () => {
  const backend = new DatagramBackend();
  const socket = new SocketDatagrams(backend.AsBackend());
  backend.NextEnd = SocketError.LIMIT_REACHED;
  expect(socket.SendTo(Uint8Array.of(1), "::1", 5).Result).toBe(SocketError.LIMIT_REACHED);
  backend.NextEnd = SocketError.SUCCESS;
  expect(socket.SendTo(Uint8Array.of(1), "::1", 5).Result).toBe(SocketError.SUCCESS);
  expect(backend.Latest().Options.Address.IsWildcard()).toBe(true);
  expect(socket.SendTo(Uint8Array.of(2), "::1", 5).Result).toBe(SocketError.SUCCESS);
  expect(backend.Opened).toHaveLength(2);
});

test("a connected socket sends to its peer and to nobody else", () => {
  const [socket, backend] = open();
  expect(socket.Send(Uint8Array.of(1)).Result).toBe(SocketError.SOCKET_INVALID);
  socket.ConnectToHost("10.0.0.1", 5);
  expect(socket.Send(Uint8Array.of(1))).toEqual({ Result: 0, BytesSent: 1 });
  expect(socket.SendTo(Uint8Array.of(1), "10.0.0.1", 5).Result).toBe(SocketError.ALREADY_INIT);
  expect(backend.Latest().Sent(text)).toBe("1 > :::0");
});

test("SendTo refuses what is no end, and the other family", () => {
  const [socket, backend] = open("127.0.0.1");
  const data = Uint8Array.of(1);
  for (const port of [0, 65_536, -1, 1.5]) {
    expect(socket.SendTo(data, "10.0.0.1", port).Result).toBe(SocketError.INVALID_PARAMETER);
  }
  for (const address of ["", "*", "localhost", "1.2.3"]) {
    expect(socket.SendTo(data, address, 5).Result).toBe(SocketError.INVALID_IP_ADDRESS);
  }
  expect(socket.SendTo(data, "::1", 5).Result).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(() => socket.SendTo(data, 7 as unknown as string, 5)).toThrow(TypeError);
  expect(() => socket.SendTo(data, "10.0.0.1", "5" as unknown as number)).toThrow(TypeError);
  expect(() => socket.SendTo([1] as unknown as Uint8Array, "10.0.0.1", 5)).toThrow(/Uint8Array/);
  expect(backend.Latest().Told).toEqual([]);
});

test("the longest datagram is 65,507 bytes over IPv4 and 65,527 over IPv6", () => {
  for (const [address, most] of [
    ["10.0.0.1", Limits.maxDatagramBytesIpv4],
    ["::1", Limits.maxDatagramBytes],
  ] as const) {
    const [socket] = open();
    const send = (bytes: number): SocketError =>
      socket.SendTo(new Uint8Array(bytes), address, 5).Result;
    const codes = [send(most - 1), send(most), send(most + 1)];
    expect(codes).toEqual([0, 0, SocketError.OUT_OF_BUFFER_MEMORY]);
    socket.Close(0);
    socket.ConnectToHost(address, 5);
    expect(socket.Send(new Uint8Array(most)).Result).toBe(SocketError.SUCCESS);
    expect(socket.Send(new Uint8Array(most + 1)).Result).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  }
});

test("a full ring takes nothing more, and a datagram larger than it never fits", () => {
  const [socket, backend] = open("*", 1_000);
  const send = (bytes: number): SocketError =>
    socket.SendTo(new Uint8Array(bytes), "10.0.0.1", 5).Result;
  expect(send(981)).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  expect(send(980)).toBe(SocketError.SUCCESS);
  expect(socket.SendTo(new Uint8Array(0), "10.0.0.1", 5)).toEqual({
    Result: SocketError.BUSY,
    BytesSent: 0,
  });
  backend.Latest().Outbound.Clear();
  expect(send(979)).toBe(SocketError.SUCCESS);
});

test("datagrams are received one by one with their senders", () => {
  const [socket, backend] = open();
  const buffer = new Uint8Array(4);
  expect(socket.Sender().Address.IsValid()).toBe(false);
  expect(socket.ReceiveFrom(buffer)).toMatchObject({ Result: SocketError.BUSY, Port: 0 });
  backend.Latest().Inbound.Put(Pattern(3, 1), from, 9);
  backend.Latest().Inbound.Put(new Uint8Array(0), from, 10);
  backend.Latest().Inbound.Put(Pattern(4, 7), from, 11);
  expect([socket.GetAvailableCount(), socket.GetAvailableBytes()]).toEqual([3, 3]);
  const first = socket.ReceiveFrom(buffer);
  expect(first).toMatchObject({ Result: SocketError.SUCCESS, Received: 3, Port: 9 });
  expect(first.Address.ToString()).toBe("10.0.0.9");
  expect([...buffer]).toEqual([1, 2, 3, 0]);
  expect(socket.GetAvailableBytes()).toBe(0);
  expect(socket.Sender().Port).toBe(9); // looking at the next one changes nothing
  expect(socket.Receive(buffer)).toEqual({ Result: SocketError.SUCCESS, Received: 0 });
  expect(socket.Sender().Port).toBe(10);
  expect(socket.Receive(buffer)).toEqual({ Result: SocketError.SUCCESS, Received: 4 });
  expect(socket.Receive(buffer)).toEqual({ Result: SocketError.BUSY, Received: 0 });
  expect(() => socket.Receive("x" as unknown as Uint8Array)).toThrow(/Uint8Array/);
});

test("a datagram too long for the buffer is cut and reported, with its sender", () => {
  const [socket, backend] = open();
  backend.Latest().Inbound.Put(Pattern(5), from, 9);
  backend.Latest().Inbound.Put(Pattern(4), from, 10);
  const cut = socket.ReceiveFrom(new Uint8Array(4));
  expect(cut).toMatchObject({ Result: SocketError.OUT_OF_BUFFER_MEMORY, Received: 4, Port: 9 });
  expect(cut.Address.ToString()).toBe("10.0.0.9");
  expect(socket.ReceiveFrom(new Uint8Array(4))).toMatchObject({ Result: 0, Received: 4, Port: 10 });
});

test("a complaint is heard once, when nothing waits, and the socket goes on", () => {
  const [socket, backend] = open();
  const fake = backend.Latest();
  const buffer = new Uint8Array(4);
  fake.Complaint = SocketError.CONNECTION_REFUSED;
  fake.Inbound.Put(Pattern(1), from, 9);
  expect(socket.Receive(buffer).Result).toBe(SocketError.SUCCESS);
  expect(socket.Receive(buffer).Result).toBe(SocketError.CONNECTION_REFUSED);
  expect(socket.Receive(buffer).Result).toBe(SocketError.BUSY);
  expect(socket.SendTo(buffer, "10.0.0.1", 5).Result).toBe(SocketError.SUCCESS);
});

test("a socket whose thread died gives what it has, then says so", () => {
  const [socket, backend] = open();
  const fake = backend.Latest();
  fake.Inbound.Put(Pattern(1), from, 9);
  fake.End = SocketError.UNAVAILABLE;
  const buffer = new Uint8Array(4);
  expect(socket.Receive(buffer).Result).toBe(SocketError.SUCCESS);
  expect(socket.Receive(buffer).Result).toBe(SocketError.UNAVAILABLE);
  expect(socket.SendTo(buffer, "10.0.0.1", 5).Result).toBe(SocketError.UNAVAILABLE);
  expect(socket.Failure()).toBe(SocketError.UNAVAILABLE);
  expect(fake.Outbound.Count()).toBe(0);
  socket.Close(0);
  expect(socket.Bind(7, "*")).toBe(SocketError.SUCCESS);
});

test("losses are the backend's to count; a closed socket has none, and no sender", () => {
  const [socket, backend] = open();
  backend.Latest().Lost = 3;
  backend.Latest().Inbound.Put(Pattern(1), from, 9);
  socket.Receive(new Uint8Array(1));
  expect([socket.GetDropped(), socket.GetRefused()]).toEqual([3, 6]);
  socket.Close(0);
  expect([socket.GetDropped(), socket.GetRefused(), socket.GetAvailableBytes()]).toEqual([0, 0, 0]);
  expect(socket.Sender()).toMatchObject({ Port: 0 });
  expect(socket.Receive(new Uint8Array(1)).Result).toBe(SocketError.SOCKET_INVALID);
});

test("without UDP everything is UNAVAILABLE", () => {
  const socket = new SocketDatagrams(NoUdp());
  const data = Uint8Array.of(1);
  expect(socket.Send(data)).toEqual({ Result: SocketError.UNAVAILABLE, BytesSent: 0 });
  expect(socket.SendTo(data, "127.0.0.1", 7).Result).toBe(SocketError.UNAVAILABLE);
  expect(socket.Receive(data)).toEqual({ Result: SocketError.UNAVAILABLE, Received: 0 });
  expect(socket.ReceiveFrom(data)).toMatchObject({ Result: SocketError.UNAVAILABLE, Port: 0 });
  expect([socket.GetAvailableCount(), socket.GetAvailableBytes()]).toEqual([0, 0]);
});
