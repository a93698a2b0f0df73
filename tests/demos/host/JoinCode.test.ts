import { expect, test } from "vitest";
import { CodeOf, PortOf } from "../../../demos/host/JoinCode.ts";

test("every port from 1024 on has a word of its own that leads back to it", () => {
  const words = new Set<string>();
  for (let port = 1_024; port <= 65_535; port++) {
    const word = CodeOf(port);
    expect(PortOf(word)).toBe(port);
    words.add(word);
  }
  expect(words.size).toBe(65_535 - 1_024 + 1);
  expect([...words].every((word) => /^[a-z]{6}$/.test(word))).toBe(true);
});

test("a word is read as people type it, and so is a number", () => {
  const word = CodeOf(7_400);
  expect(PortOf(`  ${word.toUpperCase()} `)).toBe(7_400);
  expect(PortOf("7400")).toBe(7_400);
});

test.each(["", "moth", "bodemax", "xyzzyx", "aeiouu", "titata1", "80", "65536", "-7400", "rurtru"])(
  "%j is none",
  (text) => {
    expect(PortOf(text)).toBeNull();
  },
);
