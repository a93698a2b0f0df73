/** Sending and receiving: queues, sizes, turns, and what is left at the end. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { Bytes, Ok, ReceiveOne, ReceiveTexts } from "./Drivers.ts";
import { UseMemoryDrivers } from "./MemoryPlace.ts";

const drivers = UseMemoryDrivers();

test("what is sent before the connection stands is queued, and arrives in order", async () => {
  const all = drivers();
  const server = all.Server();
  const client = all.Client();
  const address = all.AddressOf(server);
  Ok(client.Driver.ConnectTo(address));
  for (const text of ["one", "two", "three"]) Ok(client.Driver.Send(address, Bytes(text)));
  expect(client.Driver.IsConnectedTo(address)).toBe(false);
  await all.Tick(5);
  expect(ReceiveTexts(server.Driver)).toEqual(["one", "two", "three"]);
});

test.each(["before it stands", "once it stands"])(
  "a full queue is EC_SEND with nothing stored: %s",
  async (when) => {
    const all = drivers({ Link: { WindowBytes: 300 } });
    const server = all.Server([4, 512, 512, 512]);
    const client = all.Client([1, 512, 512, 512]);
    const address = all.AddressOf(server);
    Ok(client.Driver.ConnectTo(address));
    if (when === "once it stands") {
      await all.Until(() => client.Driver.IsConnectedTo(address), "the connection");
    }
    // 512 bytes and a header more are there for 5 packets of 98 and a header each.
    const packet = new Uint8Array(98);
    for (let i = 1; i <= 5; i++) Ok(client.Driver.Send(address, packet.fill(i)));
    expect(client.Driver.Send(address, packet)).toBe(ResultCode.EC_SEND);
    expect(client.Driver.Send(address, packet, 13)).toBe(ResultCode.EC_SEND);
    Ok(client.Driver.Send(address, packet.fill(6), 12));
    await all.Tick(50);
    const received = Array.from({ length: 6 }, () => ReceiveOne(server.Driver).Data);
    expect(received.map((data) => [data.length, data[0]])).toEqual([
      [98, 1],
      [98, 2],
      [98, 3],
      [98, 4],
      [98, 5],
      [12, 6],
    ]);
  },
);

test.each([
  [65_536, 65_536, 65_535],
  [65_535, 65_536, 65_535],
  [1_000, 65_536, 1_000],
  [65_535, 4_096, 4_096],
])("maxPacketSize %i with an outbound buffer of %i means %i", async (size, buffer, most) => {
  const all = drivers();
  const server = all.Server([4, 65_535, 65_536, 65_536]);
  const client = await all.Join(server, [1, size, 65_536, buffer]);
  const address = all.AddressOf(server);
  expect(client.Driver.Send(address, new Uint8Array(65_536), most + 1)).toBe(
    ResultCode.EC_BUFFER_TOOLARGE,
  );
  expect(client.Driver.Send(address, new Uint8Array(0))).toBe(ResultCode.EC_SEND);
  Ok(client.Driver.Send(address, new Uint8Array(most).fill(1)));
  await all.Tick(50);
  expect(ReceiveOne(server.Driver).Data).toEqual(new Uint8Array(most).fill(1));
  Ok(client.Driver.Send(address, Bytes("1")));
  await all.Tick(5);
  expect(ReceiveTexts(server.Driver)).toEqual(["1"]);
});

test("Receive gives what was there at the last Update, one connection after the other", async () => {
  const all = drivers();
  const server = all.Server();
  const clients = [await all.Join(server), await all.Join(server), await all.Join(server)];
  clients.forEach(({ Driver }, i) => {
    const count = i === 0 ? 4 : 2;
    for (let j = 1; j <= count; j++) Ok(Driver.Send(all.AddressOf(server), Bytes(`${i}.${j}`)));
  });
  await all.Tick(5);
  const first = [ReceiveOne(server.Driver).Data, ReceiveOne(server.Driver).Data];
  expect(first.map(String)).toEqual([Bytes("0.1"), Bytes("1.1")].map(String));
  Ok(clients[1]!.Driver.Send(all.AddressOf(server), Bytes("1.3")));
  await all.Place.Pass();
  await all.Place.Pass();
  // An update in the middle changes nobody's turn.
  server.Driver.Update();
  expect(ReceiveTexts(server.Driver)).toEqual(["2.1", "0.2", "1.2", "2.2", "0.3", "1.3", "0.4"]);
  Ok(clients[0]!.Driver.Send(all.AddressOf(server), Bytes("later")));
  await all.Place.Pass();
  await all.Place.Pass();
  expect(ReceiveTexts(server.Driver)).toEqual([]);
  server.Driver.Update();
  expect(ReceiveTexts(server.Driver)).toEqual(["later"]);
});

test("one packet per update, and nobody starves", async () => {
  const all = drivers();
  const server = all.Server();
  const clients = [await all.Join(server), await all.Join(server), await all.Join(server)];
  const seen = new Map<string, number>();
  const buffer = new Uint8Array(16);
  for (let tick = 0; tick < 60; tick++) {
    for (const { Driver } of clients) Ok(Driver.Send(all.AddressOf(server), Bytes("again")));
    await all.Tick();
    const from = String(server.Driver.Receive(buffer).From);
    seen.set(from, (seen.get(from) ?? 0) + 1);
  }
  for (const { Seen } of clients) expect(seen.get(String(Seen))).toBeGreaterThanOrEqual(18);
});

test("a packet larger than the buffer names its sender, stays, and holds up only that one", async () => {
  const all = drivers();
  const server = all.Server();
  const [large, small] = [await all.Join(server), await all.Join(server)];
  Ok(large.Driver.Send(all.AddressOf(server), Bytes("a long packet")));
  Ok(large.Driver.Send(all.AddressOf(server), Bytes("and")));
  Ok(small.Driver.Send(all.AddressOf(server), Bytes("one")));
  Ok(small.Driver.Send(all.AddressOf(server), Bytes("two")));
  await all.Tick(5);
  const buffer = new Uint8Array(100);
  const refused = { Result: ResultCode.EC_RECEIVE, Size: 0, From: large.Seen };
  expect(server.Driver.Receive(buffer, 12)).toEqual(refused);
  expect(ReceiveTexts(server.Driver)).toEqual(["one", "two"]);
  await all.Tick();
  expect(server.Driver.Receive(buffer, 0)).toEqual(refused);
  expect(server.Driver.Receive(buffer, 0).Result).toBe(ResultCode.EC_OK);
  await all.Tick();
  expect(ReceiveTexts(server.Driver)).toEqual(["a long packet", "and"]);
});

test("a peer that leaves behind a packet which nobody has room for is let go", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  Ok(client.Driver.Send(all.AddressOf(server), Bytes("a long packet")));
  Ok(client.Driver.DisconnectFrom(all.AddressOf(server)));
  await all.Tick(5);
  expect(server.Driver.IsConnectedTo(client.Seen)).toBe(true);
  expect(server.Driver.Receive(new Uint8Array(5)).From).toBe(client.Seen);
  await all.Tick();
  expect(server.Driver.IsConnectedTo(client.Seen)).toBe(false);
  expect(server.Driver.GetLastError(client.Seen)).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
});

test("packets that came before the end are received before it is told", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  for (const text of ["one", "two"]) Ok(client.Driver.Send(all.AddressOf(server), Bytes(text)));
  Ok(client.Driver.DisconnectFrom(all.AddressOf(server)));
  await all.Tick(20);
  expect(server.Diary.Lines).toEqual([`+${client.Seen}`]);
  const answer = server.Driver.Send(client.Seen, Bytes("an answer"));
  expect(answer).toBe(ResultCode.EC_OK);
  expect(ReceiveTexts(server.Driver)).toEqual(["one", "two"]);
  await all.Tick();
  expect(server.Diary.Lines).toEqual([`+${client.Seen}`, `-${client.Seen}`]);
});
