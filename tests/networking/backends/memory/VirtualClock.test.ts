import { expect, test } from "vitest";
import { VirtualClock } from "../../../../networking/backends/memory/VirtualClock.ts";

test("Advance runs what is due, in the order of time, at its time", () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name} ${clock.Now()}`);
  clock.Call(20, note("call"));
  clock.Schedule(10, note("event"));
  clock.Schedule(10, () => clock.Schedule(5, note("nested")));
  clock.Call(10, note("second"));
  const cancel = clock.Call(12, note("never"));
  cancel();
  clock.Schedule(20.5, note("late"));
  clock.Advance(20);
  expect(ran).toEqual(["event 10", "second 10", "nested 15", "call 20"]);
  expect(clock.Now()).toBe(20);
  expect(clock.EventCount()).toBe(1);
  expect(clock.CallCount()).toBe(0);
  clock.Advance(0.5);
  expect(ran.at(-1)).toBe("late 20.5");
});

test("Block lets the network go on, and keeps calls of user code for the next Advance", () => {
  const clock = new VirtualClock();
  let happened = 0;
  let called = -1;
  clock.Call(1, () => (called = clock.Now()));
  clock.Schedule(5, () => happened++);
  clock.Schedule(9, () => happened++);
  expect(clock.Block(() => happened === 1, 100)).toBe(true);
  expect(clock.Now()).toBe(5);
  expect(clock.Block(() => false, 2)).toBe(false);
  expect(clock.Now()).toBe(7);
  expect(clock.Block(() => happened === 2, -1)).toBe(false);
  expect(clock.Block(() => happened === 3, Infinity)).toBe(false); // nothing more can happen
  expect(clock.Now()).toBe(9);
  expect(called).toBe(-1);
  clock.Advance(0);
  expect(called).toBe(9); // late, and time did not go back
});

test("Block tests before anything happens", () => {
  const clock = new VirtualClock();
  clock.Schedule(0, () => expect.fail("nothing should run"));
  expect(clock.Block(() => true, 100)).toBe(true);
  expect(clock.Now()).toBe(0);
});

test("misuse is told: bad times, Advance inside Advance, handlers without end", () => {
  const clock = new VirtualClock();
  for (const ms of [-1, Number.NaN, Infinity]) expect(() => clock.Advance(ms)).toThrow(TypeError);
  clock.Call(1, () => clock.Advance(1));
  expect(() => clock.Advance(1)).toThrow("A handler cannot call Advance");
  clock.Advance(1); // an exception leaves the clock usable
  const forever = (): void => void clock.Call(0, forever);
  forever();
  expect(() => clock.Advance(1)).toThrow("A million events at one moment");
});
