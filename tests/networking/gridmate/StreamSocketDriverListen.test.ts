/** Where a driver listens, for how long, and where it connects from. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { FamilyType, ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { Bytes, Ok, ReceiveTexts } from "./Drivers.ts";
import { UseMemoryDrivers } from "./MemoryPlace.ts";

const drivers = UseMemoryDrivers();
const { BSD_AF_INET } = FamilyType;

test("StopListen keeps the connections, frees the port, and listening can start again", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  const port = server.Driver.GetPort();
  expect(server.Driver.StartListen(1)).toBe(ResultCode.EC_SOCKET_LISTEN);
  Ok(server.Driver.StopListen());
  expect(server.Driver.StopListen()).toBe(ResultCode.EC_SOCKET_LISTEN);
  expect(server.Driver.IsListening()).toBe(false);
  expect(server.Driver.GetPort()).toBe(0);
  const other = new StreamSocketDriver(1, 1, 256, 256, { Backend: all.World.Server });
  Ok(other.Initialize(BSD_AF_INET, null, port));
  Ok(other.StartListen(1));
  other.Destroy();
  await all.Tick(10);
  expect(server.Driver.IsConnectedTo(client.Seen)).toBe(true);
  Ok(server.Driver.StartListen(1));
  expect(server.Driver.IsListening()).toBe(true);
  await all.Join(server);
  expect(server.Driver.GetNumberOfConnections()).toBe(2);
});

test("StopListen(true) disconnects the clients that came in, and nobody else", async () => {
  const all = drivers();
  const [server, other] = [all.Server(), all.Server()];
  const client = await all.Join(server);
  Ok(server.Driver.ConnectTo(all.AddressOf(other)));
  await all.Tick(5);
  Ok(server.Driver.Send(client.Seen, Bytes("goodbye")));
  Ok(server.Driver.StopListen(true));
  expect(server.Driver.GetNumberOfConnections()).toBe(1);
  await all.Tick(10);
  expect(server.Diary.Lines.at(-1)).toBe(`-${client.Seen}`);
  expect(ReceiveTexts(client.Driver)).toEqual(["goodbye"]);
  expect(server.Driver.IsConnectedTo(all.AddressOf(other))).toBe(true);
});

test("a port that is taken is EC_SOCKET_BIND when listening starts", () => {
  const all = drivers();
  const server = all.Server();
  const second = new StreamSocketDriver(1, 1, 256, 256, { Backend: all.World.Server });
  Ok(second.Initialize(BSD_AF_INET, null, server.Driver.GetPort()));
  expect(second.GetPort()).toBe(server.Driver.GetPort());
  expect(second.StartListen(1)).toBe(ResultCode.EC_SOCKET_BIND);
  expect(second.IsListening()).toBe(false);
});

test("an address that is not this machine's is EC_SOCKET_BIND", () => {
  const all = drivers();
  const driver = new StreamSocketDriver(1, 1, 256, 256, { Backend: all.World.Server });
  Ok(driver.Initialize(BSD_AF_INET, "10.9.9.9"));
  expect(driver.StartListen(1)).toBe(ResultCode.EC_SOCKET_BIND);
});

test("connections leave from the address that the driver is bound to", async () => {
  const all = drivers();
  const server = all.Server();
  const Backend = all.World.Machine({ Addresses: ["10.0.0.7", "10.0.0.8"] });
  for (const address of ["10.0.0.7", "10.0.0.8"]) {
    const client = new StreamSocketDriver(1, 1, 256, 256, { Backend });
    Ok(client.Initialize(BSD_AF_INET, address));
    Ok(client.ConnectTo(all.AddressOf(server)));
    await all.Tick(5);
    expect(server.Diary.Lines.at(-1)).toMatch(`+${address}|`);
    client.Destroy();
    await all.Tick(5);
  }
});

test("who comes back from the same port while old packets wait is reset, and gets in later", async () => {
  const all = drivers();
  const server = all.Server();
  const comeBack = (): ReturnType<typeof all.World.Stream> => {
    const stream = all.World.Stream();
    stream.Bind(40_000, "10.0.0.1");
    stream.ConnectToHost("10.0.0.2", server.Driver.GetPort());
    return stream;
  };
  const first = comeBack();
  await all.Until(() => server.Diary.Connected.size === 1, "the first");
  first.Poll();
  first.PutData(Uint8Array.of(0, 1, 49));
  await all.Tick(20);
  first.Abort();
  await all.Tick(20);
  const second = comeBack();
  await all.Tick(20);
  second.Poll();
  expect(second.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  expect(ReceiveTexts(server.Driver)).toEqual(["1"]);
  await all.Tick(20);
  second.DisconnectFromHost();
  const third = comeBack();
  await all.Tick(20);
  const seen = "10.0.0.1|40000";
  expect(server.Diary.Lines).toEqual([`+${seen}`, `-${seen}`, `+${seen}`]);
  third.Abort();
});
