import { expect, test } from "vitest";
import { LinkOf } from "../../../../networking/backends/memory/Link.ts";
import { RandomFaults, RandomLink } from "../../../../networking/backends/memory/RandomFaults.ts";

const seeds = Array.from({ length: 300 }, (_, i) => i);

test("a seed repeats its plan, and all kinds come up", () => {
  const kinds = new Set<string>();
  const plans = new Set<string>();
  for (const seed of seeds) {
    const plan = RandomFaults(seed);
    expect(RandomFaults(seed)).toEqual(plan);
    plans.add(JSON.stringify(plan));
    for (const { Fault } of plan) kinds.add(Fault.Kind);
  }
  expect(kinds.size).toBe(8);
  expect(plans.size).toBeGreaterThan(200);
});

test("plans keep to their options, in the order of time", () => {
  for (const seed of seeds) {
    const plan = RandomFaults(seed, {
      DurationMs: 100,
      MostFaults: 3,
      Kinds: ["stall", "cut"],
      Addresses: ["10.0.0.2"],
    });
    expect(plan.length).toBeLessThanOrEqual(3);
    const times = plan.map(({ AfterMs }) => AfterMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { AfterMs, Fault } of plan) {
      expect(AfterMs).toBeLessThanOrEqual(100);
      expect(["stall", "cut"]).toContain(Fault.Kind);
      expect(Fault).toHaveProperty("At", "10.0.0.2");
      if (Fault.Kind === "stall") expect(Fault.ForMs).toBeLessThanOrEqual(21);
    }
  }
  expect(RandomFaults(1, { Kinds: [] })).toEqual([]);
});

test("random links are links, and differ", () => {
  const links = new Set<string>();
  for (const seed of seeds) {
    const link = RandomLink(seed);
    expect(LinkOf(link, {})).toEqual(link);
    links.add(JSON.stringify(link));
  }
  expect(links.size).toBeGreaterThan(100);
});
