/**
 * Where Moonwire differs from Godot 3.2.3 on purpose. Differences.test.ts observes each on a real
 * Godot and on Moonwire, and what it observes has to be what stands here. Numbers in Godot's
 * column are its error codes; 0 is OK.
 */
export interface Difference {
  readonly What: string;
  readonly Godot: string;
  readonly Moonwire: string;
  readonly Why: string;
}

function difference(What: string, Godot: string, Moonwire: string, Why: string): Difference {
  return { What, Godot, Moonwire, Why };
}

export const Differences = Object.freeze({
  ResetWhileReading: difference(
    "status after a reset that a read noticed",
    "NONE",
    "ERROR, CONNECTION_RESET",
    "a failure looks the same whoever notices it, and is no clean close",
  ),
  StatusWithinTick: difference(
    "the status twice in one run, the peer closing in between",
    "CONNECTED, then NONE",
    "CONNECTED, then CONNECTED",
    "the status is latched: it changes between ticks, never in the middle of one",
  ),
  ClosedAvailable: difference(
    "bytes available on a stream that is not open",
    "-1",
    "0",
    "a count can be used in sums and comparisons as it is",
  ),
  CloseUnread: difference(
    "closing with something unread, as the peer sees it",
    "a reset",
    "all that was put, then the close",
    "a reset destroys what was put before it",
  ),
  TenthConnection: difference(
    "the tenth of ten connections that nobody takes",
    "unanswered",
    "CONNECTED",
    "Godot's backlog is 8 (Linux holds one more), Moonwire's 128 unless told",
  ),
  ConnectTimeout: difference(
    "the longest a connect may take, by default",
    "30 s",
    "10 s",
    "a player has left by then",
  ),
  ConnectTwice: difference(
    "the code for connecting while connected",
    "22",
    "6",
    "codes are Luna's: ALREADY_INIT where Godot says ERR_ALREADY_IN_USE",
  ),
  PutTooMuch: difference(
    "put_data of 8 MiB",
    "0, after the peer read it",
    "OUT_OF_BUFFER_MEMORY, nothing sent",
    "all or nothing at once; BlockingTimeout or PutDataAsync wait",
  ),
  GetTooMuch: difference(
    "get_data of 10 bytes, 4 being there",
    "0, after the peer put 6 more",
    "BUSY, 4 left",
    "a game loop must not wait; BlockingTimeout or GetDataAsync do",
  ),
  GetAtEnd: difference(
    "get_u32 with 2 bytes left and the peer gone",
    "a number, 0 left",
    "null, FILE_EOF, 2 left",
    "a made-up value cannot be told from a real one",
  ),
  BeyondAscii: difference(
    'put_string("añ€😀b"), as bytes',
    "0500000061f1ac0062",
    "0b00000061c3b1e282acf09f988062",
    "Godot keeps each character's low byte; both names put UTF-8 here",
  ),
  LongString: difference(
    "get_utf8_string of 65,537 bytes",
    "65537 characters",
    "null, PROTOCOL_ERROR",
    "a peer must not make one allocate what it likes; `maxBytes` allows more",
  ),
  Unsigned: difference(
    "get_u64 of eight bytes FF",
    "-1",
    "18446744073709551615",
    "Godot's int is signed, a bigint is not",
  ),
  WholeFloat: difference(
    "the variant 2.0, put",
    "float",
    "int",
    "JavaScript has one number type; whole numbers travel as int",
  ),
  OtherVariants: difference(
    "a variant of another type (Rect2), got",
    "Rect2",
    "null, PROTOCOL_ERROR; the next is intact",
    "only types that Moonwire has a value for",
  ),
  DeepVariants: difference(
    "a variant inside of 65 arrays, got",
    "65 arrays",
    "null, PROTOCOL_ERROR",
    "at most 64 levels, so that a peer cannot exhaust the stack",
  ),
  LargestPacket: difference(
    "the largest packet that a default PacketPeerStream takes",
    "65531",
    "65532",
    "Godot's ring keeps a byte free, so it cannot take the largest that it sends",
  ),
  PacketTooLarge: difference(
    "a packet one byte too large for its receiver",
    "CONNECTED, 0 packets",
    "ERROR, PROTOCOL_ERROR",
    "waiting for ever helps nobody; the stream is ended",
  ),
  EmptyPacket: difference(
    "put_packet of no bytes",
    "0, nothing sent",
    "INVALID_PARAMETER, nothing sent",
    "what is not sent must not look sent",
  ),
  PacketBuffer: difference(
    "the default buffer size of PacketPeerStream",
    "65532",
    "65536",
    "the frame's four bytes are counted here; the largest packet to send is the same",
  ),
});

export type DifferenceName = keyof typeof Differences;
