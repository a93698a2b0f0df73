import { expect, test } from "vitest";
import { BridgedLookup } from "../../../../networking/backends/web/BridgedLookup.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";

const address = new IpAddress("8.8.8.8");

test("knows what was asked, and nothing else before the answer", () => {
  const lookup = new BridgedLookup("game.example", 6);
  expect([lookup.Name, lookup.Family, lookup.Done()]).toEqual(["game.example", 6, false]);
  expect([lookup.Failure(), lookup.Addresses()]).toEqual([SocketError.SUCCESS, []]);
});

test("has the answer at once, and the first one counts", () => {
  const lookup = new BridgedLookup("a", 0);
  lookup.End(SocketError.SUCCESS, [address]);
  lookup.End(SocketError.TIMED_OUT);
  expect([lookup.Done(), lookup.Failure(), lookup.Addresses()]).toEqual([
    true,
    SocketError.SUCCESS,
    [address],
  ]);
  const failed = new BridgedLookup("a", 0);
  failed.End(SocketError.TIMED_OUT);
  failed.End(SocketError.SUCCESS, [address]);
  expect([failed.Failure(), failed.Addresses()]).toEqual([SocketError.TIMED_OUT, []]);
});

test("tells each listener once, in order and never inside a call, early and late ones", async () => {
  const told: string[] = [];
  const lookup = new BridgedLookup("a", 0);
  lookup.OnDone(() => told.push("first"));
  lookup.OnDone(() => told.push("second"));
  await Promise.resolve();
  expect(told).toEqual([]);
  lookup.End(SocketError.SUCCESS, [address]);
  lookup.End(SocketError.FAILED);
  lookup.OnDone(() => told.push("late"));
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual(["first", "second", "late"]);
});
