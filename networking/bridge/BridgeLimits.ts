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
  /** Those of one address (IPv6: of one /64), trusted proxies excepted. One more: the same. */
  maxConnectionsPerAddress: 256,
  /** Requests of one client that are being answered. One more: 429. */
  maxRequestsPerAddress: 256,
  /** Connections of the second port. One more is closed as it comes. */
  maxOperationConnections: 64,
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
  /** Addresses that are remembered. One more while all are in use: 429. */
  maxAddresses: 20_000,
  /** Log lines of one kind that strangers cause. Faster: counted, and one line tells the count. */
  floodLinesPerSecond: 10,
  floodLinesBurst: 100,

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

  /** Listening ports of one WebSocket, where the policy has any. One more: LIMIT_REACHED. */
  maxListeners: MuxLimits.maxListeners,
  /** Ports of a range that are tried for one LISTEN. All in use: ADDRESS_IN_USE. */
  listenTries: 128,

  /** Lookup and all attempts of one CONNECT. Longer: TIMED_OUT. */
  connectTimeoutMs: 10_000,
  /** A lookup that takes longer is TIMED_OUT. */
  lookupTimeoutMs: 5_000,
  /** Lookups of the process that the system has not answered. One more: LIMIT_REACHED. */
  maxPendingLookups: 256,
  /** Announced lifetime of a lookup's answer. */
  lookupTtlSeconds: 60,
  /** What pages are told to wait before they come back, when the bridge is told to end. */
  retryAfterMs: 1_000,
  /** When told to end: sessions may go on this long before they are closed. */
  shutdownDrainMs: 25_000,
  /** A page that does not answer the close of its WebSocket is cut off after this. */
  closeTimeoutMs: 2_000,
  /** TLS to targets: different sets of a page's wishes that are kept. The oldest goes. */
  maxTlsConfigs: 64,
  /** A target that has not taken the last bytes, and ended its own side, by then is reset. */
  drainTimeoutMs: 25_000,

  /** A stream's rings, each direction, while the WebSocket has less than the budget in use. */
  streamWindowBytes: 65_536,
  /**
   * Half of it for the rings of one WebSocket, each direction: beyond, a stream still gets the
   * floor. Half for windows that grow beyond their rings: beyond, they grow no further.
   */
  sessionWindowBytes: 4_194_304,
  streamFloorBytes: MuxLimits.windowFloorBytes,
  /**
   * Rings and grown windows of all streams of the process. Beyond half of it no window grows;
   * beyond all of it: LIMIT_REACHED.
   */
  processWindowBytes: 536_870_912,

  /** Nothing more is given to a WebSocket with this much waiting, until it is below the second. */
  sendHighBytes: 131_072,
  sendLowBytes: 32_768,
  /** Memory of large messages that is kept for the next ones. More: left to the collector. */
  frameBuffers: 64,
  /**
   * Plain Wisp: with this much waiting for targets the WebSocket is not read, until half is gone.
   */
  plainWaitingBytes: 4_194_304,

  /** The WebSocket is pinged at first and then this often; two unanswered pings: it is dead. */
  pingEveryMs: 20_000,
  maxMissedPings: 2,
  /** A WebSocket or HTTP client that takes nothing of what waits for it for this long is ended. */
  stallTimeoutMs: 30_000,
  /** How often the three deadlines above are looked at. */
  sweepEveryMs: 1_000,

  /** Targets, rules and origins of one bridge. More: TypeError at construction. */
  maxRules: 1_024,
});

export type BridgeLimits = { readonly [K in keyof typeof BridgeLimits]: number };

/** Each holds for the numbers above and for whatever an operator makes of them. */
const relations: readonly (readonly [(limits: BridgeLimits) => boolean, string])[] = [
  [(of) => of.maxSessions < of.maxConnections, "a WebSocket is a connection"],
  [
    (of) => of.maxSessionsPerAddress < of.maxConnectionsPerAddress,
    "an address's WebSockets are connections of it",
  ],
  [(of) => of.sendLowBytes < of.sendHighBytes, "sending goes on below where it stops"],
  [(of) => of.lookupTimeoutMs <= of.connectTimeoutMs, "a lookup is part of a connect"],
  [(of) => of.streamFloorBytes <= of.streamWindowBytes, "the floor is the least"],
  [(of) => of.sweepEveryMs < of.handshakeTimeoutMs, "deadlines are seen in time"],
  [(of) => of.streamWindowBytes <= MuxLimits.windowMaxBytes, "a window is within the language"],
  [(of) => of.maxStreams <= MuxLimits.maxStreams, "both ends count streams alike"],
];

/**
 * The limits with some of them replaced. A name that is no limit, a number that is none (0 or
 * more, whole) and numbers that contradict each other: TypeError.
 */
export function MakeBridgeLimits(changes: Partial<BridgeLimits> = {}): BridgeLimits {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in BridgeLimits)) throw new TypeError(`"${name}" is no limit of a bridge.`);
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new TypeError(`The limit ${name} is a whole number from 0 up, not ${String(value)}.`);
    }
  }
  const limits = Object.freeze({ ...BridgeLimits, ...changes });
  for (const [holds, why] of relations) {
    if (!holds(limits)) throw new TypeError(`The bridge's limits contradict each other: ${why}.`);
  }
  return limits;
}
MakeBridgeLimits();
