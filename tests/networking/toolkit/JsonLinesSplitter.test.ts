import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonLinesSplitter } from "../../../networking/toolkit/JsonLinesSplitter.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (lines: readonly Uint8Array[]): string[] => {
  return lines.map((line) => new TextDecoder("utf-8", { fatal: true }).decode(line));
};

describe("lines", () => {
  test("several in one segment come one by one, empty ones too", () => {
    const splitter = new JsonLinesSplitter(100);
    expect(texts(splitter.Push(bytes("one\ntwo\n\nthree\nfo")))).toEqual([
      "one",
      "two",
      "",
      "three",
    ]);
    expect(splitter.Pending).toBe(2);
    expect(texts(splitter.Push(bytes("ur\n")))).toEqual(["four"]);
    expect(splitter.Pending).toBe(0);
  });

  test("a carriage return before the line feed belongs to the line's end, others do not", () => {
    const splitter = new JsonLinesSplitter(100);
    expect(texts(splitter.Push(bytes("a\rb\r\n\r\n")))).toEqual(["a\rb", ""]);
  });

  test("the caller's buffer may be used again at once", () => {
    const splitter = new JsonLinesSplitter(100);
    const buffer = bytes("first");
    splitter.Push(buffer);
    buffer.fill(0x78);
    expect(texts(splitter.Push(bytes("\n")))).toEqual(["first"]);
  });

  test("any text in any segments comes out as it was", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
    const segment = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(line), fc.array(segment, { minLength: 1 }), (lines, sizes) => {
        const sent = bytes(lines.map((text) => `${text}\n`).join(""));
        const splitter = new JsonLinesSplitter(1_000);
        const received: string[] = [];
        for (let at = 0, i = 0; at < sent.length; i++) {
          const size = sizes[i % sizes.length]!;
          received.push(...texts(splitter.Push(sent.subarray(at, at + size))));
          at += size;
        }
        expect(received).toEqual(lines);
      }),
    );
  });
});

describe("the limit", () => {
  test.each([
    [7, false],
    [8, false],
    [9, true],
  ])("of 8 bytes and a line of %d", (length, tooLong) => {
    for (const step of [1, 3, length + 1]) {
      const splitter = new JsonLinesSplitter(8);
      const sent = bytes(`${"x".repeat(length)}\n`);
      let lines = 0;
      for (let at = 0; at < sent.length; at += step) {
        lines += splitter.Push(sent.subarray(at, at + step)).length;
      }
      expect([splitter.TooLong, lines]).toEqual([tooLong, tooLong ? 0 : 1]);
    }
  });

  test("gives the lines before a line that is too long, and nothing after it", () => {
    const splitter = new JsonLinesSplitter(4);
    expect(texts(splitter.Push(bytes("ok\ntoo long\nlate\n")))).toEqual(["ok"]);
    expect(splitter.TooLong).toBe(true);
    expect(splitter.Push(bytes("more\n"))).toEqual([]);
    expect(splitter.Pending).toBe(0);
  });
});
