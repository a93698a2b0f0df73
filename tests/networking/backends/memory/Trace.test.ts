import { expect, test } from "vitest";
import { Trace } from "../../../../networking/backends/memory/Trace.ts";

function traced(lines: readonly string[], most = 3): Trace {
  const trace = new Trace(most);
  for (const line of lines) trace.Add(line);
  return trace;
}

test("the newest lines are kept, exactly as many as asked for", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  for (let count = 0; count <= lines.length; count++) {
    const trace = traced(lines.slice(0, count));
    expect(trace.Lines()).toEqual(lines.slice(Math.max(0, count - 3), count));
    expect(trace.Count()).toBe(count);
  }
});

test("the digest covers the forgotten lines, their order and their borders", () => {
  const digest = (...lines: string[]): number => traced(lines, 1).Digest();
  expect(digest("a", "b", "c")).toBe(digest("a", "b", "c"));
  expect(digest("a", "b", "c")).not.toBe(digest("x", "b", "c"));
  expect(digest("a", "b", "c")).not.toBe(digest("b", "a", "c"));
  expect(digest("ab", "c")).not.toBe(digest("a", "bc"));
});

test("a trace keeps at least one line", () => {
  expect(() => new Trace(0)).toThrow(TypeError);
  expect(traced(["a", "b"], 1).Lines()).toEqual(["b"]);
});
