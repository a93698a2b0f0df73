import { expect, test } from "vitest";
import { BridgeLimits, MakeBridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";

test("some replaced, the others as they were", () => {
  const limits = MakeBridgeLimits({ maxSessions: 5, connectsPerSecond: 0 });
  expect(limits).toEqual({ ...BridgeLimits, maxSessions: 5, connectsPerSecond: 0 });
  expect(Object.isFrozen(limits)).toBe(true);
  expect(MakeBridgeLimits()).toEqual(BridgeLimits);
});

test.each([
  [{ maxSession: 5 }, '"maxSession" is no limit'],
  [{ maxSessions: -1 }, "maxSessions is a whole number"],
  [{ maxSessions: 1.5 }, "maxSessions is a whole number"],
  [{ maxSessions: Number.NaN }, "maxSessions is a whole number"],
  [{ maxSessions: "5" }, "maxSessions is a whole number"],
  [{ maxSessions: 12_000 }, "a WebSocket is a connection"],
  [{ maxConnectionsPerAddress: 32 }, "are connections of it"],
  [{ sendLowBytes: 131_072 }, "below where it stops"],
  [{ connectTimeoutMs: 4_999 }, "part of a connect"],
  [{ streamWindowBytes: 16_383 }, "floor is the least"],
  [{ sweepEveryMs: 5_000 }, "seen in time"],
  [{ streamWindowBytes: 1_048_577 }, "within the language"],
  [{ maxStreams: 257 }, "count streams alike"],
])("%j is refused with a sentence", (wrong, sentence) => {
  const changes = wrong as Partial<BridgeLimits>;
  expect(() => MakeBridgeLimits(changes)).toThrow(TypeError);
  expect(() => MakeBridgeLimits(changes)).toThrow(sentence);
});
