import { expect, test } from "vitest";
import { DatagramBinding } from "../../../networking/core/DatagramBinding.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { DatagramBackend, NoUdp } from "./FakeDatagram.ts";

function binding(): [DatagramBinding, DatagramBackend] {
  const backend = new DatagramBackend();
  return [new DatagramBinding(backend.AsBackend(), 1_000, 2_000), backend];
}

test("Bind gives the system's answer, and a refused one can be repeated", () => {
  const [socket, backend] = binding();
  for (const code of [
    SocketError.ADDRESS_IN_USE,
    SocketError.PERMISSION_DENIED,
    SocketError.UNAVAILABLE,
  ]) {
    backend.NextEnd = code;
    expect(socket.Bind(7, "127.0.0.1")).toBe(code);
    expect(socket.IsBound()).toBe(false);
  }
  backend.NextEnd = SocketError.SUCCESS;
  expect(socket.Bind(7, "127.0.0.1")).toBe(SocketError.SUCCESS);
  expect(socket.Bind(7, "127.0.0.1")).toBe(SocketError.ALREADY_INIT);
  expect(socket.Local()?.Port).toBe(7);
  expect(backend.Latest().Options).toMatchObject({
    Port: 7,
    ReuseAddress: false,
    Broadcast: false,
    InboundBufferBytes: 1_000,
    OutboundBufferBytes: 2_000,
  });
});

test("a ring's size can be given for one binding, and is the limit's otherwise", () => {
  const [socket, backend] = binding();
  socket.Bind(0, "*", 3_000);
  expect(backend.Latest().Options.InboundBufferBytes).toBe(3_000);
  socket.Close(0);
  socket.Bind(0, "*");
  expect(backend.Latest().Options.InboundBufferBytes).toBe(1_000);
  new DatagramBinding(backend.AsBackend()).Bind(0, "*");
  expect(backend.Latest().Options.InboundBufferBytes).toBe(Limits.datagramBufferBytes);
});

test("Bind refuses what is no port or address", () => {
  const [socket, backend] = binding();
  for (const port of [-1, 65_536, 0.5, NaN]) {
    expect(socket.Bind(port, "*")).toBe(SocketError.INVALID_PARAMETER);
  }
  expect(socket.Bind(0, "localhost")).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(socket.Bind(0, new IpAddress())).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(() => socket.Bind("7" as unknown as number, "*")).toThrow(/port number/);
  expect(() => socket.Bind(7, 127 as unknown as string)).toThrow(/IpAddress or its text/);
  expect(backend.Opened).toHaveLength(0);
  for (const port of [0, 65_535]) {
    expect(socket.Bind(port, "*")).toBe(SocketError.SUCCESS);
    socket.Close(0);
  }
});

test("connecting binds a socket in the peer's family, and strangers' datagrams are let go", () => {
  const [socket, backend] = binding();
  backend.OnOpened = (opened) => {
    opened.Inbound.Put(Uint8Array.of(6, 6, 6), new Uint8Array(16), 666);
  };
  for (const [peer, own] of [
    ["10.0.0.1", "0.0.0.0"],
    ["2001:db8::1", "::"],
  ] as const) {
    expect(socket.ConnectToHost(peer, 7)).toBe(SocketError.SUCCESS);
    expect(backend.Latest().Options.Address.ToString()).toBe(own);
    expect(backend.Latest().Options.Port).toBe(0);
    expect(backend.Latest().Inbound.Count()).toBe(0);
    expect(socket.IsConnected()).toBe(true);
    expect(socket.Remote()?.Address.ToString()).toBe(peer);
    expect(socket.ConnectToHost(peer, 7)).toBe(SocketError.ALREADY_INIT);
    socket.Close(0);
    expect([socket.IsConnected(), socket.Remote()]).toEqual([false, null]);
  }
});

test("a bound socket keeps what it has when it connects, and its port when that fails", () => {
  const [socket, backend] = binding();
  socket.Bind(7, "127.0.0.1");
  backend.Latest().Inbound.Put(Uint8Array.of(1), new Uint8Array(16), 1);
  backend.Latest().Answer = SocketError.HOST_UNREACHABLE;
  expect(socket.ConnectToHost("10.0.0.1", 7)).toBe(SocketError.HOST_UNREACHABLE);
  expect([socket.IsBound(), socket.IsConnected()]).toEqual([true, false]);
  backend.Latest().Answer = SocketError.SUCCESS;
  expect(socket.ConnectToHost("10.0.0.1", 7)).toBe(SocketError.SUCCESS);
  expect(backend.Latest().Inbound.Count()).toBe(1);
  expect(backend.Opened).toHaveLength(1);
});

test("a connect that fails gives the port back that it had bound for itself", () => {
  const [socket, backend] = binding();
  backend.NextAnswer = SocketError.PERMISSION_DENIED;
  expect(socket.ConnectToHost("255.255.255.255", 7)).toBe(SocketError.PERMISSION_DENIED);
  expect(socket.IsBound()).toBe(false);
  expect(backend.Latest().Told).toEqual(["connect 255.255.255.255:7", "close 0"]);
  backend.NextEnd = SocketError.LIMIT_REACHED;
  expect(socket.ConnectToHost("10.0.0.1", 7)).toBe(SocketError.LIMIT_REACHED);
  expect(socket.IsBound()).toBe(false);
});

test("ConnectToHost refuses what is no peer", () => {
  const [socket, backend] = binding();
  for (const port of [0, 65_536, 1.5]) {
    expect(socket.ConnectToHost("10.0.0.1", port)).toBe(SocketError.INVALID_PARAMETER);
  }
  expect(socket.ConnectToHost("*", 7)).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(socket.ConnectToHost("1.2.3.400", 7)).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(socket.ConnectToHost("no host", 7)).toBe(SocketError.CANT_RESOLVE);
  expect(() => socket.ConnectToHost(7 as unknown as string, 7)).toThrow(TypeError);
  expect(backend.Opened).toHaveLength(0);
});

test("a bound address reaches its own family only", () => {
  const cases: [string, string, SocketError][] = [
    ["0.0.0.0", "::1", SocketError.ADDRESS_NOT_AVAILABLE],
    ["::", "127.0.0.1", SocketError.ADDRESS_NOT_AVAILABLE],
    ["*", "127.0.0.1", SocketError.SUCCESS],
    ["*", "::1", SocketError.SUCCESS],
    ["::1", "::1", SocketError.SUCCESS],
  ];
  for (const [own, peer, code] of cases) {
    const [socket] = binding();
    socket.Bind(7, own);
    expect([own, peer, socket.ConnectToHost(peer, 7)]).toEqual([own, peer, code]);
  }
});

test("options hold from the next binding on, and broadcast at once too", () => {
  const [socket, backend] = binding();
  expect(socket.SetBroadcast(true)).toBe(SocketError.SUCCESS);
  expect(socket.SetReuseAddress(true)).toBe(SocketError.SUCCESS);
  socket.Bind(7, "*");
  expect(backend.Latest().Options).toMatchObject({ Broadcast: true, ReuseAddress: true });
  expect(socket.SetReuseAddress(false)).toBe(SocketError.ALREADY_INIT);
  backend.Latest().Answer = SocketError.FAILED;
  expect(socket.SetBroadcast(false)).toBe(SocketError.FAILED);
  expect(backend.Latest().Told).toEqual(["broadcast false"]);
  expect(() => socket.SetBroadcast(1 as unknown as boolean)).toThrow(/true or false/);
  expect(() => socket.SetReuseAddress("" as unknown as boolean)).toThrow(/true or false/);
});

test("groups are the system's to judge, once the socket is bound", () => {
  const [socket, backend] = binding();
  expect(socket.SetMembership("239.1.2.3", "", true)).toBe(SocketError.SOCKET_INVALID);
  socket.Bind(7, "*");
  expect(socket.SetMembership("nowhere", "", true)).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(socket.SetMembership("239.1.2.3", "lo", true)).toBe(SocketError.SUCCESS);
  backend.Latest().Answer = SocketError.ADDRESS_NOT_AVAILABLE;
  expect(socket.SetMembership("ff02::7", "", false)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(backend.Latest().Told).toEqual(['join 239.1.2.3 at "lo"', 'leave ff02::7 at ""']);
  const strange = null as unknown as string;
  expect(() => socket.SetMembership("239.1.2.3", strange, true)).toThrow(/An interface is a name/);
  expect(() => socket.SetMembership(strange, "", true)).toThrow(TypeError);
});

test("a handler stays for the next binding", () => {
  const [socket, backend] = binding();
  const handler = (): void => undefined;
  socket.OnActivity(handler);
  socket.Bind(7, "*");
  expect(backend.Latest().Handler).toBe(handler);
  socket.Close(5);
  expect(backend.Latest().Told).toEqual(["close 5"]);
  socket.Bind(7, "*");
  expect(backend.Latest().Handler).toBe(handler);
  socket.OnActivity(null);
  expect(backend.Latest().Handler).toBeNull();
});

test("without UDP everything is UNAVAILABLE", () => {
  const socket = new DatagramBinding(NoUdp());
  expect(socket.Bind(0, "*")).toBe(SocketError.UNAVAILABLE);
  expect(socket.ConnectToHost("127.0.0.1", 7)).toBe(SocketError.UNAVAILABLE);
  expect(socket.SetBroadcast(true)).toBe(SocketError.UNAVAILABLE);
  expect(socket.SetReuseAddress(true)).toBe(SocketError.UNAVAILABLE);
  expect(socket.SetMembership("239.1.2.3", "", true)).toBe(SocketError.UNAVAILABLE);
  expect([socket.IsBound(), socket.Failure(), socket.Local()]).toEqual([false, 0, null]);
  socket.Close(0);
});
