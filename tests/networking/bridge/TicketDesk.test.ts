import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MintTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketDesk } from "../../../networking/bridge/TicketDesk.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";

const key = new TicketKey("k".repeat(32));
const desk = (limits: Partial<BridgeLimits> = {}) =>
  new TicketDesk(key, { ...BridgeLimits, ...limits });
const take = (at: TicketDesk, ticket: string, nowMs = Date.now()) => {
  const taken = at.Take(["mwx1", ticket], nowMs);
  return typeof taken === "string" ? taken : "taken";
};

test("a ticket is taken once", () => {
  const at = desk();
  const [one, other] = [MintTicket(key), MintTicket(key)];
  expect([take(at, one), take(at, one), take(at, other)]).toEqual(["taken", "used", "taken"]);
});

test("none, one that is wrong, and more than one are refused", () => {
  const at = desk();
  const ticket = MintTicket(key);
  const foreign = MintTicket(new TicketKey("x".repeat(32)));
  expect(at.Take([], 0)).toBe("missing");
  expect(at.Take(["mwx1", "wisp-v2"], 0)).toBe("missing");
  expect(take(at, foreign)).toBe("bad");
  expect(at.Take([ticket, ticket], Date.now())).toBe("bad");
  expect(at.Take([foreign, ticket], Date.now())).toBe("bad");
  expect(take(at, ticket)).toBe("taken");
});

test("it is taken up to its end, and not much earlier than it may have been made", () => {
  const ExpiresMs = 1_000_000;
  const now = Date.now();
  const ticket = (lifetimeMs: number) => MintTicket(key, { LifetimeMs: lifetimeMs });
  expect(take(desk(), ticket(1), now + ExpiresMs)).toBe("expired");
  const long = desk({ ticketLifetimeMs: 20_000 });
  expect(take(long, ticket(10_000))).toBe("taken");
  expect(take(long, ticket(60_000))).toBe("too long a life");
});

test("so many are remembered; beyond that none is taken until some have expired", () => {
  const at = desk({ maxUsedTickets: 3 });
  const now = Date.now();
  const tickets = Array.from({ length: 5 }, () => MintTicket(key, { LifetimeMs: 10_000 }));
  const later = MintTicket(key, { LifetimeMs: 60_000 });
  expect(tickets.slice(0, 4).map((ticket) => take(at, ticket, now))).toEqual([
    "taken",
    "taken",
    "taken",
    "full",
  ]);
  at.Sweep(now);
  expect(take(at, tickets[4] ?? "", now)).toBe("full");
  at.Sweep(now + 20_000);
  expect(take(at, later, now + 20_000)).toBe("taken");
});
