/**
 * What must hold whatever happens on the network and whatever the two owners call.
 *
 * MOONWIRE_RUNS=100000 looks longer. A failure prints its seed and its smallest case, and
 * MOONWIRE_SEED repeats the run of a seed.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { Duel, DuelCases } from "./Duel.ts";
import type { Watched } from "./Watched.ts";

const runs = Number(process.env.MOONWIRE_RUNS ?? 2_500);
const seed = Number(process.env.MOONWIRE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const timeoutMs = Math.max(60_000, runs * 20);
/** Also bounds the search for the smallest case. */
const ceiling = { interruptAfterTimeLimit: timeoutMs - 10_000, markInterruptAsFailure: true };

/** What a reader's end says about the writer's bytes, once all is quiet. */
function expectWhole(reader: Watched, writer: Watched): void {
  expect(reader.Received).toBeLessThanOrEqual(writer.Accepted + writer.Doubtful);
  if (reader.EndedInOrder()) expect(reader.Received).toBe(writer.Accepted);
}

/** Without faults that lose anything, bytes are missing only by somebody's decision. */
function expectArrived(reader: Watched, writer: Watched): void {
  // A blocking put whose time ends in the middle breaks the stream, for both.
  if (reader.Doubtful + writer.Doubtful > 0) return;
  if (reader.HasLeft() || writer.Aborted) return;
  if (reader.IsConnected()) expect(reader.Received).toBe(writer.Accepted);
  else if (!reader.EndedInOrder()) {
    // Whoever closes, by a call or after the peer's end, gives what was accepted time to arrive.
    const closedAtMs = writer.EndedInOrder() ? writer.EndedAtMs : writer.LeftAtMs;
    expect(reader.EndedAtMs - closedAtMs).toBeGreaterThanOrEqual(Limits.lingerMs);
  }
}

test(
  `bytes and ends are true, and nothing leaks: ${runs} runs, seed ${seed}`,
  () => {
    const property = fc.property(DuelCases, (one) => {
      const duel = new Duel(one).Play();
      const { Client, Server } = duel;
      const lossless = !one.faults.includes("cut");
      if (Server !== null) {
        expectWhole(Server, Client);
        expectWhole(Client, Server);
        if (lossless) {
          expectArrived(Server, Client);
          expectArrived(Client, Server);
        }
      } else if (lossless) {
        expect(Client.HasLeft()).toBe(true);
      }
      duel.End();
    });
    fc.assert(property, { numRuns: runs, seed, ...ceiling });
  },
  timeoutMs,
);

test(
  `the same seed and the same calls give the same trace, seed ${seed}`,
  () => {
    const property = fc.property(DuelCases, (one) => {
      const [first, second] = [one, one].map((same) => new Duel(same).Play().World.Network.Trace);
      expect(second?.Lines()).toEqual(first?.Lines());
      expect(second?.Digest()).toBe(first?.Digest());
    });
    fc.assert(property, { numRuns: Math.ceil(runs / 10), seed, ...ceiling });
  },
  timeoutMs,
);
