import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { FamilyType, ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Address, Bytes, Ok, ReceiveOne, ReceiveTexts } from "./Drivers.ts";
import { UseMemoryDrivers } from "./MemoryPlace.ts";

const log = CaptureNetLog();
const drivers = UseMemoryDrivers();
const { BSD_AF_INET, BSD_AF_INET6 } = FamilyType;

test("it is made with the documents' sizes, or with none", () => {
  expect(new StreamSocketDriver().GetMaxNumConnections()).toBe(32);
  const sized = new StreamSocketDriver(7, 1_024 * 64, 1_024 * 64, 1_024 * 64);
  expect(sized.GetMaxNumConnections()).toBe(7);
  expect(sized.IsListening()).toBe(false);
  expect(sized.GetNumberOfConnections()).toBe(0);
});

test.each([
  [0],
  [16_385],
  [1.5],
  [1, 0],
  [1, 65_537],
  [1, 100, 255],
  [1, 100, 2 ** 27 + 1],
  [1, 100, 256, 255],
  [1, 100, 256, 2 ** 27 + 1],
])("sizes that nothing can have throw: %j", (...sizes) => {
  expect(() => new StreamSocketDriver(...sizes)).toThrow(TypeError);
});

type InitializeArguments = Parameters<StreamSocketDriver["Initialize"]>;

test.each<[string, InitializeArguments, ResultCode]>([
  ["a family that is none", [2 as FamilyType], ResultCode.EC_SOCKET_CREATE],
  ["a host name", [BSD_AF_INET, "localhost"], ResultCode.EC_SOCKET_BIND],
  ["the other family's address", [BSD_AF_INET, "::1"], ResultCode.EC_SOCKET_BIND],
  ["a wildcard", [BSD_AF_INET6, "*"], ResultCode.EC_SOCKET_BIND],
  ["a port above all", [BSD_AF_INET, null, 65_536], ResultCode.EC_SOCKET_BIND],
  ["a port below all", [BSD_AF_INET, null, -1], ResultCode.EC_SOCKET_BIND],
  ["broadcasting", [BSD_AF_INET, null, 0, true], ResultCode.EC_SOCKET_SOCK_OPT],
  ["no size", [BSD_AF_INET, null, 0, false, -1], ResultCode.EC_SOCKET_SOCK_OPT],
  ["no number as size", [BSD_AF_INET, null, 0, false, 0, NaN], ResultCode.EC_SOCKET_SOCK_OPT],
])("Initialize refuses %s, and can be called again", (_, values, code) => {
  const driver = new StreamSocketDriver();
  expect(driver.Initialize(...values)).toBe(code);
  expect(driver.Initialize()).toBe(ResultCode.EC_OK);
  expect(driver.Initialize()).toBe(ResultCode.EC_SOCKET_CREATE);
});

test("wrong types throw a sentence that says what to pass", () => {
  const driver = new StreamSocketDriver();
  expect(() => driver.Initialize(0, 5 as unknown as string)).toThrow(/as text/);
  expect(() => driver.Initialize(0, null, "1" as unknown as number)).toThrow(/port number/);
  expect(() => driver.Send(null, "x" as unknown as Uint8Array)).toThrow(/Uint8Array/);
  expect(() => driver.Send(null, new Uint8Array(3), 4)).toThrow(/size/);
  expect(() => driver.Receive(new Uint8Array(3), 3.5)).toThrow(/size/);
  expect(() => driver.CreateDriverAddress(7 as unknown as string)).toThrow(/ip\|port/);
});

test("before Initialize nothing works, and nothing breaks", () => {
  const driver = new StreamSocketDriver();
  const address = Address(driver, "127.0.0.1|5555");
  expect(driver.StartListen(1)).toBe(ResultCode.EC_SOCKET_LISTEN);
  expect(driver.StopListen()).toBe(ResultCode.EC_SOCKET_LISTEN);
  expect(driver.ConnectTo(address)).toBe(ResultCode.EC_SOCKET_CONNECT);
  expect(driver.DisconnectFrom(address)).toBe(ResultCode.EC_SOCKET_CLOSE);
  expect(driver.Send(address, Bytes("x"))).toBe(ResultCode.EC_SEND_ADDRESS_NOT_BOUND);
  expect(driver.IsConnectedTo(address)).toBe(false);
  expect(driver.GetPort()).toBe(0);
  driver.Update();
  expect(driver.Receive(new Uint8Array(8))).toEqual({ Result: 0, Size: 0, From: null });
  driver.Destroy();
});

test("a text that is no address makes none, and no call takes none for one", () => {
  const { Driver } = drivers().Client();
  expect(Driver.CreateDriverAddress("localhost|5555")).toBeNull();
  expect(Driver.ConnectTo(null)).toBe(ResultCode.EC_SOCKET_CONNECT);
  expect(Driver.DisconnectFrom(null)).toBe(ResultCode.EC_SOCKET_CLOSE);
  expect(Driver.Send(null, Bytes("x"))).toBe(ResultCode.EC_SEND_ADDRESS_NOT_BOUND);
  expect(Driver.IsConnectedTo(null)).toBe(false);
  expect(Driver.GetLastError(null)).toBe(SocketError.SUCCESS);
});

test("a server and a client connect, exchange packets, and part", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  const serverAddress = all.AddressOf(server);
  expect(client.Driver.IsConnectedTo(serverAddress)).toBe(true);
  expect(server.Driver.IsConnectedTo(client.Seen)).toBe(true);
  expect(server.Driver.GetNumberOfConnections()).toBe(1);
  Ok(client.Driver.Send(serverAddress, Bytes("to the server")));
  Ok(server.Driver.Send(client.Seen, Bytes("to the client, not this"), 13));
  await all.Tick(5);
  expect(ReceiveOne(server.Driver)).toEqual({ From: client.Seen, Data: Bytes("to the server") });
  expect(ReceiveOne(client.Driver)).toEqual({ From: serverAddress, Data: Bytes("to the client") });
  Ok(client.Driver.DisconnectFrom(serverAddress));
  expect(client.Driver.IsConnectedTo(serverAddress)).toBe(false);
  expect(client.Diary.Lines).toEqual([`+${serverAddress}`]);
  await all.Tick(5);
  expect(client.Diary.Lines).toEqual([`+${serverAddress}`, `-${serverAddress}`]);
  expect(server.Diary.Lines).toEqual([`+${client.Seen}`, `-${client.Seen}`]);
  expect(server.Driver.GetLastError(client.Seen)).toBe(SocketError.SUCCESS);
});

test("at maxConnections further clients wait, and get in when one leaves", async () => {
  const all = drivers();
  const server = all.Server([2]);
  const [first] = [await all.Join(server), await all.Join(server)];
  const third = all.Client();
  Ok(third.Driver.ConnectTo(all.AddressOf(server)));
  Ok(third.Driver.Send(all.AddressOf(server), Bytes("patience")));
  await all.Tick(20);
  expect(server.Driver.GetNumberOfConnections()).toBe(2);
  const outgoing = Address(server.Driver, "10.0.0.1|9");
  expect(server.Driver.ConnectTo(outgoing)).toBe(ResultCode.EC_SOCKET_CONNECT);
  Ok(server.Driver.DisconnectFrom(first.Seen));
  await all.Tick(5);
  expect(server.Driver.GetNumberOfConnections()).toBe(2);
  expect(ReceiveTexts(server.Driver)).toEqual(["patience"]);
});

test("one driver can be server and client, of itself too", async () => {
  const all = drivers();
  const [one, two] = [all.Server(), all.Server()];
  Ok(one.Driver.ConnectTo(all.AddressOf(two)));
  Ok(two.Driver.ConnectTo(all.AddressOf(one)));
  const self = Address(one.Driver, `127.0.0.1|${one.Driver.GetPort()}`);
  Ok(one.Driver.ConnectTo(self));
  await all.Tick(10);
  expect(one.Driver.GetNumberOfConnections()).toBe(4);
  expect(two.Driver.GetNumberOfConnections()).toBe(2);
  Ok(one.Driver.Send(self, Bytes("myself")));
  Ok(two.Driver.Send(all.AddressOf(one), Bytes("the other")));
  await all.Tick(5);
  expect(ReceiveTexts(one.Driver).sort()).toEqual(["myself", "the other"]);
});

test("ConnectTo refuses what it cannot do, at once", async () => {
  const all = drivers();
  const server = all.Server();
  const client = all.Client([2]);
  const address = all.AddressOf(server);
  Ok(client.Driver.ConnectTo(address));
  expect(client.Driver.ConnectTo(address)).toBe(ResultCode.EC_SOCKET_CONNECT);
  await all.Tick(5);
  expect(client.Driver.ConnectTo(address)).toBe(ResultCode.EC_SOCKET_CONNECT);
  const ipv6 = Address(client.Driver, "::1|80");
  expect(client.Driver.ConnectTo(ipv6)).toBe(ResultCode.EC_SOCKET_CONNECT);
  expect(server.Driver.GetNumberOfConnections()).toBe(1);
});

test("a connect that fails raises no event; the reason can be read, and is logged", async () => {
  const all = drivers();
  const { Driver, Diary } = all.Client();
  const nobody = Address(Driver, "10.0.0.2|9");
  Ok(Driver.ConnectTo(nobody));
  Ok(Driver.Send(nobody, Bytes("hello?")));
  await all.Tick(5);
  expect(Driver.Send(nobody, Bytes("hello?"))).toBe(ResultCode.EC_SEND_ADDRESS_NOT_BOUND);
  expect(Driver.GetLastError(nobody)).toBe(SocketError.CONNECTION_REFUSED);
  expect(log).toEqual(["warn The driver could not connect to 10.0.0.2|9: CONNECTION_REFUSED."]);
  expect(Diary.Lines).toEqual([]);
  Ok(Driver.ConnectTo(nobody));
  expect(Driver.GetLastError(nobody)).toBe(SocketError.SUCCESS);
});

test("an attempt to connect can be ended, without an event", async () => {
  const all = drivers();
  const server = all.Server();
  const client = all.Client();
  Ok(client.Driver.ConnectTo(all.AddressOf(server)));
  Ok(client.Driver.DisconnectFrom(all.AddressOf(server)));
  await all.Tick(20);
  expect(client.Diary.Lines).toEqual([]);
  expect(client.Driver.GetNumberOfConnections()).toBe(0);
});

test("a reconnect is told as an end and a beginning, however late the next Update", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  const address = all.AddressOf(server);
  Ok(client.Driver.DisconnectFrom(address));
  Ok(client.Driver.ConnectTo(address));
  Ok(client.Driver.Send(address, Bytes("back again")));
  for (let i = 0; i < 10; i++) await all.Place.Pass();
  await all.Tick(10);
  expect(client.Diary.Lines).toEqual([`+${address}`, `-${address}`, `+${address}`]);
  expect(ReceiveTexts(server.Driver)).toEqual(["back again"]);
  expect(server.Driver.GetNumberOfConnections()).toBe(1);
});

test("Destroy tells everybody off, and the driver can be used again", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  Ok(server.Driver.Send(client.Seen, Bytes("the end")));
  server.Driver.Destroy();
  expect(server.Diary.Lines).toEqual([`+${client.Seen}`, `-${client.Seen}`]);
  expect(server.Driver.StartListen(1)).toBe(ResultCode.EC_SOCKET_LISTEN);
  server.Driver.Destroy();
  await all.Tick(10);
  expect(ReceiveTexts(client.Driver)).toEqual(["the end"]);
  await all.Tick();
  expect(client.Driver.GetNumberOfConnections()).toBe(0);
  Ok(server.Driver.Initialize());
  Ok(server.Driver.StartListen(4));
  await all.Join(server);
});
