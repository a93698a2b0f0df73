/**
 * What a backend gives to core: sockets that are two byte rings and a few recorded facts,
 * listeners, lookups, and time. The network thread (Node.js), the bridge link (page) and the
 * in-memory network (tests) implement it; NetSocket, TCPServer and Ip are its only callers.
 *
 * The rule that everything rests on: **a backend only records.** It never calls user code in the
 * middle of a tick. What it recorded is read when somebody polls. A fact is recorded after the
 * bytes that came before it, so whoever reads the fact first and the ring second misses nothing.
 */
import type { ByteRing } from "./ByteRing.ts";
import type { DatagramRing } from "./DatagramRing.ts";
import type { IpAddress } from "./IpAddress.ts";
import type { SocketError } from "./SocketError.ts";
import type { CloseReason } from "./Status.ts";
import type { TLSMistake } from "./TLSMistake.ts";
import type { TlsConfig, TlsFacts, TlsRequest } from "./TlsRequest.ts";

/** What a backend can do. A call that needs more answers SocketError.UNAVAILABLE. */
export interface BackendCapabilities {
  /** `Block` really waits, so blocking calls and BlockingTimeout work. */
  readonly Blocking: boolean;
  /** `Listen` has its true result when it returns. */
  readonly SynchronousListen: boolean;
  readonly Listen: boolean;
  /** A source address and port can be chosen before connecting. */
  readonly Bind: boolean;
  readonly Udp: boolean;
  readonly Tls: boolean;
  /** `LocalAddresses` knows this machine's interfaces. */
  readonly LocalAddresses: boolean;
}

export interface Endpoint {
  readonly Address: IpAddress;
  /** 0..65535 */
  readonly Port: number;
}

export interface SocketOptions {
  readonly InboundBufferBytes: number;
  readonly OutboundBufferBytes: number;
}

export interface ConnectOptions {
  /** A valid address, or a name that the backend looks up inside the deadline. */
  readonly Host: IpAddress | string;
  /** 1..65535 */
  readonly Port: number;
  /** Lookup and all attempts together, milliseconds. */
  readonly TimeoutMs: number;
  /** Source address and port; null lets the system choose. */
  readonly Source: Endpoint | null;
}

export interface ListenOptions extends SocketOptions {
  /** Where to listen; the wildcard means all addresses of both families. */
  readonly Address: IpAddress;
  /** 0..65535; 0 lets the system choose. */
  readonly Port: number;
  /** Untaken connections to hold, 1..65535; further ones are reset and counted. */
  readonly Backlog: number;
}

/** Where a backend's socket is. It only moves down this list. */
export const SocketPhase = Object.freeze({
  IDLE: 0,
  CONNECTING: 1,
  OPEN: 2,
  /** Over. `Failure` is SUCCESS when both sides finished in order. */
  CLOSED: 3,
} as const);
export type SocketPhase = (typeof SocketPhase)[keyof typeof SocketPhase];

export const SocketOption = Object.freeze({ NO_DELAY: 0, KEEP_ALIVE: 1 } as const);
export type SocketOption = (typeof SocketOption)[keyof typeof SocketOption];

/**
 * One connection. Creation never fails: a backend that cannot give a socket (LIMIT_REACHED) gives
 * one that is CLOSED with that failure as soon as it is told to connect.
 */
export interface BackendSocket {
  /** Bytes from the peer; core is the consumer. */
  readonly Inbound: ByteRing;
  /** Bytes for the peer, accepted and not yet handed to the system; core is the producer. */
  readonly Outbound: ByteRing;

  Phase(): SocketPhase;
  /** The peer finished sending; all its bytes are in `Inbound`. */
  PeerFinished(): boolean;
  /** The code that belongs to CLOSED; SUCCESS before that and after an orderly end. */
  Failure(): SocketError;
  Reason(): CloseReason;
  /** Own end once OPEN, else null. */
  Local(): Endpoint | null;
  /** The peer's end once OPEN, else null. */
  Remote(): Endpoint | null;
  /** Milliseconds from `Connect` to OPEN, lookup included; 0 before, and when accepted. */
  ConnectMs(): number;
  /** Milliseconds in which `Inbound` was full, so that the sender had to wait, so far. */
  PausedMs(): number;

  /** IDLE to CONNECTING; called at most once. */
  Connect(options: ConnectOptions): void;
  /** Bytes were written into `Outbound`. Cheap; many calls in one run make one wake. */
  OutboundChanged(): void;
  /** Bytes were read from `Inbound`; a paused sender may go on. Cheap. */
  InboundChanged(): void;
  /**
   * Who waits in `Block` waits for this many bytes in `Inbound`, and need not be woken for less;
   * 0, as at first: for any. As SO_RCVLOWAT. Absent where it would save nothing.
   */
  SetReceiveLowWater?(bytes: number): void;
  /** After what is in `Outbound`: send FIN. Receiving goes on. */
  Finish(): void;
  /**
   * Sends what is in `Outbound` for at most `lingerMs`, then closes. Core lets go of the socket.
   */
  Close(lingerMs: number): void;
  /** Resets the connection now. Core lets go of the socket. */
  Abort(): void;
  SetOption(option: SocketOption, value: boolean): void;
  /**
   * OPEN to a TLS handshake, with what the peer has sent and nobody has read as its beginning; what
   * is in `Outbound` goes before it. Called at most once. Until `Secured` core leaves both rings
   * alone, then they carry clear bytes. A handshake that fails ends the socket with its code.
   * Absent without the capability.
   * @returns SUCCESS (under way), or why not, with nothing sent: UNAVAILABLE, LIMIT_REACHED
   */
  Secure?(request: TlsRequest): SocketError;
  /** What the handshake came to; null before its end. Absent without the capability. */
  Secured?(): TlsFacts | null;
  /**
   * For callers outside a game loop: `handler` runs from the event loop, never inside a call into
   * the backend, after anything above changed or room came free. `null` ends it.
   */
  OnActivity(handler: (() => void) | null): void;
}

export const ListenerPhase = Object.freeze({ OPENING: 0, LISTENING: 1, CLOSED: 2 } as const);
export type ListenerPhase = (typeof ListenerPhase)[keyof typeof ListenerPhase];

/** One listening port. */
export interface BackendListener {
  Phase(): ListenerPhase;
  /** Why it is CLOSED; SUCCESS before that and after `Close`. */
  Failure(): SocketError;
  Local(): Endpoint | null;
  /** Connections that can be taken now. */
  Pending(): number;
  /** The oldest untaken connection (OPEN already), or null. */
  Take(): BackendSocket | null;
  /** Connections that were reset because `Backlog` were waiting. */
  Dropped(): number;
  /** Stops listening; untaken connections are reset. The port is free when this returns. */
  Close(): void;
  OnActivity(handler: (() => void) | null): void;
}

export interface DatagramOptions extends SocketOptions {
  /** Where to receive; the wildcard means all addresses of both families. */
  readonly Address: IpAddress;
  /** 0..65535; 0 lets the system choose. */
  readonly Port: number;
  readonly ReuseAddress: boolean;
  readonly Broadcast: boolean;
}

/**
 * One UDP socket, bound or over when it is given out. The calls that return a code wait for the
 * system's answer, UNAVAILABLE at worst.
 */
export interface BackendDatagramSocket {
  /** What arrived, with its senders; core is the consumer. */
  readonly Inbound: DatagramRing;
  /** What shall be sent, with its targets (port 0: the connected peer); core is the producer. */
  readonly Outbound: DatagramRing;

  /** Why it is over, or could not be bound; SUCCESS while it stands and after `Close`. */
  Failure(): SocketError;
  /** Own end while it stands, else null. */
  Local(): Endpoint | null;
  /** The connected peer, or null. */
  Remote(): Endpoint | null;
  /** From now on only the peer's datagrams arrive, as with connect(2). Called at most once. */
  Connect(remote: Endpoint): SocketError;
  SetBroadcast(enabled: boolean): SocketError;
  /**
   * Joins or leaves a multicast group.
   * @param interfaceName the system's name of an interface or one of its addresses, "" for the
   *   system's choice.
   */
  SetMembership(group: IpAddress, interfaceName: string, member: boolean): SocketError;
  /** Datagrams were put into `Outbound`. Cheap; many calls in one run make one wake. */
  OutboundChanged(): void;
  /** The system's latest complaint (nobody at that port, no route), given once; else SUCCESS. */
  TakeComplaint(): SocketError;
  /** Datagrams that arrived and found no room. */
  Dropped(): number;
  /** Datagrams out of `Outbound` that the system refused. */
  Refused(): number;
  /** Sends what is in `Outbound` for at most `lingerMs`, then closes. Core lets go of it. */
  Close(lingerMs: number): void;
  OnActivity(handler: (() => void) | null): void;
}

/** One name lookup under way. */
export interface BackendLookup {
  Done(): boolean;
  /**
   * SUCCESS with at least one address, or CANT_RESOLVE, TIMED_OUT, POLICY_DENIED, LIMIT_REACHED.
   */
  Failure(): SocketError;
  /** In the order in which to try them. */
  Addresses(): readonly IpAddress[];
  OnDone(handler: () => void): void;
}

/** Address family of a lookup: 0 any, 4 IPv4, 6 IPv6. */
export type Family = 0 | 4 | 6;

export interface NetBackend {
  /** For messages: "node", "web", "memory". */
  readonly Name: string;
  readonly Capabilities: BackendCapabilities;
  OpenSocket(options: SocketOptions): BackendSocket;
  Listen(options: ListenOptions): BackendListener;
  /** UDP; a backend without the capability has no such call. */
  OpenDatagram?(options: DatagramOptions): BackendDatagramSocket;
  Lookup(name: string, family: Family): BackendLookup;
  /** What is wrong with keys and certificates; a backend that cannot look has no such call. */
  FindTlsMistake?(config: TlsConfig): TLSMistake;
  /** Addresses of this machine's interfaces; empty when unknown, or not to be had just now. */
  LocalAddresses(): readonly IpAddress[];
  /**
   * Waits until `ready()` or the time is up, testing again whenever something was recorded.
   * Without the capability it tests once.
   * @param timeoutMs 0..Infinity
   * @returns the last answer of `ready`.
   */
  Block(ready: () => boolean, timeoutMs: number): boolean;
  /** Milliseconds from some fixed moment, never going back. */
  Now(): number;
  /**
   * Runs `handler` once after `delayMs`, from the event loop. @returns a function that cancels
   * it.
   */
  After(delayMs: number, handler: () => void): () => void;
}
