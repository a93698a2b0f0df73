import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import type { PolicyOptions } from "../../../networking/bridge/Policy.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import { MintTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";
import { TrustedProxies } from "../../../networking/bridge/TrustedProxies.ts";
import { UpgradeGate } from "../../../networking/bridge/UpgradeGate.ts";

const game = "https://game.example.com";
const key = new TicketKey("k".repeat(32));

interface Made {
  readonly Policy?: PolicyOptions;
  readonly Limits?: Partial<BridgeLimits>;
  readonly Key?: TicketKey;
}

function gate(made: Made = {}): UpgradeGate {
  const policy = new Policy({ Origins: [game], ...made.Policy });
  const limits = { ...BridgeLimits, ...made.Limits };
  return new UpgradeGate(policy, limits, new TrustedProxies(["10.0.0.1"]), made.Key ?? null);
}

function upgrade(headers: Record<string, string>, url = "/bridge/", remoteAddress = "203.0.113.7") {
  return { url, headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

/** The word for a refusal, or the ticket's; "" for an admission without one. */
function judged(at: UpgradeGate, request: IncomingMessage): string {
  const verdict = at.Judge(request, 0);
  if ("Status" in verdict) return `${verdict.Status} ${verdict.Why}`;
  return typeof verdict.Ticket === "string" ? verdict.Ticket : "";
}

test.each([
  ["/bridge/", { origin: game }, ""],
  ["/", { origin: game }, ""],
  ["/a/?b=/c", { origin: game }, ""],
  ["/bridge", { origin: game }, "404 path"],
  ["/bridge?a=/", { origin: game }, "404 path"],
  ["/bridge/", { origin: "https://evil.example" }, "403 origin"],
  ["/bridge/", { origin: "null" }, "403 origin"],
  ["/bridge/", {}, "403 origin"],
])("%s with %j: %j", (url, headers, answer) => {
  expect(judged(gate(), upgrade(headers, url))).toBe(answer);
});

test("behind a proxy of ours the client is who it says, and is judged so", () => {
  const headers = { origin: game, "x-forwarded-for": "198.51.100.9" };
  expect(
    gate()
      .Judge(upgrade(headers, "/", "10.0.0.1"), 0)
      .Client.ToString(),
  ).toBe("198.51.100.9");
  expect(gate().Judge(upgrade(headers, "/"), 0).Client.ToString()).toBe("203.0.113.7");
  const dev = gate({ Policy: { Dev: true } });
  expect(judged(dev, upgrade({ ...headers, origin: "http://localhost" }, "/", "10.0.0.1"))).toBe(
    "403 client",
  );
});

describe("places", () => {
  const page = upgrade({ origin: game });

  test("of the process are given back once each", () => {
    const at = gate({ Limits: { maxSessions: 2 } });
    const first = at.Judge(page, 0);
    expect([judged(at, page), judged(at, page), at.Open()]).toEqual(["", "503 full", 2]);
    if ("Leave" in first) first.Leave();
    expect([at.Open(), judged(at, page)]).toEqual([1, ""]);
  });

  test("of an address are its own, proxy or not", () => {
    const at = gate({ Limits: { maxSessionsPerAddress: 1 } });
    const behind = (client: string) => {
      return upgrade({ origin: game, "x-forwarded-for": client }, "/", "10.0.0.1");
    };
    expect(judged(at, behind("198.51.100.9"))).toBe("");
    expect(judged(at, behind("198.51.100.9"))).toBe("429 address quota");
    expect(judged(at, behind("198.51.100.10"))).toBe("");
    expect(at.Open()).toBe(2);
  });

  test("are no longer given out once it is closed", () => {
    const at = gate();
    expect(at.IsClosed()).toBe(false);
    at.Close();
    expect([at.IsClosed(), judged(at, page), at.Open()]).toEqual([true, "503 draining", 0]);
  });
});

describe("the default numbers", () => {
  const from = (address: string) => upgrade({ origin: game }, "/", address);
  const answers = (at: UpgradeGate, address: (i: number) => string, count: number, nowMs = 0) => {
    const verdicts = Array.from({ length: count }, (_, i) => at.Judge(from(address(i)), nowMs));
    return verdicts.map((verdict) => ("Status" in verdict ? verdict.Status : 200));
  };

  test("an address has 32 WebSockets; IPv6 counts by /64", () => {
    const full = [...Array.from({ length: 32 }, () => 200), 429];
    expect(answers(gate(), () => "203.0.113.7", 33)).toEqual(full);
    expect(answers(gate(), (i) => `2001:db8:0:1::${i.toString(16)}`, 33)).toEqual(full);
    expect(answers(gate(), (i) => `2001:db8:0:${i.toString(16)}::1`, 33)).not.toContain(429);
  });

  test("an address opens 32 at once, and 5 a second after that", () => {
    const at = gate();
    const open = (count: number, nowMs: number) => {
      const verdicts = Array.from({ length: count }, () => at.Judge(from("203.0.113.7"), nowMs));
      for (const verdict of verdicts) if ("Leave" in verdict) verdict.Leave();
      return verdicts.filter((verdict) => "Leave" in verdict).length;
    };
    expect([open(33, 0), open(6, 1_000), open(1, 1_199), open(1, 1_200)]).toEqual([32, 5, 0, 1]);
  });

  test("the process has 10,000", () => {
    const at = gate();
    const statuses = answers(at, (i) => `10.1.${i >> 8}.${i & 255}`, 10_001);
    expect([statuses.indexOf(503), statuses.lastIndexOf(200), at.Open()]).toEqual([
      10_000, 9_999, 10_000,
    ]);
  });
});

describe("tickets", () => {
  const offer = (ticket: string, headers = {}) => {
    return upgrade({ ...headers, "sec-websocket-protocol": `mwx1, ${ticket} ,wisp-v2` });
  };

  test("are asked of everybody where there is a key", () => {
    const at = gate({ Key: key });
    expect(judged(at, upgrade({ origin: game }))).toBe("missing");
    expect(judged(at, offer(MintTicket(key), { origin: game }))).toBe("");
    expect(judged(at, offer("mwt1.e30.AA", { origin: game }))).toBe("bad");
  });

  test("stand in for a missing origin, and not for a foreign one", () => {
    const at = gate({ Key: key });
    expect(judged(at, offer(MintTicket(key)))).toBe("");
    expect(judged(at, upgrade({}))).toBe("403 origin");
    expect(judged(at, offer(MintTicket(key), { origin: "https://evil.example" }))).toBe(
      "403 origin",
    );
    expect(judged(gate(), offer(MintTicket(key)))).toBe("403 origin");
  });

  test("are not used up by an upgrade that is refused for something else", () => {
    const at = gate({ Key: key, Limits: { maxSessions: 1 } });
    const request = offer(MintTicket(key));
    const first = at.Judge(upgrade({ origin: game }), 0);
    expect(judged(at, request)).toBe("503 full");
    if ("Leave" in first) first.Leave();
    expect(judged(at, request)).toBe("");
  });

  test("give what they narrow", () => {
    const ticket = MintTicket(key, { Targets: ["arena"] });
    const verdict = gate({ Key: key }).Judge(offer(ticket), 0);
    expect(verdict).toMatchObject({ Ticket: { Targets: ["arena"] } });
  });
});
