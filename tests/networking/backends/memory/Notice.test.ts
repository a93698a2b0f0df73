import { expect, test } from "vitest";
import { Notice } from "../../../../networking/backends/memory/Notice.ts";
import { VirtualClock } from "../../../../networking/backends/memory/VirtualClock.ts";

test("one call per moment, from the clock, beginning with what happened before", () => {
  const clock = new VirtualClock();
  const notice = new Notice(clock);
  let calls = 0;
  notice.Give();
  notice.Watch(() => calls++);
  notice.Give();
  notice.Give();
  expect(calls).toBe(0);
  clock.Advance(0);
  expect(calls).toBe(1);
  clock.Advance(10);
  expect(calls).toBe(1);
  notice.Give();
  clock.Advance(0);
  expect(calls).toBe(2);
});

test("null ends it, also for what was about to be told", () => {
  const clock = new VirtualClock();
  const notice = new Notice(clock);
  let calls = 0;
  notice.Watch(() => calls++);
  notice.Watch(null);
  notice.Give();
  expect(clock.CallCount()).toBe(0);
  clock.Advance(1);
  expect(calls).toBe(0);
});

test("another handler takes the place of the first", () => {
  const clock = new VirtualClock();
  const notice = new Notice(clock);
  const told: string[] = [];
  notice.Watch(() => told.push("first"));
  notice.Watch(() => told.push("second"));
  clock.Advance(0);
  expect(told).toEqual(["second"]);
});
