import { describe, expect, it } from "vitest";
import { CheckNodeName, SiblingNames } from "../../engine/SiblingNames.ts";

describe("SiblingNames", () => {
  it.each([
    [
      ["Bullet", "Bullet", "Bullet"],
      ["Bullet", "Bullet2", "Bullet3"],
    ],
    [
      ["Lane7", "Lane7"],
      ["Lane7", "Lane8"],
    ],
    [
      ["A", "A2", "A"],
      ["A", "A2", "A3"],
    ],
    [
      ["Lap007", "Lap007"],
      ["Lap007", "Lap008"],
    ],
    [
      ["9", "9"],
      ["9", "10"],
    ],
    [
      ["a\nb", "a\nb"],
      ["a\nb", "a\nb2"],
    ],
  ])("turns %j into %j", (wanted, expected) => {
    const names = new SiblingNames<number>();
    expect(wanted.map((name, index) => names.Claim(name, index))).toEqual(expected);
    expect(expected.map((name) => names.Get(name))).toEqual(expected.map((_, index) => index));
  });

  it("gives a released name to the next child that wants it", () => {
    const names = new SiblingNames<string>();
    names.Claim("A", "first");
    names.Claim("A", "second");
    names.Release("A");
    expect(names.Get("A")).toBeUndefined();
    expect(names.Claim("A", "third")).toBe("A");
    expect(names.Get("A2")).toBe("second");
  });

  it("stays right when more different names collide than it keeps hints for", () => {
    const names = new SiblingNames<number>();
    const claimed = new Set<string>();
    for (let round = 0; round < 3; round++) {
      for (let stem = 0; stem < 300; stem++) claimed.add(names.Claim(`N${stem}_`, stem));
    }
    expect(claimed.size).toBe(900);
  });

  it("names ten thousand equal children in well under a second", () => {
    const names = new SiblingNames<number>();
    const begin = performance.now();
    for (let index = 0; index < 10_000; index++) names.Claim("Same", index);
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(names.Get("Same10000")).toBe(9999);
  });

  it.each(["", ".", "..", "a/b", "/", 7, null])("refuses %j as a name", (name) => {
    expect(() => CheckNodeName(name)).toThrow(TypeError);
  });
});
