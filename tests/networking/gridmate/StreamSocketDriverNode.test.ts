/** Drivers on real sockets: both families, against each other and against plain sockets. */
import { expect, test } from "vitest";
import { NodeBackend } from "../../../networking/backends/node/NodeBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { FamilyType, ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";
import { Address, Bytes, Drivers, Ok, ReceiveTexts } from "./Drivers.ts";
import type { Party } from "./Drivers.ts";
import { UseNodeDrivers } from "./NodePlace.ts";
import { PlayTraffic } from "./Traffic.ts";

const log = CaptureNetLog();
const network = UseNetwork();
const drivers = UseNodeDrivers(network);
const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`StreamSocketDriverNode.test.ts: TEST_SEED=${seed}`);

function onNode(maxConnections = 4): StreamSocketDriver {
  const driver = new StreamSocketDriver(maxConnections, 65_535, 65_536, 65_536, {
    Backend: network.Backend,
  });
  network.Ending(() => driver.Destroy());
  return driver;
}

/** The only client that a server has. */
function onlyClient(server: Party): ReturnType<typeof Address> {
  const [address] = server.Diary.Connected;
  return address!;
}

test("random traffic both ways, packets up to the longest", async () => {
  const all = drivers();
  const sizes = [32, 65_536, 65_536, 65_536] as const;
  const plan = { Seed: seed, Clients: 3, Packets: 300, MostBytes: 65_535 };
  await PlayTraffic(all, all.Server(sizes), sizes, plan);
});

test("many small packets through small buffers", async () => {
  const all = drivers();
  const sizes = [32, 300, 512, 512] as const;
  const plan = { Seed: seed + 1, Clients: 3, Packets: 1_000, MostBytes: 300 };
  await PlayTraffic(all, all.Server(sizes), sizes, plan);
});

test.each([
  [FamilyType.BSD_AF_INET, null, "127.0.0.1"],
  [FamilyType.BSD_AF_INET, "127.0.0.1", "127.0.0.1"],
  [FamilyType.BSD_AF_INET6, null, "::1"],
  [FamilyType.BSD_AF_INET6, "::1", "::1"],
])("family %i bound to %s", async (family, address, ip) => {
  const [server, client] = [onNode(), onNode(1)];
  Ok(server.Initialize(family, address, 0, false, 262_144, 65_536));
  Ok(client.Initialize(family, address, 0, false, 262_144, 65_536));
  Ok(server.StartListen(4));
  const target = Address(client, `${ip}|${server.GetPort()}`);
  Ok(client.ConnectTo(target));
  Ok(client.Send(target, Bytes("across")));
  const heard: string[] = [];
  await WaitFor(() => {
    client.Update();
    server.Update();
    heard.push(...ReceiveTexts(server));
    return heard.length > 0;
  }, "a packet");
  expect(heard).toEqual(["across"]);
  expect(client.IsConnectedTo(target)).toBe(true);
  const wrong = family === FamilyType.BSD_AF_INET ? "::1" : "127.0.0.1";
  expect(client.ConnectTo(Address(client, `${wrong}|80`))).toBe(ResultCode.EC_SOCKET_CONNECT);
});

test("a port that is in use is EC_SOCKET_BIND, and free again after StopListen", async () => {
  const [first, second] = [onNode(), onNode()];
  Ok(first.Initialize(FamilyType.BSD_AF_INET, "127.0.0.1", 0));
  Ok(first.StartListen(4));
  Ok(second.Initialize(FamilyType.BSD_AF_INET, "127.0.0.1", first.GetPort()));
  expect(second.StartListen(4)).toBe(ResultCode.EC_SOCKET_BIND);
  Ok(first.StopListen());
  Ok(second.StartListen(4));
});

test("on the wire a packet is its length, u16 big-endian, and its bytes", async () => {
  const all = drivers();
  const server = all.Server();
  const plain = network.PlainClient(server.Driver.GetPort());
  await all.Until(() => server.Diary.Connected.size === 1, "the plain client");
  const client = onlyClient(server);
  Ok(server.Driver.Send(client, Bytes("a")));
  Ok(server.Driver.Send(client, Pattern(258)));
  const longest = Pattern(65_535);
  await all.Until(() => server.Driver.Send(client, longest) === ResultCode.EC_OK, "room");
  await plain.WaitReceived(65_535 + 258 + 1 + 6);
  const { Received } = plain;
  expect([...Received.subarray(0, 5)]).toEqual([0, 1, 97, 1, 2]);
  expect([...Received.subarray(263, 265)]).toEqual([0xff, 0xff]);
  expect(Buffer.compare(Received.subarray(265), Pattern(65_535))).toBe(0);
  plain.Send(Uint8Array.of(0));
  await all.Tick(3);
  plain.Send(Uint8Array.of(3, 1));
  await all.Tick(3);
  plain.Send(Uint8Array.of(2, 3, 0xff, 0xff));
  await all.Tick(3);
  plain.Send(Pattern(65_535));
  const lengths: number[] = [];
  const buffer = new Uint8Array(65_535);
  await all.Until(() => {
    const { Size } = server.Driver.Receive(buffer);
    if (Size > 0) lengths.push(Size);
    return lengths.length === 2;
  }, "two packets");
  expect(lengths).toEqual([3, 65_535]);
  expect(Buffer.compare(buffer, Pattern(65_535))).toBe(0);
});

test("a length of zero resets that connection; others go on", async () => {
  const all = drivers();
  const server = all.Server();
  const bad = network.PlainClient(server.Driver.GetPort());
  await all.Until(() => server.Diary.Connected.size === 1, "the bad client");
  const badAddress = onlyClient(server);
  const good = await all.Join(server);
  bad.Send(Uint8Array.of(0, 1, 97, 0, 0, 0, 1, 98));
  const heard: string[] = [];
  await all.Until(() => {
    heard.push(...ReceiveTexts(server.Driver));
    return server.Diary.Connected.size === 1;
  }, "the end of the bad client");
  expect(heard).toEqual(["a"]);
  expect(server.Driver.GetLastError(badAddress)).toBe(SocketError.PROTOCOL_ERROR);
  await WaitFor(() => bad.Closed, "the reset");
  expect(bad.Failure).toBe("ECONNRESET");
  Ok(good.Driver.Send(all.AddressOf(server), Bytes("unharmed")));
  await all.Until(() => ReceiveTexts(server.Driver).join("") === "unharmed", "the good one");
});

test("a client that half-closes is answered; one that ends inside a packet is told so", async () => {
  const all = drivers();
  const server = all.Server();
  const plain = network.PlainClient(server.Driver.GetPort());
  plain.Send(Uint8Array.of(0, 2, 104, 105));
  plain.Socket.end(Uint8Array.of(0, 9, 1));
  await all.Until(() => server.Diary.Connected.size === 1, "the client");
  const client = onlyClient(server);
  await all.Until(() => ReceiveTexts(server.Driver).join("") === "hi", "the question");
  Ok(server.Driver.Send(client, Bytes("yes?")));
  await all.Until(() => server.Diary.Connected.size === 0, "the end");
  expect(server.Driver.GetLastError(client)).toBe(SocketError.FILE_EOF);
  await plain.WaitReceived(6);
  expect(plain.Text()).toBe("\0\x04yes?");
});

test("a port where nobody listens is a refusal, told and logged", async () => {
  const plain = await network.PlainServer();
  const deadPort = plain.Port;
  plain.Stop();
  const all = drivers();
  const { Driver } = all.Client();
  const dead = Address(Driver, `127.0.0.1|${deadPort}`);
  Ok(Driver.ConnectTo(dead));
  await all.Until(() => Driver.GetLastError(dead) !== SocketError.SUCCESS, "the refusal");
  expect(Driver.GetLastError(dead)).toBe(SocketError.CONNECTION_REFUSED);
  expect(log.at(-1)).toMatch(/could not connect to 127\.0\.0\.1\|\d+: CONNECTION_REFUSED/);
});

test("when the network thread ends, all connections do, and the listening", async () => {
  const backend = new NodeBackend();
  const mine = new Drivers({
    ServerBackend: backend,
    ClientBackend: backend,
    ServerIp: "127.0.0.1",
    Pass: () => NextRun(1),
  });
  const server = mine.Server();
  const client = await mine.Join(server);
  await backend.Terminate();
  await mine.Until(() => server.Diary.Connected.size === 0, "the end");
  await mine.Until(() => client.Diary.Connected.size === 0, "the other end");
  expect(server.Driver.IsListening()).toBe(false);
  expect(server.Driver.GetLastError(client.Seen)).not.toBe(SocketError.SUCCESS);
  expect(log.some((line) => /listens no longer/.test(line))).toBe(true);
  mine.End();
});
