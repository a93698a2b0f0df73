import { expect, test } from "vitest";
import { GameServer } from "../../../../networking/cli/template/GameServer.ts";
import { Limits } from "../../../../networking/core/Limits.ts";
import { PacketPeerStream } from "../../../../networking/core/PacketPeerStream.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { Variant } from "../../../../networking/core/Variant.ts";
import { Succeed, UseNetwork } from "../../../Support/Network.ts";
import { UseStage } from "../../../Support/Stage.ts";

const stage = UseStage();
const network = UseNetwork();

function server(): GameServer {
  const game = new GameServer();
  game.Net.BindAddress = "127.0.0.1";
  game.Net.SocketOptions = { Backend: network.Backend };
  return stage.Add(game);
}

/** A player's packets, once the server has it. */
async function join(game: GameServer): Promise<PacketPeerStream> {
  const players = game.Net.GetPeerCount();
  const stream = network.Stream();
  Succeed(stream.ConnectToHost("127.0.0.1", game.Net.GetLocalPort()));
  await stage.Until(() => {
    const connected = stream.GetStatus() === Status.STATUS_CONNECTED;
    return connected && game.Net.GetPeerCount() > players;
  }, "the player");
  const packets = new PacketPeerStream();
  packets.StreamPeer = stream;
  return packets;
}

/** The places that this player heard of last, once they are `expected`. */
async function heard(packets: PacketPeerStream, expected: Variant): Promise<void> {
  let last: Variant = null;
  const text = JSON.stringify(expected);
  await stage.Until(() => {
    while (packets.GetAvailablePacketCount() > 0) last = packets.GetVar();
    return JSON.stringify(last) === text;
  }, text);
}

test("everybody hears of everybody, of moves and of leaving", async () => {
  const game = server();
  const first = await join(game);
  await heard(first, [[1, 0.5, 0.5]]);
  const second = await join(game);
  Succeed(second.PutVar([0.25, 1]));
  const both = [
    [1, 0.5, 0.5],
    [2, 0.25, 1],
  ];
  await heard(first, both);
  await heard(second, both);
  network.EndAll();
  await stage.Until(() => game.Net.GetPeerCount() === 0, "both to leave");
});

test.each<[string, Variant]>([
  ["text", "left"],
  ["nothing", null],
  ["an empty list", []],
  ["one number", [0.5]],
  ["a place outside", [0.5, 1.5]],
  ["a negative place", [-1, 0.5]],
  ["no number", [Number.NaN, 0.5]],
  ["texts", ["0", "1"]],
])("%s is no move, and the next one counts", async (_name, message) => {
  const game = server();
  const player = await join(game);
  Succeed(player.PutVar(message));
  Succeed(player.PutPacket(Uint8Array.of(255, 255, 255, 255)));
  await heard(player, [[1, 0.5, 0.5]]);
  Succeed(player.PutVar([1, 0]));
  await heard(player, [[1, 1, 0]]);
});

test("a player who never reads holds nobody up, and misses what does not fit", async () => {
  const game = server();
  game.Net.SocketOptions = { Backend: network.Backend, OutboundBufferSize: Limits.minBufferBytes };
  const silent = network.PlainClient(game.Net.GetLocalPort(), "127.0.0.1", false);
  await stage.Until(() => game.Net.GetPeerCount() === 1, "the silent one");
  const player = await join(game);
  for (let i = 0; i < 2_000; i++) stage.Tick();
  Succeed(player.PutVar([0, 0]));
  await heard(player, [
    [1, 0.5, 0.5],
    [2, 0, 0],
  ]);
  expect(silent.Closed).toBe(false);
});
