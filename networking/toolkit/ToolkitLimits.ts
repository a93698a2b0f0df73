/**
 * Every number that bounds the toolkit, with its unit and what happens beyond it. Each is the
 * default of an option of the same meaning.
 */
export const ToolkitLimits = Object.freeze({
  /** Connecting, name lookup included. Longer: ConnectionTimeoutError. */
  connectTimeoutMs: 10_000,
  /** A connection on which a read or a write waits and nothing moves for so long is reset. */
  idleTimeoutMs: 120_000,
  /** A served connection that lasts longer is reset. */
  totalTimeoutMs: 3_600_000,
  /** Connections served at once. Further ones wait in the backlog. */
  maxConnections: 1_024,
  /** Bytes that one served connection may send. One more: reset. */
  maxConnectionBytes: 1_073_741_824,
  /** A stopped server's handlers may finish for so long; then their connections are reset. */
  graceMs: 5_000,
  /** What serves a connection that has failed may tidy up for so long; then it is left behind. */
  stuckHandlerMs: 1_000,

  /** One SendTcpMessage, SendTcpBytes or twin, from the lookup to the reply's end. */
  sendTimeoutMs: 30_000,
  /** A longer reply: EasySocketError with LIMIT_REACHED. */
  maxReplyBytes: 16_777_216,
  /** A peer that has not begun to reply by then is told that nothing more comes (half close). */
  halfCloseAfterMs: 1_000,

  /** Bytes that one Read gives at most. */
  readBytes: 65_536,
  /** ReadUntil: bytes before the delimiter. More: UnsupportedProtocolError. */
  maxLineBytes: 1_048_576,

  /** Connections of one pool, lent and idle. Further borrowers wait in order. */
  poolSize: 10,
  /** An idle connection of a pool is closed after this. */
  poolIdleTimeoutMs: 60_000,
  /** A borrower that waits longer gets a ConnectionTimeoutError. */
  poolWaitTimeoutMs: 30_000,
  /** Borrowers that wait. One more: EasySocketError with LIMIT_REACHED. */
  poolMaxWaiters: 10_000,
});

const relations: readonly (readonly [boolean, string])[] = [
  [
    ToolkitLimits.poolIdleTimeoutMs < ToolkitLimits.idleTimeoutMs,
    "a pool lets go of a connection before the server does",
  ],
  [ToolkitLimits.connectTimeoutMs < ToolkitLimits.sendTimeoutMs, "a connect is part of a send"],
  [
    ToolkitLimits.halfCloseAfterMs < ToolkitLimits.sendTimeoutMs,
    "a reply to the half close comes in time",
  ],
];
for (const [holds, why] of relations) {
  if (!holds) throw new Error(`ToolkitLimits contradict each other: ${why}.`);
}
