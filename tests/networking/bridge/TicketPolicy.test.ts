import { describe, expect, test } from "vitest";
import { Policy } from "../../../networking/bridge/Policy.ts";
import type { TicketScope } from "../../../networking/bridge/Ticket.ts";
import { TicketPolicy } from "../../../networking/bridge/TicketPolicy.ts";

const policy = new Policy({
  Targets: ["arena=10.0.0.5:7350", "chat=10.0.0.6:7400"],
  Allow: ["*:80-90", "*.example.com:443"],
  ListenPorts: "7400-7499",
});
const narrow = (scope: TicketScope) => new TicketPolicy(policy, scope);

test("a ticket without a scope changes nothing", () => {
  const same = narrow({});
  expect(same.Decide("arena", 1)?.Port).toBe(7350);
  expect(same.Decide("8.8.8.8", 80)?.Port).toBe(80);
  expect(same.Decide("8.8.8.8", 22)).toBeNull();
  expect(same.DecideLookup("a.example.com")?.Host).toBe("a.example.com");
  expect(same.DecideListen("*", 0)).toEqual(policy.DecideListen("*", 0));
});

describe("targets", () => {
  const one = narrow({ Targets: ["arena", "A.example.com", "2001:4860::0:1"] });

  test("only those, in whatever spelling", () => {
    expect(one.Decide("arena", 0)).not.toBeNull();
    expect(one.Decide("a.EXAMPLE.com.", 443)).not.toBeNull();
    expect(one.Decide("2001:4860:0::1", 80)).not.toBeNull();
    expect(one.DecideLookup("a.example.com")).not.toBeNull();
    for (const host of ["chat", "b.example.com", "8.8.8.8"]) {
      expect(one.Decide(host, 80)).toBeNull();
      expect(one.DecideLookup(host)).toBeNull();
    }
  });

  test("a ticket opens nothing that the policy does not", () => {
    expect(narrow({ Targets: ["127.0.0.1"] }).Decide("127.0.0.1", 80)).toBeNull();
    expect(narrow({ Targets: ["8.8.8.8"] }).Decide("8.8.8.8", 22)).toBeNull();
  });

  test("no target is nowhere", () => {
    expect(narrow({ Targets: [] }).Decide("arena", 0)).toBeNull();
  });
});

test("ports, of a target its own", () => {
  const some = narrow({ Ports: "81-7350" });
  expect([80, 81, 90, 91].map((port) => some.Decide("8.8.8.8", port)?.Port)).toEqual([
    undefined,
    81,
    90,
    undefined,
  ]);
  expect(some.Decide("arena", 9_999)?.Port).toBe(7350);
  expect(some.Decide("chat", 81)).toBeNull();
});

test.each([
  [null, 0, null],
  [null, 7400, null],
  ["7390-7410", 0, [7400, 7410]],
  ["7410-7420", 0, [7410, 7420]],
  ["7410-7420", 7409, null],
  ["7410-7420", 7410, [7410, 7410]],
  ["7410-7420", 7421, null],
  ["7500", 0, null],
  ["1-65535", 7500, null],
] as const)("ListenPorts %j, asked for %i: %j", (ListenPorts, port, ports) => {
  const place = narrow({ ListenPorts }).DecideListen("*", port);
  expect(place).toEqual(ports === null ? null : { Host: "127.0.0.1", Ports: ports });
});
