/**
 * What the two ends of a bridge say to each other: Wisp 2.0, and the extension MWX, which adds byte
 * windows, addresses, half close, lookups, listeners, socket options and TLS to the target to it.
 *
 * One binary WebSocket message is one packet: type u8, stream id u32, payload; little-endian. The
 * comments give the payloads; `str` is UTF-8 up to the packet's end, `addr` is a length u8 (0
 * unknown, 4, 16), that many bytes and a port u16. PacketEncode and PacketDecode turn them to
 * bytes and back.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint, Family } from "../core/NetBackend.ts";
import type { TlsFacts, TlsVersion } from "../core/TlsRequest.ts";

/** One packet as a WebSocket message, in memory of its own. */
export type Message = Uint8Array<ArrayBuffer>;

/** Gives memory for a message of so many bytes, with whatever was in it. */
export type TakeMessage = (bytes: number) => Message;

/** Fresh memory. */
export const NewMessage: TakeMessage = (bytes) => new Uint8Array(bytes);

export const PacketType = Object.freeze({
  CONNECT: 0x01,
  DATA: 0x02,
  CONTINUE: 0x03,
  CLOSE: 0x04,
  INFO: 0x05,
  WINDOW: 0xd0,
  OPENED: 0xd1,
  FIN: 0xd2,
  LISTEN: 0xd3,
  LISTENING: 0xd4,
  ACCEPT: 0xd5,
  ACCEPT_CREDIT: 0xd6,
  RESOLVE: 0xd7,
  RESOLVED: 0xd8,
  SOCKOPT: 0xd9,
  GOAWAY: 0xda,
  PING: 0xdb,
  PONG: 0xdc,
  SECURE: 0xdd,
  SECURED: 0xde,
} as const);
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** CONNECT's stream type (Wisp 2.0, "CONNECT"). */
export const StreamType = Object.freeze({ TCP: 1, UDP: 2 } as const);

/** SOCKOPT's option; ABORT resets the connection now, and ends the stream on both sides. */
export const SockOpt = Object.freeze({ NO_DELAY: 0, KEEP_ALIVE: 1, ABORT: 2 } as const);

/** Ids of the extensions in INFO that Moonwire knows. */
export const ExtensionId = Object.freeze({ STREAM_OPEN: 0x05, MWX: 0xd0 } as const);

export interface Extension {
  /** u8 */
  readonly Id: number;
  readonly Metadata: Uint8Array;
}

interface Of<T extends PacketType> {
  readonly Type: T;
  /** u32 */
  readonly Stream: number;
}

/** {stream type u8, port u16, host str} */
export interface ConnectPacket extends Of<typeof PacketType.CONNECT> {
  readonly StreamType: number;
  readonly Port: number;
  readonly Host: string;
}

/** {bytes}: decoded as a view on the message. */
export interface DataPacket extends Of<typeof PacketType.DATA> {
  readonly Data: Uint8Array;
}

/** {u32}: packets that the server can still buffer; replaces the client's counter. */
export interface ContinuePacket extends Of<typeof PacketType.CONTINUE> {
  readonly Credit: number;
}

/** {reason u8, and with MWX a SocketError u16}: `Code` is null in plain Wisp. */
export interface ClosePacket extends Of<typeof PacketType.CLOSE> {
  readonly Reason: number;
  readonly Code: number | null;
}

/** {major u8, minor u8, extensions: id u8, length u32, metadata} */
export interface InfoPacket extends Of<typeof PacketType.INFO> {
  readonly Major: number;
  readonly Minor: number;
  readonly Extensions: readonly Extension[];
}

/** {u64}: the peer may send up to this absolute offset of the stream, at most 2^53-1. */
export interface WindowPacket extends Of<typeof PacketType.WINDOW> {
  readonly Offset: number;
}

/** {local addr, remote addr, u64}: connected; the client may send up to the offset. */
export interface OpenedPacket extends Of<typeof PacketType.OPENED> {
  readonly Local: Endpoint;
  readonly Remote: Endpoint;
  readonly Offset: number;
}

/** {u64}: half close; the sender sent this many bytes in all. */
export interface FinPacket extends Of<typeof PacketType.FIN> {
  readonly Offset: number;
}

/** {port u16, backlog u16, flags u8, bind host str} */
export interface ListenPacket extends Of<typeof PacketType.LISTEN> {
  readonly Port: number;
  readonly Backlog: number;
  readonly Flags: number;
  readonly Host: string;
}

/** {bound addr} */
export interface ListeningPacket extends Of<typeof PacketType.LISTENING> {
  readonly Bound: Endpoint;
}

/** {listener u32, peer addr, local addr, u64} */
export interface AcceptPacket extends Of<typeof PacketType.ACCEPT> {
  readonly Listener: number;
  readonly Peer: Endpoint;
  readonly Local: Endpoint;
  readonly Offset: number;
}

/** {u32}: connections that the listener may announce in all. */
export interface AcceptCreditPacket extends Of<typeof PacketType.ACCEPT_CREDIT> {
  readonly Count: number;
}

/** {family u8: 0, 4, 6; host str}: the stream id names the lookup. */
export interface ResolvePacket extends Of<typeof PacketType.RESOLVE> {
  readonly Family: Family;
  readonly Host: string;
}

/** {SocketError u16, ttl u32 seconds, count u8, addresses: length u8 and bytes} */
export interface ResolvedPacket extends Of<typeof PacketType.RESOLVED> {
  readonly Status: number;
  readonly TtlSeconds: number;
  readonly Addresses: readonly IpAddress[];
}

/** {option u8, value u32} */
export interface SockOptPacket extends Of<typeof PacketType.SOCKOPT> {
  readonly Option: number;
  readonly Value: number;
}

/** {reason u8, deadline u32 ms, retry after u32 ms} */
export interface GoAwayPacket extends Of<typeof PacketType.GOAWAY> {
  readonly Reason: number;
  readonly DeadlineMs: number;
  readonly RetryAfterMs: number;
}

/** {u64}: PONG gives PING's value back. */
export interface PingPacket extends Of<typeof PacketType.PING> {
  readonly Value: bigint;
}
export interface PongPacket extends Of<typeof PacketType.PONG> {
  readonly Value: bigint;
}

/**
 * {flags u8: 1 verify the chain, 2 verify the name; min and max version u8 each: 3 for TLS 1.2, 4
 * for 1.3; timeout u32 ms; ALPN: count u8, each a length u8 and str; name str}: from here on the
 * bridge speaks TLS to the target. Sent after the stream's last plain byte; none follows before
 * SECURED.
 */
export interface SecurePacket extends Of<typeof PacketType.SECURE> {
  readonly VerifyChain: boolean;
  readonly VerifyName: boolean;
  readonly MinVersion: TlsVersion;
  readonly MaxVersion: TlsVersion;
  readonly TimeoutMs: number;
  readonly AlpnProtocols: readonly string[];
  readonly Name: string;
}

/**
 * {version u8, flags u8: 1 session reused, 2 certificate; cipher and ALPN: length u8 and str each;
 * with a certificate: subject, issuer, fingerprint, alternative names: length u16 and str each;
 * valid from and to: u64 ms since 1970}: the handshake is done.
 */
export interface SecuredPacket extends Of<typeof PacketType.SECURED> {
  readonly Facts: TlsFacts;
}

export type Packet =
  | ConnectPacket
  | DataPacket
  | ContinuePacket
  | ClosePacket
  | InfoPacket
  | WindowPacket
  | OpenedPacket
  | FinPacket
  | ListenPacket
  | ListeningPacket
  | AcceptPacket
  | AcceptCreditPacket
  | ResolvePacket
  | ResolvedPacket
  | SockOptPacket
  | GoAwayPacket
  | PingPacket
  | PongPacket
  | SecurePacket
  | SecuredPacket;
