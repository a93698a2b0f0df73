import { expect, test } from "vitest";
import { PauseClock } from "../../../networking/core/PauseClock.ts";

/** A clock that the test sets. */
function make(nowMs = 0) {
  const time = { nowMs };
  return { time, clock: new PauseClock(() => time.nowMs) };
}

test("it counts while it runs, and keeps what it has", () => {
  const { time, clock } = make(1_000.9);
  expect([clock.IsRunning(), clock.TotalMs()]).toEqual([false, 0]);
  clock.Start();
  time.nowMs = 1_250.1;
  expect([clock.IsRunning(), clock.TotalMs()]).toEqual([true, 250]);
  time.nowMs = 1_300;
  clock.Stop();
  time.nowMs = 5_000;
  expect([clock.IsRunning(), clock.TotalMs()]).toEqual([false, 300]);
  clock.Start();
  time.nowMs = 5_007;
  expect(clock.TotalMs()).toBe(307);
});

test("a second start and a second stop change nothing", () => {
  const { time, clock } = make(10);
  clock.Stop();
  clock.Start();
  time.nowMs = 20;
  clock.Start();
  time.nowMs = 30;
  clock.Stop();
  time.nowMs = 40;
  clock.Stop();
  expect(clock.TotalMs()).toBe(20);
});

test.each([0, 2 ** 30 - 5, 2 ** 31 - 5, 2 ** 32 - 5, 7 * 2 ** 40])(
  "a machine that has been up for %d ms counts as any other",
  (nowMs) => {
    const { time, clock } = make(nowMs);
    clock.Start();
    time.nowMs += 10;
    expect(clock.TotalMs()).toBe(10);
    clock.Stop();
    clock.Start();
    time.nowMs += 2 ** 31 - 11;
    expect(clock.TotalMs()).toBe(2 ** 31 - 1);
    clock.Stop();
    expect(clock.TotalMs()).toBe(2 ** 31 - 1);
  },
);

test("it lives in the one word that it is given", () => {
  const words = new Int32Array(new SharedArrayBuffer(12));
  let nowMs = 5;
  const ours = new PauseClock(() => nowMs, words, 1);
  const theirs = new PauseClock(() => nowMs, words, 1);
  ours.Start();
  nowMs = 8;
  expect([theirs.IsRunning(), theirs.TotalMs()]).toEqual([true, 3]);
  ours.Stop();
  expect([...words]).toEqual([0, 6, 0]);
});
