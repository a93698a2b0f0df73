/** House rules that no compiler or linter checks, as a test. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const maxFileLines = 300;
const maxLineLength = 100;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(path));
const sources = files.filter((path) => /^(engine|networking|demos)\/.*\.ts$/.test(path));
const code = files.filter((path) => path.endsWith(".ts"));

/** The lines of all files that break a rule, as "path:line". */
function breaches(paths: readonly string[], rule: (line: string) => boolean): string[] {
  return paths.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, i) => (rule(line) ? [`${path}:${i + 1}`] : [])),
  );
}

describe("the tree", () => {
  it("has sources to look at", () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it(`has no source file above ${maxFileLines} lines`, () => {
    const long = code.filter((path) => {
      return readFileSync(path, "utf8").trimEnd().split("\n").length > maxFileLines;
    });
    expect(long).toEqual([]);
  });

  it(`has no line above ${maxLineLength} characters`, () => {
    const longText = /["'`].{50,}["'`]|\/.{70,}\//; // a sentence or pattern that cannot be broken
    expect(breaches(code, (line) => line.length > maxLineLength && !longText.test(line))).toEqual(
      [],
    );
  });

  it("opens every source file with a comment that says what it is", () => {
    const bare = sources.filter((path) => {
      return !/^(#!.*\n)?\/\*\*/.test(readFileSync(path, "utf8"));
    });
    expect(bare).toEqual([]);
  });

  it("leaves no marks, no switched-off checks and no skipped tests behind", () => {
    const own = code.filter((path) => path !== "tests/Tidy.test.ts");
    const marks =
      /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)|\b(it|test|describe)\.(skip|only|todo)\b/;
    expect(breaches(own, (line) => marks.test(line))).toEqual([]);
  });

  it("has a test file for every class of the library", () => {
    const untested = sources
      .filter((path) => /^(engine|networking)\//.test(path))
      .filter((path) => /^export (abstract )?class /m.test(readFileSync(path, "utf8")))
      .filter((path) => !existsSync(`tests/${path.replace(/\.ts$/, ".test.ts")}`));
    expect(untested).toEqual([]);
  });

  it("keeps the network thread's console silent", () => {
    const thread = sources.filter((path) => path.includes("/backends/node/thread/"));
    expect(breaches(thread, (line) => /\bconsole\./.test(line))).toEqual([]);
  });

  it("has a lock file that `npm ci` accepts on every platform", () => {
    interface Entry {
      readonly optionalDependencies?: Record<string, string>;
    }
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      readonly packages: Record<string, Entry>;
    };
    const missing = Object.values(lock.packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => lock.packages[`node_modules/${name}`] === undefined);
    expect(missing).toEqual([]);
  });
});
