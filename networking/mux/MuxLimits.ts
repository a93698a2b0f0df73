/**
 * Every number of the bridge's language, with its unit and what happens beyond it. Both ends use
 * the same ones; what a server adds of its own stands in bridge/BridgeLimits.ts.
 */
export const MuxLimits = Object.freeze({
  /** Type and stream id in front of every payload (Wisp 2.0, "Packet format"). */
  headerBytes: 5,
  /**
   * Most payload of one DATA that an MWX peer may send. Larger: the WebSocket's maxPayload ends
   * it.
   */
  frameBytes: 65_536,
  /**
   * Smallest frame limit that an MWX peer may announce: with a smaller one, one grant would cost
   * thousands of messages. Then MWX is not spoken.
   */
  frameFloorBytes: 512,
  /**
   * A stream sends this much before the next one has its turn, alone or not: in Chromium both
   * larger and smaller messages are slower (see ARCHITECTURE.md).
   */
  quantumBytes: 16_384,
  /** Smallest window of a stream; a smaller ring is not worth its packets. Announced in INFO. */
  windowFloorBytes: 16_384,
  /** First window of a stream; it doubles while the reader keeps up with it. */
  windowFirstBytes: 65_536,
  /** Largest window of a stream. It may be larger than the ring behind it, or smaller. */
  windowMaxBytes: 1_048_576,
  /** What all windows of a WebSocket may grow beyond their rings. More: they grow no further. */
  windowGrowthBytes: 4_194_304,
  /** A window grows when all of it went by in this time. Slower: it would only be a queue. */
  windowGrowthMs: 250,

  /** Packets that a plain Wisp peer may send on a stream before the next CONTINUE. */
  plainCreditPackets: 128,
  /** Counted on top of the bytes of each packet that waits, so that tiny packets are not free. */
  waitingPacketBytes: 128,

  /**
   * Page, plain Wisp: bytes beyond the ring, which nothing keeps a server from sending.
   * More: the stream ends in OUT_OF_BUFFER_MEMORY.
   */
  pageWaitingBytes: 1_048_576,

  /** Streams and lookups of one WebSocket. One more: CLOSE with LIMIT_REACHED. */
  maxStreams: 256,
  maxLookups: 64,
  /** Listening ports of one WebSocket. One more: CLOSE with LIMIT_REACHED. */
  maxListeners: 4,
  /** Packets other than DATA and WINDOW that wait for the transport. One more: the mux fails. */
  maxControlPackets: 1_024,
  /** Longest host in CONNECT, LISTEN, RESOLVE in bytes. Longer: the packet does not decode. */
  maxHostBytes: 1_024,
  /** Addresses in one RESOLVED. More: the packet does not decode, and none is sent. */
  maxAddresses: 16,
  /**
   * Longest subject, issuer and the like in SECURED, bytes: the rest is cut, and a longer one does
   * not decode.
   */
  maxCertificateTextBytes: 4_096,
  /** Extensions in one INFO. More: the packet does not decode. */
  maxExtensions: 32,
});

const relations: readonly (readonly [boolean, string])[] = [
  [MuxLimits.quantumBytes <= MuxLimits.frameBytes, "a turn is one frame"],
  [MuxLimits.frameFloorBytes <= MuxLimits.quantumBytes, "the smallest frame is within a turn"],
  [MuxLimits.windowFloorBytes <= MuxLimits.windowFirstBytes, "the floor is the least"],
  [MuxLimits.windowFirstBytes <= MuxLimits.windowMaxBytes, "a window can grow"],
  [MuxLimits.windowMaxBytes <= MuxLimits.windowGrowthBytes, "one window can grow to its largest"],
  [MuxLimits.maxStreams <= MuxLimits.maxControlPackets, "each stream may have one answer waiting"],
];
for (const [holds, why] of relations) {
  if (!holds) throw new Error(`MuxLimits contradict each other: ${why}.`);
}
