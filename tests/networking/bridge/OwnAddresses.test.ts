import { expect, test } from "vitest";
import { OwnAddresses } from "../../../networking/bridge/OwnAddresses.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { DialBackend } from "./DialBackend.ts";

test("asks the system at first, and again when an answer is a second old", () => {
  const backend = new DialBackend();
  let asked = 0;
  backend.LocalAddresses = () => [new IpAddress(`10.0.0.${++asked}`)];
  const own = new OwnAddresses(backend);
  const seen = [0, 1, 999, 1_000, 1_999, 2_000].map((timeMs) => {
    backend.TimeMs = timeMs;
    return own.List().map(String);
  });
  expect(seen.map(([address]) => address)).toEqual([
    "10.0.0.1",
    "10.0.0.1",
    "10.0.0.1",
    "10.0.0.2",
    "10.0.0.2",
    "10.0.0.3",
  ]);
});
