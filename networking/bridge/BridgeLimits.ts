/**
 * Every number that bounds a bridge, with its unit and what happens beyond it. The language's own
 * numbers are in mux/MuxLimits.ts. `BridgeServer` takes others by option, which is how tests
 * reach them.
 */
import { MuxLimits } from "../mux/MuxLimits.ts";

export const BridgeLimits = Object.freeze({
  /** An upgrade request that takes longer or is larger is answered 408 or 431 and ends. */
  upgradeTimeoutMs: 10_000,
  upgradeHeaderBytes: 16_384,
  /** TCP connections, those without a WebSocket included. One more is closed as it comes. */
  maxConnections: 12_000,
  /** Hops of X-Forwarded-For that are read, from its end. Older ones count as not there. */
  maxForwardedHops: 16,
  /** Longest life of a ticket, and tickets that are remembered as used. Beyond: refused. */
  ticketLifetimeMs: 60_000,
  maxUsedTickets: 65_536,
  /** A v2 page that has sent no INFO by then is closed. */
  handshakeTimeoutMs: 5_000,
  /** A larger WebSocket message ends the WebSocket with 1009: MWX, and plain Wisp. */
  mwxMessageBytes: MuxLimits.headerBytes + MuxLimits.frameBytes,
  plainMessageBytes: 1_048_576,
  /** A message in more fragments ends the WebSocket. */
  maxFragments: 64,
  /** WebSocket pongs that wait for the network; further pings go unanswered meanwhile. */
  maxPendingPongs: 16,

  /** WebSockets of the process, and of one address (IPv6: of one /64). One more: 503, 429. */
  maxSessions: 10_000,
  maxSessionsPerAddress: 32,
  /** New WebSockets of one address. Faster: 429. */
  sessionsPerSecond: 5,
  sessionsBurst: 32,
  /** Addresses that are remembered. One more while all are in use: 503. */
  maxAddresses: 20_000,

  /** Streams of one WebSocket, draining ones included. One more: CLOSE with LIMIT_REACHED. */
  maxStreams: MuxLimits.maxStreams,
  /** CONNECT and RESOLVE of one WebSocket. Faster: LIMIT_REACHED. */
  connectsPerSecond: 20,
  connectsBurst: 64,
  resolvesPerSecond: 10,
  resolvesBurst: 20,
  /** Streams that end. Faster, and the burst used up: the WebSocket is closed with 1008. */
  endsPerSecond: 10,
  endsBurst: 100,

  /** Lookup and all attempts of one CONNECT. Longer: TIMED_OUT. */
  connectTimeoutMs: 10_000,
  /** A lookup that takes longer is TIMED_OUT. */
  lookupTimeoutMs: 5_000,
  /** Announced lifetime of a lookup's answer. */
  lookupTtlSeconds: 60,
  /** When told to end: sessions may go on this long before they are closed. */
  shutdownDrainMs: 25_000,
  /** A page that does not answer the close of its WebSocket is cut off after this. */
  closeTimeoutMs: 2_000,
  /** A target that has not taken the last bytes, and ended its own side, by then is reset. */
  drainTimeoutMs: 25_000,

  /** A stream's rings, each direction, while the WebSocket has less than the budget in use. */
  streamWindowBytes: 65_536,
  /** Beyond the budget a stream still gets the floor. */
  sessionWindowBytes: 4_194_304,
  streamFloorBytes: MuxLimits.windowFloorBytes,
  /** Rings of all streams of the process. Beyond: LIMIT_REACHED. */
  processWindowBytes: 536_870_912,

  /** Nothing more is given to a WebSocket with this much waiting, until it is below the second. */
  sendHighBytes: 131_072,
  sendLowBytes: 32_768,
  /**
   * Plain Wisp: with this much waiting for targets the WebSocket is not read, until half is gone.
   */
  plainWaitingBytes: 4_194_304,

  /** The WebSocket is pinged this often; two unanswered pings mean that it is dead. */
  pingEveryMs: 20_000,
  maxMissedPings: 2,
  /** A WebSocket that takes nothing of what waits for it for this long is ended. */
  stallTimeoutMs: 30_000,
  /** How often the three deadlines above are looked at. */
  sweepEveryMs: 1_000,

  /** Targets, rules and origins of one bridge. More: TypeError at construction. */
  maxRules: 1_024,
});

export type BridgeLimits = { readonly [K in keyof typeof BridgeLimits]: number };

const relations: readonly (readonly [boolean, string])[] = [
  [BridgeLimits.maxSessions < BridgeLimits.maxConnections, "a WebSocket is a connection"],
  [BridgeLimits.sendLowBytes < BridgeLimits.sendHighBytes, "sending goes on below where it stops"],
  [BridgeLimits.lookupTimeoutMs <= BridgeLimits.connectTimeoutMs, "a lookup is part of a connect"],
  [BridgeLimits.streamFloorBytes <= BridgeLimits.streamWindowBytes, "the floor is the least"],
  [BridgeLimits.sweepEveryMs < BridgeLimits.handshakeTimeoutMs, "deadlines are seen in time"],
  [BridgeLimits.streamWindowBytes <= MuxLimits.windowMaxBytes, "a window is within the language"],
];
for (const [holds, why] of relations) {
  if (!holds) throw new Error(`BridgeLimits contradict each other: ${why}.`);
}
