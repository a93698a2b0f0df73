import { describe, expect, test } from "vitest";
import { RoundTrip } from "../../../networking/bridge/RoundTrip.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "./HttpGet.ts";
import { ReadMetrics } from "./ReadMetrics.ts";
import { SessionStage } from "./SessionStage.ts";
import { MwxClient, StartBridge } from "./UseBridge.ts";
import type { TestBridge } from "./UseBridge.ts";

const network = UseNetwork();
const nothing = new Uint8Array(0);

describe("an answer", () => {
  test("is measured once, and remembered to a tenth", () => {
    const trip = new RoundTrip();
    expect(trip.LastMs()).toBeNull();
    const asked = trip.Ask(1_000);
    expect([trip.Answer(asked, 1_040.26), trip.Answer(asked, 1_050)]).toEqual([
      expect.closeTo(40.26),
      null,
    ]);
    expect(trip.LastMs()).toBe(40.3);
  });

  test("that nobody asked for is none", () => {
    const trip = new RoundTrip();
    expect(trip.Answer(nothing, 1)).toBeNull();
    const asked = trip.Ask(1_000);
    for (const wrong of [nothing, asked.subarray(1), Buffer.alloc(asked.length)]) {
      expect(trip.Answer(wrong, 1_010)).toBeNull();
    }
    expect(trip.Answer(asked, 1_020)).toBe(20);
  });

  test("to an older question is none; the one to the last counts", () => {
    const trip = new RoundTrip();
    const [old, last] = [Buffer.from(trip.Ask(1_000)), trip.Ask(2_000)];
    expect([trip.Answer(old, 2_001), trip.Answer(last, 2_030)]).toEqual([null, 30]);
  });

  test("is none once the question is forgotten", () => {
    const trip = new RoundTrip();
    const asked = trip.Ask(1_000);
    trip.Forget();
    expect([trip.Answer(asked, 1_010), trip.LastMs()]).toEqual([null, null]);
  });
});

describe("a session", () => {
  /** How many were measured, and their sum in seconds. */
  async function measured(stage: SessionStage): Promise<[number, number]> {
    const { values } = await stage.Counters.RoundTrips.get();
    const of = (end: string) =>
      values.find(({ metricName }) => metricName?.endsWith(end))?.value ?? 0;
    return [of("_count"), of("_sum")];
  }

  test("measures what its page answers, and nothing that it says unasked", async () => {
    const stage = SessionStage.Ready();
    stage.Pong();
    stage.At(1_000);
    stage.Backend.TimeMs = 1_040;
    stage.Pong(Uint8Array.of(1));
    stage.Pong();
    stage.Pong();
    expect(await measured(stage)).toEqual([1, 0.04]);
    const [first] = stage.Far.Pings;
    stage.At(21_000);
    stage.Pong(first);
    expect(await measured(stage)).toEqual([1, 0.04]);
  });

  test("measures nothing while it does not read", async () => {
    const stage = new SessionStage("", { Dev: true }, { plainWaitingBytes: 100 });
    stage.At(1_000);
    stage.Connect(1);
    stage.Say({ Type: PacketType.DATA, Stream: 1, Data: new Uint8Array(200) });
    expect(stage.Far.isPaused).toBe(true);
    stage.Backend.TimeMs = 9_000;
    stage.Pong();
    expect(await measured(stage)).toEqual([0, 0]);
  });
});

describe("a bridge", () => {
  const start = (): Promise<TestBridge> => {
    return StartBridge(network, { Dev: true, MetricsPort: 0, Limits: { sweepEveryMs: 20 } });
  };
  const metrics = async (bridge: TestBridge) => {
    const values = ReadMetrics((await HttpGet(bridge.Server.MetricsPort(), "/metrics")).Body);
    const names = ['bucket{le="0.002"}', 'bucket{le="10"}', "count"];
    return names.map((name) => values.get(`moonwire_bridge_round_trip_seconds_${name}`));
  };
  const closed = async (bridge: TestBridge) => {
    const find = () => bridge.LogLines.find(({ msg }) => msg === "session closed");
    await WaitFor(() => find() !== undefined, "the session's last line");
    return find()?.roundTripMs;
  };

  test("tells round trips in its metrics, and the last one of a page in its log", async () => {
    const bridge = await start();
    expect(await metrics(bridge)).toEqual([0, 0, 0]);
    const client = await MwxClient(bridge);
    // The first ping is the only one here; the test's own time limit is the ceiling.
    while ((await metrics(bridge)).at(-1) === 0);
    expect((await metrics(bridge)).slice(1)).toEqual([1, 1]);
    client.End();
    const lastMs = await closed(bridge);
    expect(lastMs).toBeGreaterThanOrEqual(0);
    expect(lastMs).toBeLessThan(10_000);
  });

  test("knows nothing of a page that only says pongs of its own", async () => {
    const bridge = await start();
    const client = bridge.Client({ AutoPong: false });
    let pings = 0;
    client.WebSocket.on("ping", () => {
      pings++;
      client.WebSocket.pong("mine");
    });
    await WaitFor(() => pings > 0, "a ping");
    client.WebSocket.close();
    expect(await closed(bridge)).toBeNull();
    expect(await metrics(bridge)).toEqual([0, 0, 0]);
  });
});
