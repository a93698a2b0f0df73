/**
 * Random messages against the codec, the mux and a live bridge. TEST_MESSAGES sets how many, a
 * million for a long run; TEST_SEED repeats a run.
 */
import { expect, test } from "vitest";
import { Random } from "../../../networking/backends/memory/Random.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { BridgeMux } from "../../../networking/mux/BridgeMux.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";
import { TestSeed } from "../mux/Packets.ts";
import { HttpGet } from "./HttpGet.ts";
import { RandomMessages } from "./RandomMessages.ts";
import { ReadMetrics } from "./ReadMetrics.ts";
import type { TestBridge } from "./UseBridge.ts";
import { MwxClient, StartBridge } from "./UseBridge.ts";
import type { WispClient } from "./WispClient.ts";

const network = UseNetwork();
const seed = TestSeed("RandomMessages.test.ts");
const count = Number(process.env.TEST_MESSAGES ?? 20_000);
const timeLimitMs = 15_000 + count;

test(
  "the codec gives a packet, which can be sent again, or a problem",
  { timeout: timeLimitMs },
  () => {
    const messages = new RandomMessages(new Random(seed), 1);
    let decodable = 0;
    for (let i = 0; i < count; i++) {
      const decoded = DecodePacket(messages.Next(0.3));
      if (decoded.Ok) {
        decodable++;
        expect(DecodePacket(EncodePacket(decoded.Packet)).Ok).toBe(true);
      }
    }
    expect(decodable).toBeGreaterThan(count / 2);
    expect(decodable).toBeLessThan(count);
  },
);

test("the mux takes it or fails once, and every stream ends once", { timeout: timeLimitMs }, () => {
  const messages = new RandomMessages(new Random(seed + 1), 1);
  const random = new Random(seed + 2);
  let failures = 0;
  for (let left = count; left > 0;) {
    const open = new Set<unknown>();
    let failed = 0;
    const onMux = (event: MuxEvent): void => {
      if (event.Kind === "connect") open.add(event.Stream);
      if (event.Kind === "closed" && !open.delete(event.Stream)) failed += 100;
      if (event.Kind === "failed") failed++;
    };
    const mux = new BridgeMux(random.Pick([1, 2] as const), onMux, 4);
    messages.Restart();
    while (failed === 0 && left-- > 0) {
      mux.Receive(messages.Next(0.02));
      for (let out = mux.NextMessage(); out !== null; out = mux.NextMessage()) {
        expect(DecodePacket(out).Ok).toBe(true);
      }
    }
    failures += failed;
    mux.End(SocketError.CONNECTION_RESET);
    mux.Receive(messages.Next(0.05));
    expect([failed < 2, open.size, mux.StreamCount()]).toEqual([true, 0, 0]);
  }
  expect(failures).toBeGreaterThan(0);
});

/** The numbers of an idle bridge, its descriptors, what the network thread holds, and timers. */
async function baseline(bridge: TestBridge): Promise<number[]> {
  const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
  const values = ReadMetrics(Body);
  const gauges = ["sessions", "streams", "listeners", "window_bytes", "open_descriptors"];
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const held = [network.Backend.HeldCount(), timers];
  return [...gauges.map((name) => values.get(`moonwire_bridge_${name}`) ?? NaN), ...held];
}

/** Sends until the bridge has had enough of it, at most so many. */
async function sendTo(client: WispClient, messages: RandomMessages, most: number): Promise<number> {
  await WaitFor(() => client.Packets.length > 0 || client.Closed !== null, "the bridge's greeting");
  messages.Restart();
  let [sent, pongs, pings] = [0, 0, 0];
  client.WebSocket.on("pong", () => pongs++);
  while (client.Closed === null && sent < most) {
    for (let i = 0; i < 10; i++, sent++) client.WebSocket.send(messages.Next(0.002));
    client.WebSocket.ping();
    pings++;
    await WaitFor(() => pongs === pings || client.Closed !== null, "an answer, or the end");
  }
  client.End();
  return sent;
}

test(
  "a live bridge: typed ends, a witness unharmed, nothing left",
  { timeout: timeLimitMs },
  async () => {
    const high = 1_000_000;
    const Limits = {
      sessionsPerSecond: high,
      connectsPerSecond: high,
      resolvesPerSecond: high,
      endsPerSecond: high,
    };
    const [bridge, target] = [
      await StartBridge(network, { Dev: true, Limits, MetricsPort: 0, ListenPorts: "40000-49999" }),
      await network.PlainServer(),
    ];
    await baseline(bridge); // Opens the connection that later questions use again.
    const idle = await baseline(bridge);
    const witness = await MwxClient(bridge);
    witness.Connect(1, target.Port);
    witness.Send({ Type: PacketType.WINDOW, Stream: 1, Offset: 1_000_000 });
    await witness.WaitPacket(PacketType.OPENED);
    const peer = await target.Peer();

    const messages = new RandomMessages(new Random(seed + 3), target.Port);
    const random = new Random(seed + 4);
    const codes = new Set<number | null>();
    let [left, rounds] = [count / 4, 0];
    while (left > 0) {
      const protocols = random.Pick([[], ["wisp-v2"], ["mwx1"], null]);
      // Half of those with MWX are past their handshake, which random messages seldom get through.
      const client =
        protocols === null ? await MwxClient(bridge) : bridge.Client({ Protocols: protocols });
      left -= await sendTo(client, messages, 500);
      codes.add(client.Closed);
      if (++rounds % 10 === 0) {
        peer.Send("x");
        await witness.WaitText(1, "x".repeat(rounds / 10));
      }
    }
    // Ended by us at the most, a broken rule, or a message that is larger than any.
    expect([...codes].filter((code) => ![null, 1006, 1002, 1008].includes(code))).toEqual([]);
    expect(witness.Closed).toBeNull();
    witness.End();
    target.Stop();
    await WaitFor(() => bridge.Server.SessionCount() === 0, "the end of every session");
    await WaitFor(() => network.Backend.HeldCount() === 0, "the end of every socket");
    // Fewer is no leak: a timer of the first questions may have ended meanwhile.
    const kept = (now: readonly number[]): number[] => now.filter((n, i) => n > (idle[i] ?? 0));
    let now = await baseline(bridge);
    for (let tries = 0; tries < 500 && kept(now).length > 0; tries++) {
      await NextRun(10);
      now = await baseline(bridge);
    }
    expect(kept(now), `${now} after ${idle}`).toEqual([]);
    // They got somewhere.
    const { Body } = await HttpGet(bridge.Server.MetricsPort(), "/metrics");
    expect(ReadMetrics(Body).get("moonwire_bridge_streams_opened_total")).toBeGreaterThan(
      rounds / 4,
    );
    expect(bridge.LogLines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  },
);
