import { describe, expect, test } from "vitest";
import type { BridgeServerOptions } from "../../../networking/bridge/index.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { PacketType, SockOpt } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { MwxClient, StartBridge } from "./UseBridge.ts";
import type { WispClient } from "./WispClient.ts";

const network = UseNetwork();

/** A port that was free a moment ago. */
function freePort(): number {
  const probe = network.Listening();
  const port = probe.GetLocalPort();
  probe.Stop();
  return port;
}

async function start(options: BridgeServerOptions = {}) {
  const port = freePort();
  const bridge = await StartBridge(network, { Dev: true, ListenPorts: `${port}`, ...options });
  return { port, bridge, client: await MwxClient(bridge) };
}

function listen(client: WispClient, id: number, port = 0, backlog = 8, host = "*"): void {
  client.Send({
    Type: PacketType.LISTEN,
    Stream: id,
    Port: port,
    Backlog: backlog,
    Flags: 0,
    Host: host,
  });
}

describe("LISTEN", () => {
  test.each([0, null])("is granted at port %s as the policy says", async (asked) => {
    const { port, client } = await start();
    listen(client, 1, asked ?? port);
    await client.WaitPacket(PacketType.LISTENING);
    expect(client.Of(PacketType.LISTENING)[0]!.Bound.Port).toBe(port);
  });

  test.each([
    ["a port outside", 1, "*"],
    ["another address", 0, "192.0.2.1"],
  ])("%s is POLICY_DENIED", async (_name, port, host) => {
    const { client } = await start();
    listen(client, 1, port, 8, host);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({
      Stream: 1,
      Code: SocketError.POLICY_DENIED,
    });
  });

  test("without a rule is not offered, and UNAVAILABLE", async () => {
    const client = await MwxClient(await StartBridge(network));
    listen(client, 1);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Code: SocketError.UNAVAILABLE });
  });

  test("at a port in use is ADDRESS_IN_USE, and the range's next one is free", async () => {
    const { port, client } = await start();
    listen(client, 1);
    listen(client, 2);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Code: SocketError.ADDRESS_IN_USE });
    const range = `${port}-${Math.min(port + 100, 65_535)}`;
    const other = await MwxClient(await StartBridge(network, { Dev: true, ListenPorts: range }));
    listen(other, 1);
    await other.WaitPacket(PacketType.LISTENING);
    expect(other.Of(PacketType.LISTENING)[0]!.Bound.Port).toBeGreaterThan(port);
  });

  test("so many ports of a range are tried", async () => {
    const { port, client } = await start();
    listen(client, 1);
    await client.WaitPacket(PacketType.LISTENING);
    const ListenPorts = `${port}-${port + 100}`;
    const bridge = await StartBridge(network, {
      Dev: true,
      ListenPorts,
      Limits: { listenTries: 1 },
    });
    const other = await MwxClient(bridge);
    listen(other, 1);
    await other.WaitPacket(PacketType.CLOSE);
    expect(other.Of(PacketType.CLOSE)[0]).toMatchObject({ Code: SocketError.ADDRESS_IN_USE });
  });

  test("faster than its rate, and more at once, is LIMIT_REACHED", async () => {
    const { client } = await start({ Limits: { connectsBurst: 1, connectsPerSecond: 0 } });
    listen(client, 1);
    listen(client, 2);
    await client.WaitPacket(PacketType.CLOSE);
    const few = await start({ Limits: { maxListeners: 1 } });
    listen(few.client, 1);
    listen(few.client, 2);
    await few.client.WaitPacket(PacketType.CLOSE);
    for (const { Stream, Code } of [client, few.client].flatMap((one) =>
      one.Of(PacketType.CLOSE),
    )) {
      expect([Stream, Code]).toEqual([2, SocketError.LIMIT_REACHED]);
    }
  });
});

describe("a connection that comes in", () => {
  test("is announced, and carries bytes as soon as the page grants", async () => {
    const { port, client } = await start();
    listen(client, 1);
    await client.WaitPacket(PacketType.LISTENING);
    const player = network.PlainClient(port);
    player.Send("hello");
    await client.WaitPacket(PacketType.ACCEPT);
    const [accept] = client.Of(PacketType.ACCEPT);
    expect(accept).toMatchObject({ Listener: 1, Stream: 2 ** 31, Offset: 65_536 });
    expect(accept!.Local.Port).toBe(port);
    client.Send({ Type: PacketType.WINDOW, Stream: accept!.Stream, Offset: 1_000 });
    await client.WaitText(accept!.Stream, "hello");
    client.SendData(accept!.Stream, "welcome");
    await player.WaitReceived(7);
    client.Send({ Type: PacketType.SOCKOPT, Stream: 2 ** 31, Option: SockOpt.ABORT, Value: 1 });
    await WaitFor(() => player.Failure !== "", "the reset");
  });

  test("and goes again, many times, ends no session and fills no log", async () => {
    const { port, client, bridge } = await start({
      Limits: { endsPerSecond: 0, endsBurst: 2, floodLinesPerSecond: 0, floodLinesBurst: 2 },
    });
    listen(client, 1);
    await client.WaitPacket(PacketType.LISTENING);
    for (let count = 1; count <= 5; count++) {
      const player = network.PlainClient(port);
      await client.WaitPacket(PacketType.ACCEPT, count);
      player.Socket.resetAndDestroy();
      await client.WaitPacket(PacketType.CLOSE, count);
    }
    expect(bridge.LogLines.filter(({ msg }) => msg === "session ended by the bridge")).toEqual([]);
    expect(bridge.LogLines.filter(({ msg }) => msg === "stream closed")).toHaveLength(2);
  });

  test("beyond the credit is reset, and let in when the page grants more", async () => {
    const { port, client, bridge } = await start();
    listen(client, 1, 0, 1);
    await client.WaitPacket(PacketType.LISTENING);
    network.PlainClient(port);
    await client.WaitPacket(PacketType.ACCEPT);
    const second = network.PlainClient(port);
    await WaitFor(() => second.Failure !== "" || second.Ended, "the second one's reset");
    client.Send({ Type: PacketType.ACCEPT_CREDIT, Stream: 1, Count: 2 });
    client.Send({ Type: PacketType.PING, Stream: 0, Value: 1n });
    await client.WaitPacket(PacketType.PONG);
    network.PlainClient(port);
    await client.WaitPacket(PacketType.ACCEPT, 2);
    client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: 0 });
    await WaitFor(() => bridge.LogLines.some(({ msg }) => msg === "listener closed"), "its end");
    expect(bridge.LogLines.find(({ msg }) => msg === "listener closed")).toMatchObject({
      port,
      dropped: 1,
    });
  });

  test("is reset when the streams or the memory are used up", async () => {
    for (const Limits of [{ maxStreams: 0 }, { processWindowBytes: 0 }]) {
      const { port, client } = await start({ Limits });
      listen(client, 1);
      await client.WaitPacket(PacketType.LISTENING);
      const player = network.PlainClient(port);
      await WaitFor(() => player.Failure !== "" || player.Ended, "its reset");
      expect(client.Of(PacketType.ACCEPT)).toEqual([]);
    }
  });
});

test("the port is free when the page stops listening, or leaves; its connections live or end", async () => {
  const { port, client } = await start();
  listen(client, 1);
  await client.WaitPacket(PacketType.LISTENING);
  const player = network.PlainClient(port);
  await client.WaitPacket(PacketType.ACCEPT);
  client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: 0 });
  client.SendData(2 ** 31, "still here");
  await player.WaitReceived(10);
  listen(client, 2);
  await client.WaitPacket(PacketType.LISTENING, 2);
  client.WebSocket.terminate();
  await WaitFor(() => player.Failure !== "", "the player's reset");
  await WaitFor(() => {
    const server = network.Server();
    return server.Listen(port, "127.0.0.1") === SocketError.SUCCESS;
  }, "the port to be free");
});
