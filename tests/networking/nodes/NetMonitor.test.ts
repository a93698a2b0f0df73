import { expect, test } from "vitest";
import { SceneTree } from "../../../engine/index.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import type { StatisticsSource } from "../../../networking/core/NetStatistics.ts";
import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { NetMonitor } from "../../../networking/nodes/NetMonitor.ts";
import type { NetRates } from "../../../networking/nodes/NetMonitor.ts";
import { Pattern, ReadAll, World } from "../backends/memory/World.ts";

const { SUCCESS, ALREADY_INIT, LIMIT_REACHED } = SocketError;
const still: NetRates = { BytesIn: 0, BytesOut: 0, PacketsIn: 0, PacketsOut: 0, PausedMs: 0 };

/** Statistics that the test writes. */
class Counted implements StatisticsSource {
  readonly Own = new NetStatistics();
  Asked = 0;

  AddStatistics(to: NetStatistics): void {
    this.Asked++;
    to.Add(this.Own);
  }
}

/** A monitor in a tree of its own, and the samples that it told of. */
function make() {
  const tree = new SceneTree({ RethrowErrors: true });
  const monitor = new NetMonitor();
  const samples: [NetStatistics, NetRates][] = [];
  monitor.Sampled.Connect((totals, rates) => samples.push([totals, rates]));
  tree.Root.AddChild(monitor);
  return { tree, monitor, samples };
}

test("it tells once a second what came and went in it", () => {
  const { tree, monitor, samples } = make();
  const source = new Counted();
  source.Own.BytesIn = 500;
  expect(monitor.Watch(source, "one")).toBe(SUCCESS);
  source.Own.BytesIn += 300;
  source.Own.BytesOut += 200;
  source.Own.PacketsIn += 30;
  source.Own.PacketsOut += 20;
  source.Own.PausedMs += 100;
  tree.Tick(0.75);
  expect([samples.length, monitor.Rates()]).toEqual([0, still]);
  tree.Tick(0.5);
  const rates = { BytesIn: 240, BytesOut: 160, PacketsIn: 24, PacketsOut: 16, PausedMs: 80 };
  expect(samples).toEqual([[monitor.Totals(), rates]]);
  expect(monitor.Rates()).toEqual(rates);
  tree.Tick(0.9);
  expect(samples.length).toBe(1);
  tree.Tick(0.1);
  expect(samples.length).toBe(2);
  expect(monitor.Rates()).toEqual(still);
});

test("the interval is the script's to choose", () => {
  const { tree, monitor, samples } = make();
  monitor.Interval = 0.25;
  for (let tick = 0; tick < 8; tick++) tree.Tick(0.125);
  expect(samples.length).toBe(4);
  monitor.Interval = 0;
  tree.Tick(0);
  expect(samples.length).toBe(4);
  tree.Tick(0.125);
  expect(samples.length).toBe(5);
});

test("between two samples it asks nobody", () => {
  const { tree, monitor } = make();
  const source = new Counted();
  monitor.Watch(source);
  const { Asked } = source;
  for (let tick = 0; tick < 7; tick++) tree.Tick(0.125);
  expect(source.Asked).toBe(Asked);
  tree.Tick(0.125);
  expect(source.Asked).toBe(Asked + 1);
});

test("several sources add up, and each has its own figures", () => {
  const { tree, monitor } = make();
  const [a, b] = [new Counted(), new Counted()];
  monitor.Watch(a, "a");
  monitor.Watch(b, "b");
  a.Own.BytesIn = 10;
  b.Own.BytesIn = 20;
  b.Own.CountError(SocketError.TIMED_OUT);
  tree.Tick(2);
  expect(monitor.Totals()).toMatchObject({ BytesIn: 30, ErrorCount: 1 });
  expect(monitor.Rates().BytesIn).toBe(15);
  const figures = monitor.Snapshot().map(({ Name, Source, Statistics, Rates }) => {
    return [Name, Source, Statistics.BytesIn, Rates.BytesIn];
  });
  expect(figures).toEqual([
    ["a", a, 10, 5],
    ["b", b, 20, 10],
  ]);
});

test("what is not watched any more is gone, without a rate below 0", () => {
  const { tree, monitor } = make();
  const [a, b] = [new Counted(), new Counted()];
  monitor.Watch(a);
  monitor.Watch(b);
  a.Own.BytesIn = 1_000;
  b.Own.BytesIn = 10;
  expect([monitor.Unwatch(a), monitor.Unwatch(a)]).toEqual([true, false]);
  tree.Tick(1);
  expect([monitor.Totals().BytesIn, monitor.Rates().BytesIn]).toEqual([10, 10]);
  b.Own.BytesIn = 5;
  tree.Tick(1);
  expect(monitor.Rates().BytesIn).toBe(0);
});

test("it goes on while the tree is paused", () => {
  const { tree, samples } = make();
  tree.Paused = true;
  tree.Tick(1);
  expect(samples.length).toBe(1);
});

test("a source is watched once, and so many at most", () => {
  const { monitor } = make();
  const first = new Counted();
  expect(monitor.Watch(first)).toBe(SUCCESS);
  expect(monitor.Watch(first)).toBe(ALREADY_INIT);
  for (let i = 1; i < Limits.maxWatches; i++) expect(monitor.Watch(new Counted())).toBe(SUCCESS);
  expect(monitor.Watch(new Counted())).toBe(LIMIT_REACHED);
  expect(monitor.Watch(first)).toBe(ALREADY_INIT);
  monitor.Unwatch(first);
  expect(monitor.Watch(new Counted())).toBe(SUCCESS);
});

test.each([[null], [undefined], [{}], ["server"]])("watching %s is a mistake", (source) => {
  const { monitor } = make();
  expect(() => monitor.Watch(source as unknown as StatisticsSource)).toThrow(TypeError);
});

test("a stream's traffic, seen from both ends", () => {
  const world = new World();
  const { client, server } = world.Pair();
  const { tree, monitor } = make();
  monitor.Watch(client, "client");
  monitor.Watch(server, "server");
  const packets = new PacketPeerStream();
  packets.StreamPeer = client;
  packets.PutPacket(Pattern(96));
  world.Network.Advance(10);
  ReadAll(server);
  tree.Tick(1);
  const [near, far] = monitor.Snapshot();
  expect(near?.Rates).toEqual({ ...still, BytesOut: 100, PacketsOut: 1 });
  expect(far?.Rates).toEqual({ ...still, BytesIn: 100 });
  expect(monitor.Totals()).toMatchObject({ Opened: 2, Current: 2, Connects: 1 });
});
