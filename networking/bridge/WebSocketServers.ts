/**
 * The two `ws` servers behind the bridge's port, because the largest message is fixed per server
 * and plain Wisp allows larger ones than MWX.
 */
import type { IncomingMessage } from "node:http";
import type { ServerOptions } from "ws";
import { WebSocketServer } from "ws";
import type { BridgeLimits } from "./BridgeLimits.ts";

/** Subprotocols that ask for version 2; MWX is taken where both are offered. */
const mwxProtocol = "mwx1";
const wispProtocol = "wisp-v2";

export interface WebSocketServers {
  /** The one that takes this upgrade. */
  For(request: IncomingMessage): WebSocketServer;
}

export function MakeWebSocketServers(limits: BridgeLimits): WebSocketServers {
  const mwx = webSocketServer(limits, limits.mwxMessageBytes);
  const plain = webSocketServer(limits, limits.plainMessageBytes);
  return { For: (request) => (offersMwx(request) ? mwx : plain) };
}

function webSocketServer(limits: BridgeLimits, maxPayload: number): WebSocketServer {
  const options: ServerOptions & { readonly closeTimeout: number } = {
    closeTimeout: limits.closeTimeoutMs, // what comes is still read until then, and dropped
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload,
    maxFragments: limits.maxFragments,
    handleProtocols: (offered) => {
      if (offered.has(mwxProtocol)) return mwxProtocol;
      // Tickets are subprotocols too, and never the one that is taken.
      return offered.has(wispProtocol) ? wispProtocol : false;
    },
  };
  return new WebSocketServer(options);
}

function offersMwx(request: IncomingMessage): boolean {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header.split(",").some((protocol) => protocol.trim() === mwxProtocol);
}
