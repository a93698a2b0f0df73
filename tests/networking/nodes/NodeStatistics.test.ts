/** What the nodes count of their peers, while they are there and afterwards. */
import { expect, test } from "vitest";
import { SceneTree } from "../../../engine/index.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import type { StatisticsSource } from "../../../networking/core/NetStatistics.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { TCPClientNode } from "../../../networking/nodes/TCPClientNode.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { Pattern, ReadAll, World, port } from "../backends/memory/World.ts";

const of = (source: StatisticsSource): NetStatistics => NetStatistics.Of(source);

/** A server node and client nodes on a network in memory, all ticked together. */
class Scene {
  readonly World = new World();
  readonly Tree = new SceneTree({ RethrowErrors: true });
  readonly Server = new TCPServerNode();

  constructor() {
    this.Server.Port = port;
    this.Server.SocketOptions = { Backend: this.World.Server };
    this.Tree.Root.AddChild(this.Server);
  }

  async Join(at = port): Promise<TCPClientNode> {
    const client = new TCPClientNode();
    client.Host = "server";
    client.Port = at;
    client.SocketOptions = { Backend: this.World.Client };
    client.ReconnectMinDelay = client.ReconnectMaxDelay = 1_000;
    this.Tree.Root.AddChild(client);
    await this.Run();
    return client;
  }

  /** Some ticks, in which everything arrives that is on its way. */
  async Run(seconds = 0): Promise<void> {
    for (let tick = 0; tick < 5; tick++) {
      this.World.Network.Advance(20);
      await Promise.resolve(); // a new synchronous run
      this.Tree.Tick(seconds / 5);
    }
  }
}

test("a server has counted what its peers did, also those that are gone", async () => {
  const scene = new Scene();
  const { Server } = scene;
  const [a, b] = [await scene.Join(), await scene.Join()];
  expect(of(Server)).toMatchObject({ Opened: 2, Current: 2, BytesIn: 0, Connects: 0 });
  a.GetPeer()?.PutData(Pattern(100));
  b.GetPeer()?.PutData(Pattern(10));
  await scene.Run();
  expect(of(Server)).toMatchObject({ BytesIn: 110, BufferedIn: 110 });
  Server.Broadcast(Pattern(7));
  ReadAll(Server.GetPeer(1)!);
  Server.DisconnectPeer(1);
  await scene.Run();
  expect(of(Server)).toMatchObject({ BytesIn: 110, BufferedIn: 10, BytesOut: 14, Current: 1 });
  b.GetPeer()?.Abort();
  await scene.Run();
  expect(of(Server)).toMatchObject({ Opened: 2, Closed: 2, BytesIn: 110, BufferedIn: 0 });
  expect([...of(Server).Errors]).toEqual([[SocketError.CONNECTION_RESET, 1]]);
});

test("a server counts why it could not listen, and whom its backlog dropped", async () => {
  const scene = new Scene();
  const second = new TCPServerNode();
  second.Port = port;
  second.SocketOptions = { Backend: scene.World.Server };
  scene.Tree.Root.AddChild(second);
  expect([...of(second).Errors]).toEqual([[SocketError.ADDRESS_IN_USE, 1]]);
  second.Port = port + 1;
  second.Backlog = 1;
  second.MaxConnections = 0;
  second.StartListening();
  for (let i = 0; i < 3; i++) await scene.Join(port + 1);
  expect(of(second)).toMatchObject({ ConnectionsDropped: 2, Opened: 0 });
  second.StopListening();
  second.StopListening();
  expect(of(second).ConnectionsDropped).toBe(2);
});

test("a client goes on counting over its connections", async () => {
  const scene = new Scene();
  const client = await scene.Join();
  client.GetPeer()?.PutData(Pattern(100));
  await scene.Run();
  expect(of(client)).toMatchObject({ Opened: 1, Current: 1, BytesOut: 100, Connects: 1 });
  scene.Server.GetPeer(1)?.Abort();
  await scene.Run();
  expect(of(client)).toMatchObject({ Opened: 1, Current: 0, BytesOut: 100 });
  expect([...of(client).Errors]).toEqual([[SocketError.CONNECTION_RESET, 1]]);
  await scene.Run(1);
  await scene.Run();
  expect(client.IsConnected()).toBe(true);
  client.GetPeer()?.PutData(Pattern(10));
  expect(of(client)).toMatchObject({ Opened: 2, Current: 1, BytesOut: 110, ErrorCount: 1 });
  client.Disconnect();
  expect(of(client)).toMatchObject({ Opened: 2, Closed: 2, BytesOut: 110, ErrorCount: 1 });
});

test("a client counts each attempt that failed, and what it was refused at once", async () => {
  const scene = new Scene();
  const client = await scene.Join(port + 1);
  await scene.Run(1);
  await scene.Run();
  expect([...of(client).Errors]).toEqual([[SocketError.CONNECTION_REFUSED, 2]]);
  client.Disconnect();
  client.Port = 0;
  client.Connect();
  expect([...of(client).Errors]).toEqual([
    [SocketError.CONNECTION_REFUSED, 2],
    [SocketError.INVALID_PARAMETER, 1],
  ]);
  expect(of(client)).toMatchObject({ Opened: 0, Closed: 0, BytesOut: 0 });
});
