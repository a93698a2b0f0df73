import { expect, test } from "vitest";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import type { StatisticsSource } from "../../../networking/core/NetStatistics.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";

const { SUCCESS, TIMED_OUT, CONNECTION_RESET } = SocketError;

/** Something that has counted `count` of everything. */
function source(count: number): StatisticsSource {
  return {
    AddStatistics(to) {
      const own = new NetStatistics();
      own.BytesIn = own.BytesOut = count;
      own.PacketsIn = own.PacketsOut = own.PacketsDropped = own.PacketsRefused = count;
      own.BufferedIn = own.BufferedOut = own.PausedMs = count;
      own.ConnectionsDropped = own.Closed = count;
      for (let i = 0; i < count; i++) own.CountOpened(10);
      own.CountError(TIMED_OUT, count);
      to.Add(own);
    },
  };
}

test("sources add up in every figure", () => {
  const sum = NetStatistics.Of(source(1), source(2));
  const { ConnectMs, MeanConnectMs, Errors, ErrorCount, Current, ...figures } = {
    ...sum,
    MeanConnectMs: sum.MeanConnectMs,
    Errors: sum.Errors,
    ErrorCount: sum.ErrorCount,
    Current: sum.Current,
  };
  expect(new Set(Object.values(figures))).toEqual(new Set([3]));
  expect([ConnectMs, MeanConnectMs, ErrorCount, Current]).toEqual([30, 10, 3, 0]);
  expect([...Errors]).toEqual([[TIMED_OUT, 3]]);
});

test("without anything all is 0", () => {
  const none = NetStatistics.Of();
  expect(new Set(Object.values(none))).toEqual(new Set([0]));
  expect([none.Current, none.MeanConnectMs, none.ErrorCount, none.Errors.size]).toEqual([
    0, 0, 0, 0,
  ]);
});

test("errors count by code, and a success is none", () => {
  const statistics = new NetStatistics();
  statistics.CountError(SUCCESS);
  expect(statistics.Errors.size).toBe(0);
  statistics.CountError(TIMED_OUT);
  statistics.CountError(CONNECTION_RESET);
  statistics.CountError(TIMED_OUT);
  expect(statistics.ErrorCount).toBe(3);
  expect(Object.fromEntries(statistics.Errors)).toEqual({
    [TIMED_OUT]: 2,
    [CONNECTION_RESET]: 1,
  });
  expect(new NetStatistics().Errors.size).toBe(0);
});

test("a taken connection counts without a connect", () => {
  const statistics = new NetStatistics();
  statistics.CountOpened(null);
  expect([statistics.Opened, statistics.Current, statistics.Connects]).toEqual([1, 1, 0]);
});

test("a connect within one tick of a coarse clock counts", () => {
  const statistics = new NetStatistics();
  statistics.CountOpened(0);
  statistics.CountOpened(10);
  expect([statistics.Connects, statistics.MeanConnectMs]).toEqual([2, 5]);
});

test("what ended is added for good, but for what it buffered", () => {
  const statistics = new NetStatistics();
  statistics.BufferedIn = 5;
  statistics.BufferedOut = 6;
  statistics.AddEnded(source(4));
  expect(statistics).toMatchObject({ BytesIn: 4, BufferedIn: 5, BufferedOut: 6, PausedMs: 4 });
});
