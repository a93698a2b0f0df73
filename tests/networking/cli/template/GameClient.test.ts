import { expect, test } from "vitest";
import { GameClient } from "../../../../networking/cli/template/GameClient.ts";
import { PacketPeerStream } from "../../../../networking/core/PacketPeerStream.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { Succeed, UseNetwork } from "../../../Support/Network.ts";
import { UseStage } from "../../../Support/Stage.ts";

const stage = UseStage();
const network = UseNetwork();

interface Game {
  readonly Client: GameClient;
  readonly Stream: StreamPeerTCP;
  readonly Packets: PacketPeerStream;
}

/** A client that is connected, and the server's end of it. */
async function connect(): Promise<Game> {
  const server = network.Listening();
  const client = new GameClient();
  client.Net.Port = server.GetLocalPort();
  client.Net.SocketOptions = { Backend: network.Backend };
  client.Net.Reconnect = false;
  stage.Add(client);
  client.MoveTo(0, 0); // not connected yet: nothing
  await stage.Until(() => client.Net.IsConnected(), "the connection");
  const packets = new PacketPeerStream();
  packets.StreamPeer = await network.Take(server);
  return { Client: client, Stream: packets.StreamPeer as StreamPeerTCP, Packets: packets };
}

test("a move is one packet", async () => {
  const { Client, Packets } = await connect();
  Client.MoveTo(0.25, 0.5);
  await stage.Until(() => Packets.GetAvailablePacketCount() > 0, "the packet");
  expect(Packets.GetVar()).toEqual([0.25, 0.5]);
  expect(Packets.GetAvailablePacketCount()).toBe(0);
});

test("the places are what the server said last, and none once it is gone", async () => {
  const { Client, Stream, Packets } = await connect();
  Succeed(Packets.PutVar([[1, 0.5, 0.5]]));
  Succeed(
    Packets.PutVar([
      [1, 0.5, 0.5],
      [2, 0, 1],
    ]),
  );
  await stage.Until(() => Client.Places.length === 2, "both places");
  expect(Client.Places).toEqual([
    { Id: 1, X: 0.5, Y: 0.5 },
    { Id: 2, X: 0, Y: 1 },
  ]);
  Stream.DisconnectFromHost();
  await stage.Until(() => Client.Places.length === 0, "the end");
  expect(Client.Net.IsConnected()).toBe(false);
});
