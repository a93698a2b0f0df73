/**
 * A ticket lets one page connect once, soon, and perhaps to less than the bridge's policy allows.
 * The game's own server mints it for a player it knows. It travels as one more subprotocol, since
 * a browser can set nothing else but the URL, and URLs end up in logs:
 *
 *     Sec-WebSocket-Protocol: mwx1, wisp-v2, mwt1.<claims>.<signature>
 *
 * Claims are JSON, both parts base64url (RFC 4648 section 5). The bridge never echoes or logs it.
 */
import { randomBytes } from "node:crypto";
import { BridgeLimits } from "./BridgeLimits.ts";
import { ParsePorts } from "./PolicyRule.ts";
import type { TicketKey } from "./TicketKey.ts";

/** What a ticket takes away from the policy; it can add nothing. */
export interface TicketScope {
  /** Targets' names, hosts and addresses that the page may ask for; all that are allowed without. */
  readonly Targets?: readonly string[];
  /** Ports that it may connect to, `7000-7099`; all that are allowed without. */
  readonly Ports?: string;
  /** Ports that it may listen at, null for none; all that are allowed without. */
  readonly ListenPorts?: string | null;
}

export interface TicketOptions extends TicketScope {
  /** Milliseconds to connect in, 1 to 60,000; 30,000 by default. The clocks' difference counts. */
  readonly LifetimeMs?: number;
}

export interface TicketClaims extends TicketScope {
  /** Unlike any other's, so that each is used once. */
  readonly Id: string;
  /** Unix time in milliseconds. */
  readonly ExpiresMs: number;
}

const prefix = "mwt1.";
const idBytes = 16;
const defaultLifetimeMs = 30_000;
/** So that a ticket fits into an upgrade request beside everything else. */
const maxChars = 4_096;

export function IsTicket(protocol: string): boolean {
  return protocol.startsWith(prefix);
}

/**
 * A new ticket, as text without spaces. A scope that cannot be read, or that makes the ticket
 * longer than 4,096 characters: TypeError.
 */
export function MintTicket(key: TicketKey, options: TicketOptions = {}): string {
  const { LifetimeMs = defaultLifetimeMs, Targets, Ports, ListenPorts } = options;
  if (!(LifetimeMs >= 1 && LifetimeMs <= BridgeLimits.ticketLifetimeMs)) {
    throw new TypeError("A ticket lives 1 to 60,000 milliseconds.");
  }
  for (const ports of [Ports, ListenPorts]) {
    if (typeof ports === "string" && ParsePorts(ports) === null) {
      throw new TypeError(`"${ports}" are no ports: write 7350 or 7000-7099.`);
    }
  }
  const claims: TicketClaims = {
    Id: randomBytes(idBytes).toString("base64url"),
    ExpiresMs: Date.now() + Math.floor(LifetimeMs),
    ...(Targets === undefined ? {} : { Targets }),
    ...(Ports === undefined ? {} : { Ports }),
    ...(ListenPorts === undefined ? {} : { ListenPorts }),
  };
  const signed = prefix + Buffer.from(JSON.stringify(claims)).toString("base64url");
  const ticket = `${signed}.${key.Sign(signed).toString("base64url")}`;
  if (ticket.length > maxChars) throw new TypeError("A ticket for so many targets is too long.");
  return ticket;
}

/** @returns what the ticket claims when `key` signed it; its time is not looked at. */
export function ReadTicket(key: TicketKey, ticket: string): TicketClaims | null {
  const dot = ticket.lastIndexOf(".");
  if (ticket.length > maxChars || !IsTicket(ticket) || dot < prefix.length) return null;
  const signature = Buffer.from(ticket.slice(dot + 1), "base64url");
  // Nothing of an unsigned text is looked at any further.
  if (!key.Verify(ticket.slice(0, dot), signature)) return null;
  return readClaims(Buffer.from(ticket.slice(prefix.length, dot), "base64url").toString());
}

function readClaims(json: string): TicketClaims | null {
  try {
    const claims: unknown = JSON.parse(json);
    return isClaims(claims) ? claims : null;
  } catch {
    return null;
  }
}

/** The key's owner signed them, perhaps by a program that is not ours. */
function isClaims(value: unknown): value is TicketClaims {
  if (typeof value !== "object" || value === null) return false;
  const { Id, ExpiresMs, Targets = [], Ports = "1", ListenPorts = null } = value as TicketClaims;
  return (
    typeof Id === "string" &&
    Id.length >= idBytes &&
    Number.isFinite(ExpiresMs) &&
    Array.isArray(Targets) &&
    Targets.every((target) => typeof target === "string") &&
    isPorts(Ports) &&
    (ListenPorts === null || isPorts(ListenPorts))
  );
}

function isPorts(value: unknown): boolean {
  return typeof value === "string" && ParsePorts(value) !== null;
}
