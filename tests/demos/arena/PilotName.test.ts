import { expect, test } from "vitest";
import { CleanName, maxNameBytes, maxNameLength } from "../../../demos/arena/PilotName.ts";

test.each([
  ["Luna", "Luna"],
  ["  Luna   Nova ", "Luna Nova"],
  ["tab\tand\nline", "tab and line"],
  ["", "Pilot"],
  ["\u200b\u202e", "Pilot"],
  ["a\u0000b\u202ec", "abc"],
  ["Zoe\u0301", "Zoé"],
  ["x\u0323\u0301\u0302\u0303\u0304", "x\u0323"],
  ["🚀🚀", "🚀🚀"],
])("%j becomes %j", (text, name) => {
  expect(CleanName(text)).toBe(name);
});

test.each([maxNameLength - 1, maxNameLength, maxNameLength + 1])("%i rockets", (count) => {
  const name = CleanName("🚀".repeat(count));
  expect(Array.from(name)).toHaveLength(Math.min(count, maxNameLength));
  expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(maxNameBytes);
});

test("a clean name stays as it is", () => {
  for (const name of ["Luna", "Zoé", "a b", "Pilot"]) expect(CleanName(name)).toBe(name);
});
