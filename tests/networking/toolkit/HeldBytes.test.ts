import { describe, expect, it } from "vitest";
import { HeldBytes } from "../../../networking/toolkit/HeldBytes.ts";
import { Bytes, Text } from "./Peers.ts";

describe("HeldBytes", () => {
  it("gives back what was appended, in any pieces", () => {
    const held = new HeldBytes();
    for (const piece of ["ab", "", "cde", "f"]) held.Append(Bytes(piece));
    expect(held.Length).toBe(6);
    expect([held.Take(1), held.Take(3), held.Take(9)].map(Text)).toEqual(["a", "bcd", "ef"]);
    expect(held.Length).toBe(0);
    expect(Text(held.Take(1))).toBe("");
  });

  it("finds a byte relative to what is left", () => {
    const held = new HeldBytes();
    held.Append(Bytes("a\nbb\n"));
    held.Take(2);
    expect(held.IndexOf(10, 0)).toBe(2);
    expect(held.IndexOf(10, 3)).toBe(-1);
    expect(held.IndexOf(99, 0)).toBe(-1);
  });

  it("keeps a copy: neither the source nor a later append changes what was taken", () => {
    const held = new HeldBytes();
    const source = Bytes("one");
    held.Append(source);
    source.fill(0);
    const taken = held.Take(3);
    held.Append(Bytes("two"));
    expect(Text(taken)).toBe("one");
  });

  it("takes a million single bytes in a moment", () => {
    const held = new HeldBytes();
    const one = Bytes("x");
    const start = performance.now();
    for (let i = 0; i < 1_000_000; i++) held.Append(one);
    expect(held.Length).toBe(1_000_000);
    // Copying all of it for each byte would take minutes.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("stays small when it is used as a queue", () => {
    const held = new HeldBytes();
    held.Append(Bytes("123456789"));
    let expected = 1;
    for (let i = 0; i < 10_000; i++) {
      held.Append(Bytes(String((i % 9) + 1)));
      expect(Text(held.Take(1))).toBe(String(expected));
      expected = (expected % 9) + 1;
    }
    expect(held.Length).toBe(9);
  });
});
