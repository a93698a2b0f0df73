import { expect, test, vi } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";

test("every limit is a positive whole number that nobody can change", () => {
  expect(Object.isFrozen(Limits)).toBe(true);
  for (const [name, value] of Object.entries(Limits)) {
    expect([name, Number.isInteger(value) && value > 0]).toEqual([name, true]);
  }
});

test("limits that contradict each other stop the module from loading", async () => {
  vi.resetModules();
  const freeze = vi.spyOn(Object, "freeze").mockImplementationOnce((limits) => {
    return { ...(limits as object), connectStaggerMs: 20_000 };
  });
  await expect(import("../../../networking/core/Limits.ts")).rejects.toThrow(
    /contradict each other: a second address needs time/,
  );
  freeze.mockRestore();
});
