/** Every number of the page's side, with its unit and what happens beyond it. */
import { MuxLimits } from "../../mux/MuxLimits.ts";

export const WebLimits = Object.freeze({
  /** A WebSocket whose handshake takes longer is given up: HOST_UNREACHABLE for who waits. */
  openTimeoutMs: 10_000,
  /** A server that took a subprotocol and has sent no INFO by then speaks v1 after all. */
  infoTimeoutMs: 1_000,
  /** Wait before the next attempt after a loss, full jitter; both ends of its growth. */
  backoffMinMs: 250,
  backoffMaxMs: 10_000,
  /** WebSockets whose bridge goes and whose streams go on. One more: the oldest is ended. */
  maxLeaving: 2,
  /**
   * A port that was granted before and is in use after a loss (the bridge has not noticed the loss
   * yet) is asked for again this often, for so long; then the listener ends with ADDRESS_IN_USE.
   */
  relistenEveryMs: 2_000,
  relistenForMs: 60_000,
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
