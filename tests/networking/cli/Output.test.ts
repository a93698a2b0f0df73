import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Output } from "../../../networking/cli/Output.ts";

let written = "";
beforeEach(() => {
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

test("people get the sentence, on one line and without control characters", () => {
  new Output(false).Tell("a\nb\u001b", { event: "x" });
  expect(written).toBe("a\\nb\\u001b\n");
});

test("programs get the facts, as they are, on one line", () => {
  new Output(true).Tell("a", { event: "x", text: "b\nc\u001b" });
  expect(written).toBe('{"event":"x","text":"b\\nc\\u001b"}\n');
});
