import { expect, test } from "vitest";
import { GiveScratch, TakeScratch } from "../../../networking/core/Scratch.ts";

test("the block that was given back is the next one taken", () => {
  const block = TakeScratch(100);
  GiveScratch(block);
  const again = TakeScratch(50);
  expect(again).toBe(block);
  GiveScratch(again);
});

test("a call inside a call gets another block, and the larger one is kept", () => {
  const outer = TakeScratch(1_000);
  const inner = TakeScratch(2_000);
  expect(inner).not.toBe(outer);
  GiveScratch(inner);
  GiveScratch(outer);
  const next = TakeScratch(1);
  expect(next).toBe(inner);
  GiveScratch(next);
});

test.each([0, 1, 4_095, 4_096, 4_097])("a request for %d bytes gets at least that", (bytes) => {
  const small = TakeScratch(4_096);
  GiveScratch(small);
  const block = TakeScratch(bytes);
  expect(block.length).toBeGreaterThanOrEqual(bytes);
  GiveScratch(block);
});
