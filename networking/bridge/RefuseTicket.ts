/**
 * How a page hears that its ticket is no good: it cannot read an HTTP status, so it gets a
 * WebSocket, CLOSE on stream 0, and the close code 4401. It is told "missing" or "bad", so nobody
 * learns whether a ticket was forged, late, or used already.
 */
import type { WebSocket } from "ws";
import { PacketType } from "../mux/Packet.ts";
import { EncodePacket } from "../mux/PacketEncode.ts";
import { WispReason } from "../mux/WispReason.ts";
import type { TicketRefusal } from "./TicketDesk.ts";

const closeCode = 4401;

/** @param webSocket open; nothing that it still says counts. */
export function RefuseTicket(webSocket: WebSocket, why: TicketRefusal): void {
  const missing = why === "missing";
  webSocket.on("error", () => undefined);
  webSocket.send(
    EncodePacket({
      Type: PacketType.CLOSE,
      Stream: 0,
      Reason: missing ? WispReason.CREDENTIALS_MISSING : WispReason.BAD_SIGNATURE,
      Code: null,
    }),
  );
  webSocket.close(closeCode, missing ? "ticket missing" : "ticket refused");
}
