import { expect, test } from "vitest";
import type { LookUpAnswer } from "../../../networking/bridge/LookUp.ts";
import { LookUp } from "../../../networking/bridge/LookUp.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { DialBackend } from "./DialBackend.ts";

const limits = { lookupTimeoutMs: 100, maxPendingLookups: 2 };

/** Asks for a name. @returns the answers so far */
function ask(backend: DialBackend): LookUpAnswer[] {
  const answers: LookUpAnswer[] = [];
  LookUp(backend, "game.example", 0, limits, (answer) => answers.push(answer));
  return answers;
}

function codes(answers: readonly LookUpAnswer[]): SocketError[] {
  return answers.map(({ Code }) => Code);
}

test("an answer in time counts, and the deadline is gone", () => {
  const backend = new DialBackend();
  const answers = ask(backend);
  backend.Lookups[0]!.Record([new IpAddress("192.0.2.1")]);
  backend.Lookups[0]!.Notify();
  expect(answers.map(({ Addresses }) => String(Addresses[0]))).toEqual(["192.0.2.1"]);
  expect(backend.Timers).toEqual([]);
});

test("one that is too late is TIMED_OUT, once", () => {
  const backend = new DialBackend();
  const answers = ask(backend);
  backend.Timers[0]!.Handler();
  backend.Lookups[0]!.Record([]);
  backend.Lookups[0]!.Notify();
  expect(codes(answers)).toEqual([SocketError.TIMED_OUT]);
});

test("what the system has not answered counts, its deadline being over or not", () => {
  const backend = new DialBackend();
  const first = ask(backend);
  ask(backend);
  backend.Timers[0]!.Handler();
  expect(codes(first)).toEqual([SocketError.TIMED_OUT]);
  const third = ask(backend);
  expect(third).toEqual([]); // never at once
  backend.Timers.at(-1)!.Handler();
  expect(codes(third)).toEqual([SocketError.LIMIT_REACHED]);
  expect(backend.Lookups).toHaveLength(2);
  backend.Lookups[0]!.RecordFailure(SocketError.CANT_RESOLVE);
  backend.Lookups[0]!.Notify();
  ask(backend);
  expect(backend.Lookups).toHaveLength(3);
});
