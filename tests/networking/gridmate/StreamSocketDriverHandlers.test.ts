/** Handlers that do to their driver what they like, from inside of an event. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Bytes, Ok, ReceiveTexts } from "./Drivers.ts";
import { Diary } from "./Diary.ts";
import { UseMemoryDrivers } from "./MemoryPlace.ts";

const log = CaptureNetLog();
const drivers = UseMemoryDrivers();

test("a handler sees the driver as the event tells it", async () => {
  const all = drivers();
  const server = all.Server();
  const seen: boolean[] = [];
  server.Diary.OnEstablished = (who) => seen.push(server.Driver.IsConnectedTo(who));
  server.Diary.OnDisconnected = (who) => seen.push(server.Driver.IsConnectedTo(who));
  const client = await all.Join(server);
  Ok(client.Driver.DisconnectFrom(all.AddressOf(server)));
  await all.Tick(5);
  expect(seen).toEqual([true, false]);
});

test("a client is greeted and turned away in the moment that it comes", async () => {
  const all = drivers();
  const server = all.Server();
  const late = new Diary(server.Driver);
  server.Diary.OnEstablished = (who) => {
    Ok(server.Driver.Send(who, Bytes("not today")));
    Ok(server.Driver.DisconnectFrom(who));
  };
  const client = all.Client();
  Ok(client.Driver.ConnectTo(all.AddressOf(server)));
  await all.Tick(10);
  expect(ReceiveTexts(client.Driver)).toEqual(["not today"]);
  await all.Tick(2);
  expect(client.Diary.Lines.length).toBe(2);
  expect(server.Diary.Lines.length).toBe(2);
  expect(late.Lines).toEqual(server.Diary.Lines);
});

test("a client that is turned away without a word hears both events", async () => {
  const all = drivers();
  const server = all.Server();
  server.Diary.OnEstablished = (who) => Ok(server.Driver.DisconnectFrom(who));
  const client = all.Client();
  const address = all.AddressOf(server);
  Ok(client.Driver.ConnectTo(address));
  for (let i = 0; i < 10; i++) {
    await all.Place.Pass();
    server.Driver.Update();
  }
  client.Driver.Update();
  expect(client.Driver.IsConnectedTo(address)).toBe(true);
  client.Driver.Update();
  expect(client.Diary.Lines).toEqual([`+${address}`, `-${address}`]);
  expect(client.Driver.GetLastError(address)).toBe(SocketError.SUCCESS);
});

test("when the first of three is established, the handler closes the others", async () => {
  const all = drivers();
  const servers = [all.Server(), all.Server(), all.Server()];
  const addresses = servers.map((server) => all.AddressOf(server));
  const client = all.Client([3]);
  client.Diary.OnEstablished = (who) => {
    for (const other of addresses) if (other !== who) client.Driver.DisconnectFrom(other);
  };
  for (const address of addresses) Ok(client.Driver.ConnectTo(address));
  await all.Tick(10);
  expect(client.Diary.Lines).toEqual([`+${addresses[0]}`]);
  expect(client.Driver.GetNumberOfConnections()).toBe(1);
});

test("a handler that reconnects at once does so once per end", async () => {
  const all = drivers();
  const server = all.Server();
  const client = all.Client();
  const address = all.AddressOf(server);
  client.Diary.OnDisconnected = () => Ok(client.Driver.ConnectTo(address));
  Ok(client.Driver.ConnectTo(address));
  await all.Until(() => server.Diary.Connected.size === 1, "the first");
  for (let round = 0; round < 3; round++) {
    const [seen] = server.Diary.Connected;
    Ok(server.Driver.DisconnectFrom(seen!));
    await all.Tick(10);
    expect(server.Diary.Connected.size).toBe(1);
  }
  expect(client.Diary.CountEstablished()).toBe(4);
  client.Diary.OnDisconnected = () => undefined;
});

test.each(["established", "disconnected"])(
  "a handler destroys its driver when %s",
  async (when) => {
    const all = drivers();
    const server = all.Server();
    const late = new Diary(server.Driver);
    await all.Join(server);
    const second = await all.Join(server);
    const destroy = (): void => server.Driver.Destroy();
    if (when === "established") server.Diary.OnEstablished = destroy;
    else server.Diary.OnDisconnected = destroy;
    if (when === "established") {
      Ok(all.Client().Driver.ConnectTo(all.AddressOf(server)));
      Ok(all.Client().Driver.ConnectTo(all.AddressOf(server)));
    } else Ok(second.Driver.DisconnectFrom(all.AddressOf(server)));
    await all.Tick(10);
    expect(server.Driver.IsListening()).toBe(false);
    expect(server.Driver.GetNumberOfConnections()).toBe(0);
    const count = when === "established" ? 3 : 2;
    expect(server.Diary.CountEstablished()).toBe(count);
    expect(server.Diary.Lines.length).toBe(2 * count);
    expect(late.Lines).toEqual(server.Diary.Lines);
    expect(late.Mistakes).toEqual([]);
  },
);

test("a handler that stops the server leaves the next client outside", async () => {
  const all = drivers();
  const server = all.Server();
  server.Diary.OnEstablished = () => void server.Driver.StopListen();
  const clients = [all.Client(), all.Client()];
  for (const { Driver } of clients) Ok(Driver.ConnectTo(all.AddressOf(server)));
  await all.Place.Pass();
  await all.Place.Pass();
  await all.Tick(10);
  expect(server.Driver.GetNumberOfConnections()).toBe(1);
  expect(server.Diary.CountEstablished()).toBe(1);
});

test("an Update inside of an event finds nothing twice", async () => {
  const all = drivers();
  const server = all.Server();
  server.Diary.OnEstablished = () => server.Driver.Update();
  for (let i = 0; i < 3; i++) Ok(all.Client().Driver.ConnectTo(all.AddressOf(server)));
  await all.Tick(10);
  expect(server.Diary.CountEstablished()).toBe(3);
  expect(server.Driver.GetNumberOfConnections()).toBe(3);
});

test("a handler that throws does not keep the others from being polled", async () => {
  const all = drivers();
  const server = all.Server();
  server.Diary.OnEstablished = () => {
    throw new Error("out of luck");
  };
  for (let i = 0; i < 2; i++) {
    const { Driver } = all.Client();
    Ok(Driver.ConnectTo(all.AddressOf(server)));
    expect(Driver.Send(all.AddressOf(server), Bytes("still here"))).toBe(ResultCode.EC_OK);
  }
  await all.Tick(10);
  expect(ReceiveTexts(server.Driver)).toEqual(["still here", "still here"]);
  expect(log.length).toBe(2);
});
