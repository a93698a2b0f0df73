/** What `#net-backend` is in a page. */
import { WebBackend } from "./WebBackend.ts";

let backend: WebBackend | null = null;

/** The page's backend; made at first use. */
export function DefaultBackend(): WebBackend {
  backend ??= new WebBackend();
  return backend;
}

/** Where the page's bridge is, when not at `/bridge/` of the page's own origin. */
export function SetBridgeUrl(url: string): void {
  DefaultBackend().SetBridgeUrl(url);
}

export { WebBackend };
export type { WebBackendOptions } from "./WebBackend.ts";
export type { WebSocketConstructor } from "./BridgeLink.ts";
