import { beforeEach, expect, test } from "vitest";
import { GameGuest } from "../../../demos/host/GameGuest.ts";
import { GameHost } from "../../../demos/host/GameHost.ts";
import { DecideSteer } from "../../../demos/host/MothPilot.ts";
import { Rules } from "../../../demos/host/Rules.ts";
import { MemoryBackend, MemoryNetwork } from "../../../networking/testing.ts";
import { PacketPeerStream, Status, StreamPeerTCP, TCPServer } from "../../../networking/index.ts";
import { UseStage } from "../../Support/Stage.ts";

const stage = UseStage();
let network: MemoryNetwork;
let backend: MemoryBackend;
beforeEach(() => {
  network = new MemoryNetwork();
  backend = new MemoryBackend(network);
});
const stepSeconds = 1 / Rules.stepsPerSecond;
const ceilingSteps = 30 * Rules.stepsPerSecond;

/** Lets the game and its network go on together. */
function until(holds: () => boolean, what: string): void {
  for (let i = 0; i < ceilingSteps; i++) {
    if (holds()) return;
    network.Advance(1_000 * stepSeconds);
    stage.Tree.PhysicsTick(stepSeconds);
    stage.Tick(stepSeconds);
  }
  throw new Error(`${ceilingSteps} steps went by without ${what}.`);
}

function host(name: string | null = "Ada"): GameHost {
  const game = new GameHost(name);
  game.Net.Port = 7_400;
  game.Net.SocketOptions = { Backend: backend };
  return stage.Add(game);
}

function guest(name: string): GameGuest {
  const game = new GameGuest(name);
  game.Net.Port = 7_400;
  game.Net.SocketOptions = { Backend: backend };
  return stage.Add(game);
}

const namesOf = (game: { Names: ReadonlyMap<number, string> }): string[] => [
  ...game.Names.values(),
];

test("guests come in by name, see everybody, and are forgotten when they go", () => {
  const ada = host();
  const grace = guest("Grace");
  until(() => grace.Names.size === 2, "both names");
  const linus = guest("  Linus\n");
  until(() => grace.Names.size === 3 && linus.Scene !== null, "three names");
  expect(namesOf(grace)).toEqual(["Ada", "Grace", "Linus"]);
  expect([ada.OwnId, grace.OwnId, linus.OwnId]).toEqual([1, 2, 3]);
  expect(linus.Scene?.Moths).toHaveLength(3);
  linus.Net.Disconnect();
  until(() => grace.Names.size === 2 && grace.Scene?.Moths.length === 2, "the loss");
  expect(linus.OwnId).toBe(0);
});

test("what host and guest want moves their moths, in both scenes", () => {
  const ada = host();
  const grace = guest("Grace");
  until(() => grace.Scene?.Moths.length === 2, "the scene");
  const places = (): number[] => grace.Scene!.Moths.map(({ Y }) => Y);
  const before = places();
  ada.Steer = { X: 0, Y: before[0]! > 0 ? -1 : 1, Dash: false };
  grace.Steer = { X: 0, Y: before[1]! > 0 ? -1 : 1, Dash: false };
  until(() => places().every((y, i) => Math.abs(y - before[i]!) > 50), "both flights");
});

test("a beginner gathers sparks", () => {
  host(null);
  const bot = guest("Node");
  until(() => {
    if (bot.Scene !== null) bot.Steer = DecideSteer(bot.Scene, bot.OwnId);
    return (bot.Scene?.Moths[0]?.Score ?? 0) >= 3;
  }, "three sparks");
});

test("one guest too many hears that the game is full", () => {
  host();
  for (let i = 2; i <= Rules.maxMoths; i++) guest(`Moth ${i}`);
  const late = guest("Late");
  let why = "";
  late.Refused.Connect((text) => {
    why = text;
  });
  until(() => why !== "", "a word");
  expect([why, late.OwnId]).toEqual(["The game is full.", 0]);
});

test.each([
  ["garbage", (packets: PacketPeerStream) => packets.PutPacket(Uint8Array.of(99))],
  [
    "a frame that is too long",
    (packets: PacketPeerStream) => packets.PutPacket(new Uint8Array(999)),
  ],
  ["nothing", () => 0],
])("a client that says %s is let go, and the others play on", (_name, act) => {
  host();
  const grace = guest("Grace");
  until(() => grace.OwnId > 0, "Grace");
  const stranger = new StreamPeerTCP({ Backend: backend });
  stranger.ConnectToHost("127.0.0.1", 7_400);
  const status = (): Status => {
    stranger.Poll();
    return stranger.GetStatus();
  };
  until(() => status() === Status.STATUS_CONNECTED, "the stranger");
  const packets = new PacketPeerStream();
  packets.StreamPeer = stranger;
  act(packets);
  until(() => status() !== Status.STATUS_CONNECTED, "its end");
  expect([grace.OwnId > 0, grace.Names.size]).toEqual([true, 2]);
});

test("a host that sends what makes no sense is left", () => {
  const server = new TCPServer({ Backend: backend });
  server.Listen(7_400);
  const lost = guest("Lost");
  let why = "";
  lost.Refused.Connect((text) => {
    why = text;
  });
  until(() => server.IsConnectionAvailable(), "the guest");
  const packets = new PacketPeerStream();
  packets.StreamPeer = server.TakeConnection();
  packets.PutPacket(Uint8Array.of(99));
  until(() => why !== "", "a word");
  expect([why, lost.Net.IsConnected()]).toEqual(["The host sent something unexpected.", false]);
});
