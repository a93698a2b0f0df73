/** Every number of the page's side, with its unit and what happens beyond it. */
import { MuxLimits } from "../../mux/MuxLimits.ts";

export const WebLimits = Object.freeze({
  /** A WebSocket whose handshake takes longer is given up: HOST_UNREACHABLE for who waits. */
  openTimeoutMs: 10_000,
  /** Wait before the next attempt after a loss, full jitter; both ends of its growth. */
  backoffMinMs: 250,
  backoffMaxMs: 10_000,
  /** While linked by MWX, the bridge is asked for a sign of life this often. */
  pingEveryMs: 2_000,
  /** No answer for this long, seen at the next question: the link counts as lost. */
  pongTimeoutMs: 20_000,
  /** Sockets and lookups that wait for the link. One more: LIMIT_REACHED. */
  maxWaiting: MuxLimits.maxStreams,
});

if (WebLimits.pingEveryMs >= WebLimits.pongTimeoutMs) {
  throw new Error("WebLimits contradict each other: a ping must be sent before it is missed.");
}
