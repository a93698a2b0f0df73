import { expect, test } from "vitest";
import { LinkOf, defaultLink } from "../../../../networking/backends/memory/Link.ts";

test("changes are laid over a link", () => {
  expect(LinkOf(defaultLink, {})).toEqual(defaultLink);
  expect(LinkOf(defaultLink, { LatencyMs: 0, WindowBytes: 1 })).toEqual({
    ...defaultLink,
    LatencyMs: 0,
    WindowBytes: 1,
  });
});

test("what no link can be is a programmer's mistake", () => {
  for (const changes of [
    { LatencyMs: -1 },
    { LatencyMs: Infinity },
    { JitterMs: Number.NaN },
    { BytesPerSecond: 0 },
    { WindowBytes: 0 },
    { WindowBytes: Infinity },
    { WriteBytes: 0 },
    { ReadBytes: 1.5 },
  ]) {
    expect(() => LinkOf(defaultLink, changes)).toThrow(TypeError);
  }
});
