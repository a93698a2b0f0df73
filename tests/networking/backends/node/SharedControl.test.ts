import { expect, test } from "vitest";
import { SharedControl } from "../../../../networking/backends/node/SharedControl.ts";
import { Limits } from "../../../../networking/core/Limits.ts";

/** Where the dirty list's counters stand; see the diagram in SharedControl.ts. */
const headWord = 5;
const tailWord = 6;

test("ids come off the dirty list in order, and an empty list says so", () => {
  const control = new SharedControl();
  const other = new SharedControl(control.Memory);
  expect(other.Pop()).toBe(-1);
  for (const id of [4, 2, 7]) expect(control.Push(id)).toBe(true);
  expect([other.Pop(), other.Pop(), other.Pop(), other.Pop()]).toEqual([4, 2, 7, -1]);
});

test("the list of sockets to serve keeps its bound when its counters wrap", () => {
  const control = new SharedControl();
  const words = new Int32Array(control.Memory, 0, 16);
  words[headWord] = words[tailWord] = 2 ** 31 - 2;
  let pushed = 0;
  while (pushed < 2 * Limits.dirtyListEntries && control.Push(pushed)) pushed++;
  expect(pushed).toBe(Limits.dirtyListEntries);
  for (let id = 0; id < pushed; id++) expect(control.Pop()).toBe(id);
  expect(control.Pop()).toBe(-1);
});

test("one wake is claimed until the other side has looked", () => {
  const control = new SharedControl();
  expect(control.IsWakePending()).toBe(false);
  expect(control.ClaimWake()).toBe(true);
  expect(control.ClaimWake()).toBe(false);
  expect(control.IsWakePending()).toBe(true);
  control.AcceptWake();
  expect(control.IsWakePending()).toBe(false);
  expect(control.ClaimWake()).toBe(true);
});

test("a wait ends at its time, when the sequence has moved, and when the thread is dead", () => {
  const control = new SharedControl();
  const seen = control.Sequence();
  control.Wait(seen, 1);
  expect(control.Sequence()).toBe(seen);
  control.Advance();
  control.Wait(seen, Infinity);
  const then = control.Sequence();
  control.MarkDead();
  control.Wait(then, Infinity);
  expect(control.IsDead()).toBe(true);
});
