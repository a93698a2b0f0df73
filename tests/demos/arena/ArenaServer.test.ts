import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ArenaClient } from "../../../demos/arena/ArenaClient.ts";
import { Bot } from "../../../demos/arena/Bot.ts";
import {
  ByeReason,
  EncodeInput,
  EncodeJoin,
  EncodeWelcome,
  protocolVersion,
} from "../../../demos/arena/Protocol.ts";
import type { Bye, Snapshot } from "../../../demos/arena/Protocol.ts";
import { Button, Rules } from "../../../demos/arena/Rules.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import { ArenaBench, loopback, Until } from "./ArenaBench.ts";

let bench: ArenaBench;

beforeEach(() => {
  bench = new ArenaBench();
});
afterEach(() => bench.End());

/** The newest snapshot that `client` has. */
function watch(client: ArenaClient): { Snapshot: Snapshot | null } {
  const seen: { Snapshot: Snapshot | null } = { Snapshot: null };
  client.SnapshotReceived.Connect((snapshot) => {
    seen.Snapshot = snapshot;
  });
  return seen;
}

async function joined(client: ArenaClient): Promise<void> {
  await Until("welcome", () => client.OwnId !== null);
}

describe("ArenaServer", () => {
  test("a client that joins is welcomed and sees itself in the snapshots", async () => {
    const client = bench.Client("Luna");
    const seen = watch(client);
    await joined(client);
    await Until("a snapshot", () => seen.Snapshot !== null);
    expect(seen.Snapshot?.Ships.map((ship) => ship.Id)).toEqual([client.OwnId]);
    expect(bench.Server.PilotCount).toBe(1);
  });

  test("everybody gets the roster with clean names when somebody comes or goes", async () => {
    const rosters: string[][] = [];
    const luna = bench.Client("Luna");
    luna.RosterReceived.Connect(({ Names }) => rosters.push([...Names.values()]));
    await joined(luna);
    const nova = bench.Client("\u202eNova\n");
    await joined(nova);
    await Until("a roster of two", () => rosters.at(-1)?.length === 2);
    expect(rosters.at(-1)).toEqual(["Luna", "Nova"]);
    nova.Net.Disconnect();
    await Until("a roster of one", () => rosters.at(-1)?.length === 1);
  });

  test("inputs move the ship, and each snapshot says which of them it has", async () => {
    const client = bench.Client("Luna");
    const seen = watch(client);
    await joined(client);
    let last = 0;
    await Until("ten acked inputs", () => {
      if (last < 10) last = client.SendInput(Button.THRUST);
      return seen.Snapshot?.Acked === 10;
    });
    const own = seen.Snapshot?.Ships.find((ship) => ship.Id === client.OwnId);
    expect(Math.hypot(own?.VelocityX ?? 0, own?.VelocityY ?? 0)).toBeGreaterThan(1);
    expect(client.RoundTripMs).toBeGreaterThan(0);
    const { BytesIn, BytesOut, PacketsIn, PacketsOut } = NetStatistics.Of(client.Net);
    expect([BytesOut, PacketsOut]).toEqual([10 * 10 + EncodeJoin("Luna").length + 4, 10 + 1]);
    expect(BytesIn).toBeGreaterThan(PacketsIn);
    expect(PacketsIn).toBeGreaterThan(0);
  });

  const garbage: [string, Uint8Array[]][] = [
    ["a message of no kind", [new Uint8Array([200, 1, 2, 3])]],
    ["what only a server may say", [EncodeWelcome(1)]],
    ["an input before the name", [EncodeInput(1, 0)]],
    ["a second name", [EncodeJoin("Luna"), EncodeJoin("Luna")]],
    ["inputs that do not count up", [EncodeJoin("Luna"), EncodeInput(2, 0), EncodeInput(2, 0)]],
  ];
  test.each(garbage)("%s ends that connection with a reason", async (_, messages) => {
    const peer = await bench.Raw();
    for (const message of messages) peer.Packets.PutPacket(message);
    expect((await peer.Next("bye")).Reason).toBe(ByeReason.GARBAGE);
    await peer.Gone();
    expect(bench.Server.Dropped.Garbage).toBe(1);
    expect(bench.Server.PilotCount).toBe(0);
  });

  test("a frame over the limit ends that connection, and nobody else notices", async () => {
    const luna = bench.Client("Luna");
    const seen = watch(luna);
    await joined(luna);
    const peer = await bench.Raw();
    peer.Packets.PutPacket(new Uint8Array(5_000));
    await peer.Gone();
    expect(bench.Server.Dropped.Garbage).toBe(1);
    const tick = seen.Snapshot?.Tick ?? 0;
    await Until("further snapshots", () => (seen.Snapshot?.Tick ?? 0) > tick + 3);
    expect(luna.OwnId).not.toBeNull();
  });

  test("a page of another version is told so", async () => {
    const peer = await bench.Raw();
    const join = EncodeJoin("Luna");
    join[1] = protocolVersion + 1;
    peer.Packets.PutPacket(join);
    expect((await peer.Next("bye")).Reason).toBe(ByeReason.VERSION);
    await peer.Gone();
    expect(bench.Server.Dropped.Garbage).toBe(0);
  });

  test("a peer that says no name is let go after five seconds of steps", async () => {
    const peer = await bench.Raw();
    await Until("the connection at the server", () => bench.Server.Net.GetPeerCount() === 1);
    for (let i = 0; i < 5 * Rules.stepsPerSecond; i++) bench.Server.PhysicsProcess();
    expect((await peer.Next("bye")).Reason).toBe(ByeReason.NOT_JOINED);
    await peer.Gone();
    expect(bench.Server.Dropped.Late).toBe(1);
  });

  test("a peer that does not read is let go, and the others get all their snapshots", async () => {
    const luna = bench.Client("Luna");
    const seen = watch(luna);
    await joined(luna);
    const sleeper = await bench.Raw();
    sleeper.Packets.PutPacket(EncodeJoin("Sleeper"));
    await Until("two in the arena", () => bench.Server.PilotCount === 2);
    // Steps beyond real time, so that minutes of snapshots fill the system's buffers in seconds;
    // but never more than Luna's own stream has room for.
    const [lunaId = 0] = bench.Server.Net.GetPeerIds();
    const hasRoom = (): boolean =>
      (bench.Server.Net.GetPeer(lunaId)?.GetOutboundBytes() ?? 0) < 16_384;
    await Until("the sleeper's end", () => {
      for (let i = 0; i < 300 && hasRoom(); i++) bench.Server.PhysicsProcess();
      return bench.Server.Dropped.Slow === 1;
    });
    expect(bench.Server.PilotCount).toBe(1);
    const tick = seen.Snapshot?.Tick ?? 0;
    await Until("further snapshots", () => (seen.Snapshot?.Tick ?? 0) > tick + 3);
  });

  test("the arena takes its limit of ships and tells one more that it is full", async () => {
    const peers = Array.from({ length: Rules.maxShips }, () => bench.Raw());
    for (const peer of await Promise.all(peers)) peer.Packets.PutPacket(EncodeJoin("Luna"));
    await Until("a full arena", () => bench.Server.PilotCount === Rules.maxShips);
    const late = await bench.Raw();
    late.Packets.PutPacket(EncodeJoin("Nova"));
    expect((await late.Next("bye")).Reason).toBe(ByeReason.FULL);
    await late.Gone();
    (await peers[0])?.Peer.DisconnectFromHost();
    await Until("room", () => bench.Server.PilotCount === Rules.maxShips - 1);
    const next = await bench.Raw();
    next.Packets.PutPacket(EncodeJoin("Nova"));
    await next.Next("welcome");
  });

  test("closing tells everybody why", async () => {
    const client = bench.Client("Luna");
    const byes: (Bye | null)[] = [];
    client.Dismissed.Connect((bye) => byes.push(bye));
    await joined(client);
    await bench.Server.Close(1_000);
    await Until("the bye", () => byes.length > 0);
    expect(byes[0]?.Reason).toBe(ByeReason.CLOSING);
    expect(bench.Server.Net.IsListening()).toBe(false);
  });
});

describe("Bot", () => {
  test("joins, flies, and comes back when the server was away", async () => {
    const bot = new Bot("Vega", loopback, bench.Port);
    const seen = watch(bot.Client);
    bench.Tree.Root.AddChild(bot);
    await joined(bot.Client);
    await Until("acked inputs", () => (seen.Snapshot?.Acked ?? 0) > 5);
    const port = bench.Port;
    await bench.Server.Close(1_000);
    await Until("the loss", () => bot.Client.OwnId === null);
    bench.Server.Net.Port = port;
    bench.Server.Net.StartListening();
    await joined(bot.Client);
    expect(bench.Server.PilotCount).toBe(1);
  });
});
