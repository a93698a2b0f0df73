/**
 * Takes tickets: each once, and in its time. Remembers used ones until they would have expired
 * anyway; when it cannot remember one more, it takes none.
 *
 * Each bridge process has a memory of its own, so behind a load balancer a stolen ticket works
 * once per bridge within its time.
 */
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { TicketClaims } from "./Ticket.ts";
import { IsTicket, ReadTicket } from "./Ticket.ts";
import type { TicketKey } from "./TicketKey.ts";

/** Why a ticket is not taken. The page hears no more than "missing" or "bad". */
export type TicketRefusal = "missing" | "bad" | "expired" | "too long a life" | "used" | "full";

export class TicketDesk {
  readonly #key: TicketKey;
  readonly #limits: BridgeLimits;
  /** Unix time in milliseconds at which each used ticket expires. */
  readonly #used = new Map<string, number>();

  constructor(key: TicketKey, limits: BridgeLimits) {
    this.#key = key;
    this.#limits = limits;
  }

  /** Upgrades with a ticket in `protocols`; more than one is as bad as a wrong one. */
  Take(protocols: readonly string[], nowMs: number): TicketClaims | TicketRefusal {
    const [ticket, second] = protocols.filter((protocol) => IsTicket(protocol));
    if (ticket === undefined) return "missing";
    const claims = second === undefined ? ReadTicket(this.#key, ticket) : null;
    if (claims === null) return "bad";
    const { Id, ExpiresMs } = claims;
    if (ExpiresMs <= nowMs) return "expired";
    if (ExpiresMs > nowMs + this.#limits.ticketLifetimeMs) return "too long a life";
    if (this.#used.has(Id)) return "used";
    if (this.#used.size >= this.#limits.maxUsedTickets) return "full";
    this.#used.set(Id, ExpiresMs);
    return claims;
  }

  /** Forgets what has expired. */
  Sweep(nowMs: number): void {
    for (const [id, expiresMs] of this.#used) if (expiresMs <= nowMs) this.#used.delete(id);
  }
}
