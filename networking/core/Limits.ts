/**
 * Every number that bounds something in `networking/`, with its unit, in one place.
 *
 * Names end in their unit. Each overflow has a named outcome, given beside its limit, and the
 * relations that other code relies on are asserted once, when this module loads.
 */
export const Limits = Object.freeze({
  /** Default capacity of a stream's inbound ring. Full: the socket is paused, TCP pushes back. */
  inboundBufferBytes: 65_536,
  /**
   * Default capacity of a stream's outbound ring. Full: PutData is BUSY, PutPartialData takes
   * less.
   */
  outboundBufferBytes: 65_536,
  /** Smallest and largest ring that an option may ask for. Outside: TypeError. */
  minBufferBytes: 256,
  maxBufferBytes: 268_435_456,

  /** A connect, lookup included, that takes longer ends in ERROR with TIMED_OUT. */
  connectTimeoutMs: 10_000,
  /** Happy eyeballs (RFC 8305): the next address is tried this much after the one before. */
  connectStaggerMs: 250,
  /** Addresses of one name that a connect tries; the rest are ignored. */
  connectMaxAddresses: 16,
  /** DisconnectFromHost sends what was accepted for at most this long, then resets. */
  lingerMs: 5_000,

  /** Sockets of one process, untaken connections included. Over it: LIMIT_REACHED. */
  maxSockets: 16_384,
  /** Entries of the shared list of sockets that need the network thread's attention. */
  dirtyListEntries: 16_384,
  /** Connections that wait to be taken, NetSocket.Listen and TCPServer.Listen by default. */
  netSocketBacklog: 200,
  tcpServerBacklog: 128,
  /** A backlog outside 1..max is corrected to the nearer end and logged once. */
  maxBacklog: 65_535,

  /** GetDataAsync, PutDataAsync and WaitStatus under way on one stream. One more: LIMIT_REACHED. */
  maxWaiters: 1_024,
  /** A command to the network thread that has no answer by then fails with UNAVAILABLE. */
  commandTimeoutMs: 5_000,
  /**
   * While a call waits, the network thread is woken this often; one that takes no wake for so many
   * pulses is dead, and every socket ends with UNAVAILABLE.
   */
  threadPulseMs: 500,
  threadSilentPulses: 20,
  /** Ip.ResolveHostname and its kin wait at most this long; then the empty value. */
  resolveTimeoutMs: 5_000,
  /** Live queue items of Ip. One more: ResolveHostnameQueueItem answers -1. */
  maxResolveItems: 256,
  /** A cached lookup is looked up again after this; the oldest leaves when the cache is full. */
  resolveCacheMs: 60_000,
  resolveCacheEntries: 1_024,
  /** Longest host name in text form, RFC 1035 section 2.3.4 (255 octets on the wire). */
  maxHostNameLength: 253,

  /** GetString, GetUtf8String: a longer announced length is PROTOCOL_ERROR. */
  maxStringBytes: 65_536,
  /** PacketPeerStream: the default and the largest buffer, frame header included. */
  packetBufferBytes: 65_536,
  maxPacketBufferBytes: 268_435_456,

  /**
   * UDP: default capacity of the ring each way, `datagramHeaderBytes` more for each datagram. Full:
   * what arrives is dropped and counted, what is sent is BUSY.
   */
  datagramBufferBytes: 262_144,
  /** UDP: length, port and address in front of each datagram in a ring. */
  datagramHeaderBytes: 20,
  /**
   * UDP: the longest datagram over IPv4 (65,535 less an IP and a UDP header, RFC 791 and 768), and
   * over IPv6 (RFC 8200 counts no IP header). A longer one is OUT_OF_BUFFER_MEMORY.
   */
  maxDatagramBytesIpv4: 65_507,
  maxDatagramBytes: 65_527,
  /** UDP: addresses whose text form the network thread remembers; at this many it starts afresh. */
  datagramAddresses: 4_096,

  /** A TLS handshake that takes longer ends in ERROR with TIMED_OUT. */
  tlsHandshakeTimeoutMs: 10_000,
  /** Names in TLSOptions' AlpnProtocols. More: TypeError. */
  tlsAlpnProtocols: 32,
  /** TLSOptions whose keys the network thread keeps read; the one used least lately leaves. */
  tlsContexts: 64,
  /** Sessions to resume that one TLSOptions keeps; the oldest leaves. */
  tlsSessions: 256,
  /** TCPServerNode: handshakes at once, unless the property says otherwise. */
  tlsHandshakes: 256,

  /** TCPServerNode: a peer that finished, and whose last bytes nobody reads for so long, is let go. */
  unreadEndMs: 5_000,
  /** TCPServerNode: connections taken in one tick, so that a flood cannot stall a frame. */
  acceptsPerTick: 256,
  /** TCPServerNode: peers at once, unless the property says otherwise. */
  maxConnections: 4_096,
  /** NetMonitor: sources watched at once. One more: LIMIT_REACHED. */
  maxWatches: 1_024,
});

const relations: readonly (readonly [boolean, string])[] = [
  [Limits.minBufferBytes >= 16, "a ring must hold the largest typed value"],
  [Limits.inboundBufferBytes <= Limits.maxBufferBytes, "the default inbound ring must be allowed"],
  [
    Limits.outboundBufferBytes <= Limits.maxBufferBytes,
    "the default outbound ring must be allowed",
  ],
  [Limits.maxBufferBytes <= 2 ** 28, "ring counters are 32 bit and compare by difference"],
  [Limits.dirtyListEntries >= Limits.maxSockets, "each socket is on the dirty list at most once"],
  [Number.isInteger(Math.log2(Limits.dirtyListEntries)), "the dirty list is a power-of-two ring"],
  [Limits.connectStaggerMs < Limits.connectTimeoutMs, "a second address needs time to be tried"],
  [Limits.maxConnections <= Limits.maxSockets, "a server node cannot hold more than the process"],
  [Limits.tlsHandshakes <= Limits.maxConnections, "a handshake counts as a connection"],
  [Limits.tcpServerBacklog <= Limits.maxBacklog, "the default backlog must be allowed"],
  [Limits.packetBufferBytes <= Limits.maxPacketBufferBytes, "the default frame must be allowed"],
  [
    Limits.datagramBufferBytes >= Limits.maxDatagramBytes + Limits.datagramHeaderBytes,
    "a default ring must hold the longest datagram",
  ],
  [Limits.maxDatagramBytes <= 0xffff, "a datagram's length is 16 bit in a ring"],
  [
    Limits.minBufferBytes > Limits.datagramHeaderBytes,
    "the smallest ring must hold a datagram's header",
  ],
];
for (const [holds, why] of relations) {
  if (!holds) throw new Error(`Limits contradict each other: ${why}.`);
}
