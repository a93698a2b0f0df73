import { describe, expect, test } from "vitest";
import type { TicketOptions } from "../../../networking/bridge/Ticket.ts";
import { IsTicket, MintTicket, ReadTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";

const key = new TicketKey("k".repeat(32));

/** A ticket with claims of any shape, signed rightly. */
function signed(claims: unknown): string {
  const text = `mwt1.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${text}.${key.Sign(text).toString("base64url")}`;
}

describe("minting and reading", () => {
  test("gives back what went in", () => {
    const before = Date.now();
    const scope = { Targets: ["arena"], Ports: "7350", ListenPorts: null };
    const claims = ReadTicket(key, MintTicket(key, { ...scope, LifetimeMs: 1_000 }));
    expect(claims).toMatchObject(scope);
    expect(claims?.ExpiresMs).toBeGreaterThanOrEqual(before + 1_000);
    expect(claims?.ExpiresMs).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  test("a ticket is a subprotocol's value, and no two are alike", () => {
    const tickets = Array.from({ length: 100 }, () => MintTicket(key));
    for (const ticket of tickets) {
      expect(IsTicket(ticket)).toBe(true);
      expect(ticket).toMatch(/^[A-Za-z0-9_.-]+$/);
    }
    expect(new Set(tickets.map((ticket) => ReadTicket(key, ticket)?.Id)).size).toBe(100);
  });

  test("a changed character anywhere makes it nobody's ticket", () => {
    const ticket = MintTicket(key, { Targets: ["arena"] });
    const altered = [...ticket].map((char, i) => {
      return ticket.slice(0, i) + (char === "A" ? "B" : "A") + ticket.slice(i + 1);
    });
    // The last character of base64url holds bits that no byte needs.
    const read = altered.slice(0, -1).filter((text) => ReadTicket(key, text) !== null);
    expect(read).toEqual([]);
    expect(ReadTicket(new TicketKey("x".repeat(32)), ticket)).toBeNull();
  });

  test.each(["", "mwt1.", "mwt1..", "mwt1.e30", "mwt1.e30.", "wisp-v2", ".", "mwt1.a.b.c"])(
    "%j is none",
    (text) => expect(ReadTicket(key, text)).toBeNull(),
  );
});

describe("claims of another shape, though signed", () => {
  const good = { Id: "0123456789abcdef", ExpiresMs: 1 };

  test("the least that a ticket claims", () => {
    expect(ReadTicket(key, signed(good))).toEqual(good);
  });

  test.each([
    [null],
    [7],
    ["text"],
    [[]],
    [{}],
    [{ ...good, Id: 5 }],
    [{ ...good, Id: "short" }],
    [{ ...good, ExpiresMs: "1" }],
    [{ ...good, ExpiresMs: null }],
    [{ ...good, Targets: "arena" }],
    [{ ...good, Targets: [1] }],
    [{ ...good, Ports: 7350 }],
    [{ ...good, Ports: "0" }],
    [{ ...good, Ports: null }],
    [{ ...good, ListenPorts: "7499-7400" }],
    [{ ...good, ListenPorts: false }],
  ])("%j", (claims) => expect(ReadTicket(key, signed(claims))).toBeNull());
});

describe("limits", () => {
  test.each([
    [0, false],
    [1, true],
    [60_000, true],
    [60_001, false],
    [Number.NaN, false],
  ])("a life of %d ms: %s", (LifetimeMs, taken) => {
    const mint = () => MintTicket(key, { LifetimeMs });
    if (taken) expect(ReadTicket(key, mint())).not.toBeNull();
    else expect(mint).toThrow(TypeError);
  });

  test("it stays short enough for an upgrade request", () => {
    const mint = (count: number) => MintTicket(key, { Targets: ["a".repeat(count)] });
    let most = 1;
    while (mint(most).length < 4_095) most++;
    expect(ReadTicket(key, mint(most))).not.toBeNull();
    expect(() => mint(most + 2)).toThrow("too long");
  });

  test.each<TicketOptions>([{ Ports: "0" }, { Ports: "a" }, { ListenPorts: "9-8" }])(
    "%j is refused with a sentence",
    (options) => expect(() => MintTicket(key, options)).toThrow("are no ports"),
  );
});
