/** The numbers that bound a stream socket driver, with their units and outcomes. */
import { Limits } from "../core/Limits.ts";

export const GridMateLimits = Object.freeze({
  /** Length in front of each packet: u16, big-endian. */
  headerBytes: 2,
  /** The longest packet that the header can say. A longer one: Send is EC_BUFFER_TOOLARGE. */
  maxPacketBytes: 65_535,
  /** Connections at once by default. Further clients wait; ConnectTo is EC_SOCKET_CONNECT. */
  maxConnections: 32,
  /** The most connections that a driver can be made for. More: TypeError. */
  mostConnections: Limits.maxSockets,
  /** Default size of a connection's buffer, each way. Full: Send is EC_SEND, TCP pushes back. */
  inboundBufferBytes: 65_536,
  outboundBufferBytes: 65_536,
  /** Smallest and largest buffer that may be asked for. Outside: TypeError. */
  minBufferBytes: Limits.minBufferBytes,
  maxBufferBytes: Limits.maxBufferBytes / 2,
  /** Connections accepted in one Update, so that a flood cannot stall a frame. */
  acceptsPerUpdate: 256,
});

const relations: readonly (readonly [boolean, string])[] = [
  [GridMateLimits.maxPacketBytes < 2 ** (8 * GridMateLimits.headerBytes), "the header is u16"],
  [
    GridMateLimits.maxPacketBytes <= GridMateLimits.inboundBufferBytes,
    "a default receiver must be able to hold the longest packet",
  ],
  [
    GridMateLimits.maxPacketBytes <= GridMateLimits.outboundBufferBytes,
    "a default sender must be able to hold the longest packet",
  ],
  [
    GridMateLimits.maxBufferBytes + GridMateLimits.headerBytes <= Limits.maxBufferBytes,
    "the largest buffer and a header must fit into a ring",
  ],
  [
    GridMateLimits.maxConnections <= GridMateLimits.mostConnections,
    "the default number of connections must be allowed",
  ],
];
for (const [holds, why] of relations) {
  if (!holds) throw new Error(`GridMateLimits contradict each other: ${why}.`);
}
