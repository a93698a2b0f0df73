import { expect, test } from "vitest";
import { OwnAddresses } from "../../../networking/bridge/OwnAddresses.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { DialBackend } from "./DialBackend.ts";

/** What is known at each of these times, on a machine that has another address each time. */
function seen(timesMs: readonly number[], fails: (asked: number) => boolean): string[] {
  const backend = new DialBackend();
  let asked = 0;
  backend.LocalAddresses = () => {
    asked++;
    return fails(asked) ? [] : [new IpAddress(`10.0.0.${asked}`)];
  };
  const own = new OwnAddresses(backend);
  return timesMs.map((timeMs) => {
    backend.TimeMs = timeMs;
    return own.List().map(String).join();
  });
}

test("asks the system at first, and again when an answer is a second old", () => {
  expect(seen([0, 999, 1_000, 1_999, 2_000], () => false)).toEqual([
    "10.0.0.1",
    "10.0.0.1",
    "10.0.0.2",
    "10.0.0.2",
    "10.0.0.3",
  ]);
});

test("keeps what it knows while the system has no descriptor to answer with", () => {
  expect(seen([500, 1_000, 2_000, 3_000], (asked) => asked === 2 || asked === 3)).toEqual([
    "10.0.0.1",
    "10.0.0.1",
    "10.0.0.1",
    "10.0.0.4",
  ]);
});
