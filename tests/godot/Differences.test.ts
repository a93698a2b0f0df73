/** Each entry of Differences.ts, observed on a real Godot and on Moonwire. */
import { describe, expect, test } from "vitest";
import type { DifferenceName } from "./Differences.ts";
import { Differences } from "./Differences.ts";
import { UseGodot } from "./GodotStage.ts";
import * as Messages from "./MessageObservations.ts";
import type { Observation } from "./Observation.ts";
import * as Streams from "./StreamObservations.ts";

const stage = UseGodot();

const observations: Record<DifferenceName, Observation> = { ...Streams, ...Messages };
const rows = Object.entries(Differences).map(([name, difference]) => {
  return { ...difference, Observed: observations[name as DifferenceName] };
});

describe.each(rows)("$What", ({ Observed, Godot, Moonwire }) => {
  test(`Godot: ${Godot}`, async () => {
    expect(await Observed.Godot(stage)).toBe(Godot);
  });

  test(`Moonwire: ${Moonwire}`, async () => {
    expect(await Observed.Moonwire(stage)).toBe(Moonwire);
  });
});
