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
