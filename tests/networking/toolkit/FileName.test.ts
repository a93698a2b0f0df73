import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileNameProblem } from "../../../networking/toolkit/FileName.ts";

test.each([
  "a",
  "level 1.json",
  "..hidden",
  ".config",
  "a..b",
  "CONSOLE",
  "com.txt",
  "Änderung 😀.txt",
  "-rf",
  "x".repeat(255),
])("takes %j", (name) => {
  expect(FileNameProblem(name)).toBeNull();
});

describe("refuses, with a sentence,", () => {
  test.each([
    "",
    ".",
    "..",
    "../up",
    "a/b",
    "/etc/passwd",
    "a\\b",
    "C:\\x",
    "C:x",
    "file:stream",
    "nul\0byte",
    "line\nfeed",
    "\u0085",
    "del\u007f",
    "con",
    "NUL.txt",
    "LPT1",
    "com¹.log",
    "trailing.",
    "trailing ",
    "what?",
    "*",
    "\ud800",
    ".moonwire-1.part",
    ".MOONWIRE-1.part",
    "x".repeat(256),
    "ä".repeat(128),
  ])("%j", (name) => {
    expect(FileNameProblem(name)).toMatch(/^[A-Z].*\.$/s);
  });
});

test("whatever it takes stays in the folder", () => {
  const part = fc.constantFrom("..", ".", "/", "\\", "a", "~", "%2e", "\0", ":");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((list) => list.join("")),
      ),
      (name) => {
        if (FileNameProblem(name) !== null) return;
        expect(resolve("/folder", name)).toBe(`/folder/${name}`);
      },
    ),
  );
});
