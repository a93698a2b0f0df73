/**
 * What a stream is doing (Luna `streamPeerTCP`, "connection status enum"; numbers as there).
 *
 *            ConnectToHost              connected
 *     NONE ----------------> CONNECTING ----------> CONNECTED
 *      ^                         | failed            |    |  reset, failure
 *      |                         v                   |    v
 *      |                       ERROR                 |  ERROR
 *      +--- DisconnectFromHost, or the peer closed --+
 *           and all received bytes were read
 */
export const Status = Object.freeze({
  STATUS_NONE: 0,
  STATUS_CONNECTING: 1,
  STATUS_CONNECTED: 2,
  STATUS_ERROR: 3,
} as const);
export type Status = (typeof Status)[keyof typeof Status];

/** Why a stream ended. `TIMEOUT` is a deadline of ours; `RESET` is the peer's RST. */
export const CloseReason = Object.freeze({
  NONE: 0,
  LOCAL: 1,
  PEER: 2,
  RESET: 3,
  TIMEOUT: 4,
  ERROR: 5,
} as const);
export type CloseReason = (typeof CloseReason)[keyof typeof CloseReason];

/** The constant's name, for logs and panels: `CloseReasonName(2)` is "PEER". */
export function CloseReasonName(reason: CloseReason): string {
  for (const [name, value] of Object.entries(CloseReason)) if (value === reason) return name;
  return String(reason);
}

/** The constant's name without its prefix: `StatusName(2)` is "CONNECTED". */
export function StatusName(status: Status): string {
  for (const [name, value] of Object.entries(Status)) if (value === status) return name.slice(7);
  return String(status);
}
