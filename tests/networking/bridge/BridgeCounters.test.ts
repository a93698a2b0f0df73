import { expect, test } from "vitest";
import { BridgeCounters } from "../../../networking/bridge/BridgeCounters.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";

test("refusals are counted by code, and by word for upgrades", () => {
  const counters = new BridgeCounters();
  counters.Refused(SocketError.TIMED_OUT);
  counters.Refused(SocketError.POLICY_DENIED);
  counters.Refused(SocketError.TIMED_OUT);
  counters.UpgradeRefused("origin");
  expect([...counters.Refusals()]).toEqual([
    [SocketError.TIMED_OUT, 2],
    [SocketError.POLICY_DENIED, 1],
  ]);
  expect([...counters.UpgradeRefusals()]).toEqual([["origin", 1]]);
});

test("round trips are spread over buckets, each bridge's by themselves", async () => {
  const [counters, others] = [new BridgeCounters(), new BridgeCounters()];
  for (const seconds of [0.001, 0.04, 0.04, 60]) counters.RoundTrips.observe(seconds);
  const upTo = async (of: BridgeCounters, le: number | string) => {
    const { values } = await of.RoundTrips.get();
    return values.find(({ labels }) => labels.le === le)?.value ?? 0;
  };
  expect(await Promise.all([0.002, 0.05, 10, "+Inf"].map((le) => upTo(counters, le)))).toEqual([
    1, 3, 3, 4,
  ]);
  expect(await upTo(others, "+Inf")).toBe(0);
});
