import { describe, expect, test } from "vitest";
import { IsHostName, PolicyRule } from "../../../networking/bridge/PolicyRule.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

const at = (text: string) => new IpAddress(text);

describe("ports", () => {
  test("one port, or a range with both its ends", () => {
    const one = new PolicyRule("a.example:80");
    expect([79, 80, 81].map((port) => one.AllowsPort(port))).toEqual([false, true, false]);
    const range = new PolicyRule("[fd00::1]:80-82");
    expect([79, 80, 82, 83].map((port) => range.AllowsPort(port))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test.each([
    "a",
    "a:",
    "a:0",
    "a:65536",
    "a:8a",
    "a:9-8",
    "a:1-2-3",
    "a:-",
    ":80",
    "a b:80",
    "1.2.3:80",
  ])("%j is refused with a sentence", (text) => {
    expect(() => new PolicyRule(text)).toThrow(TypeError);
  });
});

describe("networks", () => {
  test("an address allows itself, wherever it is", () => {
    const rule = new PolicyRule("127.0.0.1:80");
    expect(rule.AllowsAddress(at("127.0.0.1"), null)).toBe(true);
    expect(rule.AllowsAddress(at("::ffff:127.0.0.1"), null)).toBe(true);
    expect(rule.AllowsAddress(at("127.0.0.2"), null)).toBe(false);
    expect(new PolicyRule("[::1]:80").AllowsAddress(at("::1"), null)).toBe(true);
  });

  test("a network allows what lies in it and nothing beside it", () => {
    const rule = new PolicyRule("10.1.0.0/16:80");
    expect(rule.AllowsAddress(at("10.1.255.255"), null)).toBe(true);
    expect(rule.AllowsAddress(at("10.2.0.0"), null)).toBe(false);
    const six = new PolicyRule("[fd00::]/8:80");
    expect(six.AllowsAddress(at("fdff::1"), null)).toBe(true);
    expect(six.AllowsAddress(at("fe00::1"), null)).toBe(false);
  });

  test("no network, however wide, allows what is never allowed", () => {
    const all = [new PolicyRule("0.0.0.0/0:80"), new PolicyRule("[::]/0:80")];
    for (const text of [
      "169.254.169.254",
      "0.0.0.0",
      "224.0.0.1",
      "fd00:ec2::254",
      "2002:7f00:1::",
    ]) {
      expect(all.some((rule) => rule.AllowsAddress(at(text), null))).toBe(false);
    }
  });

  test.each(["10.0.0.0/33:80", "10.0.0/8:80", "10.0.0.0/x:80", "0x7f.0.0.1/8:80"])(
    "%j is none",
    (text) => {
      expect(() => new PolicyRule(text)).toThrow(TypeError);
    },
  );
});

describe("names", () => {
  test("a name matches itself only", () => {
    const rule = new PolicyRule("Game.example.com:80");
    expect(rule.MatchesName("game.example.com")).toBe(true);
    expect(rule.MatchesName("a.game.example.com")).toBe(false);
  });

  test("a pattern matches names below it, not the name itself or one that only ends alike", () => {
    const rule = new PolicyRule("*.example.com:80");
    expect(rule.MatchesName("a.example.com")).toBe(true);
    expect(rule.MatchesName("a.b.example.com")).toBe(true);
    expect(rule.MatchesName("example.com")).toBe(false);
    expect(rule.MatchesName(".example.com")).toBe(false);
    expect(rule.MatchesName("evilexample.com")).toBe(false);
  });

  test("a name leads to public addresses only", () => {
    const rule = new PolicyRule("game.example.com:80");
    expect(rule.AllowsAddress(at("8.8.8.8"), "game.example.com")).toBe(true);
    expect(rule.AllowsAddress(at("10.0.0.1"), "game.example.com")).toBe(false);
    expect(rule.AllowsAddress(at("127.0.0.1"), "game.example.com")).toBe(false);
    expect(rule.AllowsAddress(at("8.8.8.8"), "other.example.com")).toBe(false);
    expect(rule.AllowsAddress(at("8.8.8.8"), null)).toBe(false);
  });

  test("localhost leads to loopback", () => {
    expect(new PolicyRule("localhost:80").AllowsAddress(at("::1"), "localhost")).toBe(true);
    expect(new PolicyRule("localhost:80").AllowsAddress(at("10.0.0.1"), "localhost")).toBe(false);
  });

  test("the star is everything public, by name or address", () => {
    const rule = new PolicyRule("*:80");
    expect(rule.AllowsAddress(at("8.8.8.8"), null)).toBe(true);
    expect(rule.AllowsAddress(at("8.8.8.8"), "any.example")).toBe(true);
    expect(rule.AllowsAddress(at("127.0.0.1"), null)).toBe(false);
  });
});

describe("host names", () => {
  test.each([
    "a",
    "a.b",
    "a-b_c.example.com",
    "example.com.",
    "1.example",
    "xn--bcher-kva.example",
  ])("%j is one", (name) => expect(IsHostName(name)).toBe(true));

  test.each([
    "",
    ".",
    "a..b",
    "2130706433",
    "0x7f000001",
    "0x",
    "127.1",
    "0",
    "1.2.3.4",
    "a.0x7f",
    "１２７.0.0.1",
    "bücher.example",
    "fe80::1%eth0",
    "a b",
    "a/b",
    "a:80",
    "a".repeat(64),
    `${"a.".repeat(127)}a`,
  ])("%j is none, so no resolver sees it", (name) => expect(IsHostName(name)).toBe(false));
});
