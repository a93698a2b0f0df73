/**
 * `moonwire/web`: what only a page has, its link to the bridge. Also what `#net-backend` is there,
 * so both names mean the same link.
 */
import type { TicketSource } from "./BridgeLink.ts";
import { FollowPage } from "./PageLife.ts";
import { WebBackend } from "./WebBackend.ts";

let backend: WebBackend | null = null;

/** The page's backend; made at first use. */
export function DefaultBackend(): WebBackend {
  if (backend === null) {
    backend = new WebBackend();
    FollowPage(globalThis, backend);
  }
  return backend;
}

/** A page's sockets are its link's, whoever drives them. */
export function InlineBackend(): WebBackend {
  return DefaultBackend();
}

/** Where the page's bridge is, when not at `/bridge/` of the page's own origin. */
export function SetBridgeUrl(url: string): void {
  DefaultBackend().SetBridgeUrl(url);
}

/** How the page gets a ticket for a bridge that asks for one; see `WebBackend`. */
export function SetBridgeTickets(source: TicketSource | null): void {
  DefaultBackend().SetBridgeTickets(source);
}

export { LinkState } from "./BridgeLink.ts";
export { WebBackend };
export type { WebBackendOptions } from "./WebBackend.ts";
export type { TicketSource, WebSocketConstructor } from "./BridgeLink.ts";
