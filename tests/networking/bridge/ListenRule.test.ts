import { describe, expect, test } from "vitest";
import { ListenRule } from "../../../networking/bridge/ListenRule.ts";

describe("a rule for one address", () => {
  const rule = new ListenRule("7400-7499", "127.0.0.1");

  test.each([0, 7399, 7400, 7499, 7500, 22])("port %i", (port) => {
    const ports = port === 0 ? [7400, 7499] : [port, port];
    const inside = port === 0 || (port >= 7400 && port <= 7499);
    const place = inside ? { Host: "127.0.0.1", Ports: ports } : null;
    expect(rule.Decide("*", port)).toEqual(place);
  });

  test.each(["", "*", "0.0.0.0", "::", "127.0.0.1", "::ffff:127.0.0.1"])(
    "a page that asks for %j listens at the rule's address",
    (host) => expect(rule.Decide(host, 7400)?.Host).toBe("127.0.0.1"),
  );

  test.each(["127.0.0.2", "10.0.0.1", "::1", "localhost", "2130706433", "nonsense"])(
    "a page that asks for %j may not",
    (host) => expect(rule.Decide(host, 7400)).toBeNull(),
  );
});

test("a rule for all addresses gives all, and no single one", () => {
  for (const host of ["*", "0.0.0.0", "::"]) {
    const rule = new ListenRule("7400", host);
    expect(rule.Decide("*", 0)).toEqual({ Host: "*", Ports: [7400, 7400] });
    expect(rule.Decide("127.0.0.1", 7400)).toBeNull();
  }
});

test("knows whether it stays on this machine", () => {
  const at = (host: string) => new ListenRule("1-65535", host).IsLoopback();
  expect(["127.0.0.1", "::1", "*", "10.0.0.1"].map(at)).toEqual([true, true, false, false]);
});

test.each([
  ["", "127.0.0.1"],
  ["0", "127.0.0.1"],
  ["7499-7400", "127.0.0.1"],
  ["1-65536", "127.0.0.1"],
  ["7400", "localhost"],
  ["7400", "127.1"],
])("ports %j at %j are refused with a sentence", (ports, host) => {
  expect(() => new ListenRule(ports, host)).toThrow(TypeError);
});
