import { expect, test } from "vitest";
import { MemoryBackend, MemoryNetwork } from "../../../../networking/testing.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { Pattern, ReadAll, StatusOf, World } from "./World.ts";

test("the public entry is enough: connect, talk, end", () => {
  const network = new MemoryNetwork({ Seed: 7 });
  const server = new TCPServer({ Backend: new MemoryBackend(network, { Name: "server" }) });
  const client = new StreamPeerTCP({ Backend: new MemoryBackend(network) });
  server.Listen(7_000);
  client.ConnectToHost("server", 7_000);
  network.Advance(10);
  client.Poll();
  client.PutUtf8String("hello");
  network.Advance(10);
  expect(server.TakeConnection()?.GetUtf8String()).toBe("hello");
});

test("connect, bytes both ways, an orderly end", () => {
  const world = new World();
  const { client, server } = world.Pair();
  expect(client.GetConnectedHost().ToString()).toBe("10.0.0.2");
  expect(server.GetConnectedHost().ToString()).toBe("10.0.0.1");
  expect(server.GetConnectedPort()).toBe(client.GetLocalPort());
  client.PutData(Pattern(5_000));
  server.PutUtf8String("hello");
  world.Until(() => server.GetAvailableBytes() === 5_000, "the bytes");
  expect(ReadAll(server)).toEqual(Pattern(5_000));
  expect(client.GetUtf8String()).toBe("hello");
  client.PutData(Pattern(3));
  client.DisconnectFromHost();
  world.Network.Advance(10);
  expect(StatusOf(server)).toBe(Status.STATUS_CONNECTED);
  expect(ReadAll(server)).toEqual(Pattern(3));
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  expect(server.GetCloseReason()).toBe(CloseReason.PEER);
  world.ExpectGivenBack();
});

test("blocking calls let virtual time pass, and no handler runs in them", () => {
  const world = new World({ Link: { LatencyMs: 40 } });
  const { client, server } = world.Pair();
  let handled = 0;
  world.Client.After(1, () => handled++);
  client.BlockingTimeout = 100;
  server.PutU32(77);
  const from = world.Network.Now();
  expect(client.GetU32()).toBe(77);
  expect(world.Network.Now() - from).toBe(40);
  expect(client.GetU32()).toBeNull();
  expect(client.GetLastError()).toBe(SocketError.TIMED_OUT);
  expect(world.Network.Now() - from).toBe(140);
  expect(handled).toBe(0);
  world.Network.Advance(0);
  expect(handled).toBe(1);
});

test("promises: puts and gets larger than the rings, served as time passes", async () => {
  const world = new World();
  const { client, server } = world.Pair({ InboundBufferSize: 256, OutboundBufferSize: 256 });
  const put = client.PutDataAsync(Pattern(5_000));
  const get = server.GetDataAsync(5_000);
  world.Network.Advance(200);
  expect(await put).toBe(SocketError.SUCCESS);
  expect(await get).toEqual({ Result: SocketError.SUCCESS, Data: Pattern(5_000) });
  const never = client.WaitStatus(Status.STATUS_NONE, 50);
  world.Network.Advance(50);
  expect(await never).toBe(SocketError.TIMED_OUT);
  server.DisconnectFromHost();
  const ended = client.WaitStatus(Status.STATUS_NONE, 50);
  world.Network.Advance(10);
  expect(await ended).toBe(SocketError.SUCCESS);
  world.ExpectGivenBack();
});

test("what it can do, and who it is", () => {
  const world = new World();
  expect(world.Client.Name).toBe("memory");
  expect(world.Client.Capabilities).toEqual({
    Blocking: true,
    SynchronousListen: true,
    Listen: true,
    Bind: true,
    Udp: false,
    Tls: false,
    LocalAddresses: true,
  });
  expect(world.Server.LocalAddresses().map(String)).toEqual(["10.0.0.2", "fd00::2"]);
  world.Network.Advance(12.5);
  expect(world.Client.Now()).toBe(12.5);
});

test("After runs once, from Advance, unless it was cancelled", () => {
  const world = new World();
  const ran: number[] = [];
  world.Client.After(10, () => ran.push(world.Network.Now()));
  world.Client.After(5, () => ran.push(-1))();
  world.Network.Advance(9);
  expect(ran).toEqual([]);
  world.Network.Advance(100);
  expect(ran).toEqual([10]);
});
