/**
 * Decides about an upgrade request before there is a WebSocket: path, client, origin, numbers. A
 * ticket is only looked at here; a page whose ticket is no good hears so on its WebSocket, because
 * it cannot read an HTTP status.
 */
import type { IncomingMessage } from "node:http";
import type { IpAddress } from "../core/IpAddress.ts";
import { AddressQuota } from "./AddressQuota.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { Policy } from "./Policy.ts";
import type { TicketClaims } from "./Ticket.ts";
import { IsTicket } from "./Ticket.ts";
import type { TicketRefusal } from "./TicketDesk.ts";
import { TicketDesk } from "./TicketDesk.ts";
import type { TicketKey } from "./TicketKey.ts";
import type { TrustedProxies } from "./TrustedProxies.ts";

export interface UpgradeRefusal {
  readonly Status: 403 | 404 | 429 | 503;
  readonly Why: "path" | "client" | "origin" | "full" | "address quota" | "draining";
  readonly Client: IpAddress;
}

export interface UpgradeAdmission {
  readonly Client: IpAddress;
  /** What it narrows, or why it is no good; null where the bridge asks for none. */
  readonly Ticket: TicketClaims | TicketRefusal | null;
  /** Gives the place back; to be called once, when the connection has ended. */
  readonly Leave: () => void;
}

export class UpgradeGate {
  readonly #policy: Policy;
  readonly #limits: BridgeLimits;
  readonly #proxies: TrustedProxies;
  readonly #quota: AddressQuota;
  readonly #desk: TicketDesk | null;
  #open = 0;
  #closed = false;

  /** @param key with one, nobody enters without a ticket. */
  constructor(
    policy: Policy,
    limits: BridgeLimits,
    proxies: TrustedProxies,
    key: TicketKey | null,
  ) {
    this.#policy = policy;
    this.#limits = limits;
    this.#proxies = proxies;
    this.#quota = new AddressQuota(limits);
    this.#desk = key === null ? null : new TicketDesk(key, limits);
  }

  /** Admissions whose place was not given back. */
  Open(): number {
    return this.#open;
  }

  IsClosed(): boolean {
    return this.#closed;
  }

  /** From now on everybody is refused. */
  Close(): void {
    this.#closed = true;
  }

  /** @param nowMs of a clock that never goes back. */
  Judge(request: IncomingMessage, nowMs: number): UpgradeAdmission | UpgradeRefusal {
    const { headers, url = "" } = request;
    const Client = this.#proxies.ClientOfRequest(request);
    const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((p) => p.trim());
    const [path = ""] = url.split("?");
    if (this.#closed) return { Status: 503, Why: "draining", Client };
    if (!path.endsWith("/")) return { Status: 404, Why: "path", Client };
    if (!this.#policy.AllowsClient(Client)) return { Status: 403, Why: "client", Client };
    if (!this.#allowsOrigin(headers.origin, protocols)) {
      return { Status: 403, Why: "origin", Client };
    }
    if (this.#open >= this.#limits.maxSessions) return { Status: 503, Why: "full", Client };
    const leave = this.#quota.Enter(Client, nowMs);
    if (leave === null) return { Status: 429, Why: "address quota", Client };
    this.#open++;
    const Leave = (): void => {
      this.#open--;
      leave();
    };
    return { Client, Ticket: this.#desk?.Take(protocols, Date.now()) ?? null, Leave };
  }

  /** Forgets addresses and tickets whose time is over. @param nowMs as for `Judge`. */
  Sweep(nowMs: number): void {
    this.#quota.Sweep(nowMs);
    this.#desk?.Sweep(Date.now());
  }

  /** Programs have no origin; a ticket speaks for them. */
  #allowsOrigin(origin: string | undefined, protocols: readonly string[]): boolean {
    if (origin !== undefined) return this.#policy.AllowsOrigin(origin);
    return this.#desk !== null && protocols.some((protocol) => IsTicket(protocol));
  }
}
