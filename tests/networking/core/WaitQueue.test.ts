import { expect, test } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { WaitQueue } from "../../../networking/core/WaitQueue.ts";

/** Only `After` is asked of the backend; timers are run by hand. */
function timers(): { Backend: NetBackend; Due: Map<number, () => void> } {
  const due = new Map<number, () => void>();
  let next = 1;
  const after = (_delayMs: number, handler: () => void): (() => void) => {
    const id = next++;
    due.set(id, handler);
    return () => due.delete(id);
  };
  return { Backend: { After: after } as unknown as NetBackend, Due: due };
}

/** A test that counts how often it is asked and answers what it is told to. */
function gate(): { Asked: number; Answer: SocketError | null; Test: () => SocketError | null } {
  const state = {
    Asked: 0,
    Answer: null as SocketError | null,
    Test: (): SocketError | null => {
      state.Asked++;
      return state.Answer;
    },
  };
  return state;
}

test("a condition that holds already resolves without a timer left behind", async () => {
  const { Backend, Due } = timers();
  const queue = new WaitQueue(Backend, false);
  expect(await queue.Wait(() => SocketError.SUCCESS, 1_000)).toBe(SocketError.SUCCESS);
  expect(queue.IsEmpty()).toBe(true);
  expect(Due.size).toBe(0);
});

test("in order, a later waiter is not asked before the first is done", async () => {
  const queue = new WaitQueue(timers().Backend, true);
  const [first, second] = [gate(), gate()];
  second.Answer = SocketError.SUCCESS;
  const waits = [queue.Wait(first.Test, Infinity), queue.Wait(second.Test, Infinity)];
  queue.Check();
  expect(second.Asked).toBe(0);
  first.Answer = SocketError.FILE_EOF;
  queue.Check();
  expect(await Promise.all(waits)).toEqual([SocketError.FILE_EOF, SocketError.SUCCESS]);
});

test("without order, each is asked", async () => {
  const queue = new WaitQueue(timers().Backend, false);
  const [first, second] = [gate(), gate()];
  void queue.Wait(first.Test, Infinity);
  second.Answer = SocketError.SUCCESS;
  expect(await queue.Wait(second.Test, Infinity)).toBe(SocketError.SUCCESS);
  expect(queue.IsEmpty()).toBe(false);
});

test("a waiter that is done is never asked again", async () => {
  for (const inOrder of [true, false]) {
    const queue = new WaitQueue(timers().Backend, inOrder);
    const gates = [gate(), gate(), gate()];
    const waits = gates.map((each) => queue.Wait(each.Test, Infinity));
    const before = gates.map((each) => each.Asked);
    for (const each of gates) each.Answer = SocketError.SUCCESS;
    queue.Check();
    await Promise.all(waits);
    expect(gates.map((each, i) => each.Asked - (before[i] as number))).toEqual([1, 1, 1]);
  }
});

test("a time-out lets the next one have its turn, and leaves no timer", async () => {
  const { Backend, Due } = timers();
  const queue = new WaitQueue(Backend, true);
  const second = gate();
  const waits = [queue.Wait(() => null, 10), queue.Wait(second.Test, 10)];
  second.Answer = SocketError.SUCCESS;
  expect(Due.size).toBe(2);
  [...Due.values()][0]?.();
  expect(await Promise.all(waits)).toEqual([SocketError.TIMED_OUT, SocketError.SUCCESS]);
  expect(queue.IsEmpty()).toBe(true);
});

test("times that no timer can count wait for ever", () => {
  const { Backend, Due } = timers();
  const queue = new WaitQueue(Backend, false);
  void queue.Wait(() => null, Infinity);
  void queue.Wait(() => null, 2 ** 31);
  expect(Due.size).toBe(0);
  void queue.Wait(() => null, 2 ** 31 - 1);
  expect(Due.size).toBe(1);
});

test("a check from inside a test resolves the waiter once", async () => {
  const queue = new WaitQueue(timers().Backend, true);
  let asked = 0;
  const wait = queue.Wait(() => {
    if (++asked === 2) queue.Check();
    return asked < 2 ? null : SocketError.SUCCESS;
  }, Infinity);
  queue.Check();
  expect(await wait).toBe(SocketError.SUCCESS);
  expect(queue.IsEmpty()).toBe(true);
});

test("the bound is exact", async () => {
  const queue = new WaitQueue(timers().Backend, false);
  for (let i = 0; i < Limits.maxWaiters; i++) void queue.Wait(() => null, Infinity);
  expect(await queue.Wait(() => null, Infinity)).toBe(SocketError.LIMIT_REACHED);
});
