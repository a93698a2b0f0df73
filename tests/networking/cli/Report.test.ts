import { afterEach, describe, expect, test, vi } from "vitest";
import { Paint, Printable } from "../../../networking/cli/Report.ts";

afterEach(() => vi.unstubAllEnvs());

const terminal = { isTTY: true } as NodeJS.WriteStream;
const file = { isTTY: false } as NodeJS.WriteStream;

describe("colour", () => {
  test("only on a terminal", () => {
    vi.stubEnv("NO_COLOR", "");
    vi.stubEnv("TERM", "xterm");
    expect(Paint("red", "no", terminal)).toBe("\u001b[31mno\u001b[39m");
    expect(Paint("red", "no", file)).toBe("no");
  });

  test.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
  ])("not with %s=%s", (name, value) => {
    vi.stubEnv("NO_COLOR", "");
    vi.stubEnv(name, value);
    expect(Paint("red", "no", terminal)).toBe("no");
  });
});

describe("text from the network", () => {
  test.each([
    ["Zoë 😀 \\n", "Zoë 😀 \\n"],
    ["a\nb\tc", "a\\nb\\tc"],
    ["\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
    ["\u009b2J", "\\u009b2J"],
    ["\u202egpj.exe", "\\u202egpj.exe"],
    ["\u007f\u2028", "\\u007f\\u2028"],
  ])("%j is shown as %j", (text, shown) => {
    expect(Printable(text)).toBe(shown);
  });
});
