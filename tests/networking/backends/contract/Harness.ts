/**
 * What the contract suite needs of a backend: the backend itself, a far end with plain verbs that
 * is not Moonwire's own stream, a way to let time pass, and what is known to differ, as data.
 */
import type { BackendCapabilities, NetBackend } from "../../../../networking/core/NetBackend.ts";
import type { TLSClientSettings, TLSOptions } from "../../../../networking/core/TLSOptions.ts";

/** The other end of a connection. What it does to the wire happens at once, or by the next turn. */
export interface FarPeer {
  /** The port that this connection comes from, as the far end sees it. */
  readonly RemotePort: number;
  /** Queues bytes for the near end, however many. */
  Send(data: Uint8Array): void;
  /** FIN, after what was sent. Reading goes on. */
  Finish(): void;
  /** RST. */
  Reset(): void;
  StopReading(): void;
  Read(): void;
  /** Everything heard so far. */
  Received(): Uint8Array;
  ReceivedCount(): number;
  /** The near end's FIN has come, and all bytes before it were heard. */
  IsFinished(): boolean;
  WasReset(): boolean;
}

export interface FarServer {
  readonly Port: number;
  /** In the order in which they came. */
  readonly Peers: readonly FarPeer[];
  Stop(): void;
}

/** Bytes, and who sent them. */
export interface HeardDatagram {
  readonly Data: Uint8Array;
  readonly Host: string;
  readonly Port: number;
}

/** A UDP socket that is not Moonwire's own. */
export interface FarDatagrams {
  readonly Port: number;
  /** In the order in which they came. */
  readonly Heard: readonly HeardDatagram[];
  /** @param host an address, or a group, which it reaches by the loopback interface only. */
  Send(data: Uint8Array, port: number, host: string): void;
  Stop(): void;
}

/** Of a TLS server at the far end: a good one for localhost, or what is wrong with it. */
export type FarCertificate = "Server" | "Stranger" | "Expired" | "WrongName";

export interface Place {
  readonly Host: string;
  readonly Port: number;
}

export interface ConnectTimeout {
  /** The `ConnectTimeout` option, or null for none. */
  readonly OptionMs: number | null;
  readonly ExpectedMs: number;
}

/** What a backend can do, and how it is known to differ from the others. */
export interface Traits {
  readonly Name: string;
  /** Must be the backend's own answer, too. */
  readonly Capabilities: BackendCapabilities;
  /** A server knows how many connections were reset because its backlog was full. */
  readonly CountsDropped: boolean;
  /** Waits of seconds cost nothing: time is virtual. */
  readonly LongWaits: boolean;
  /** Time-outs that can be tried without making the suite slow. */
  readonly ConnectTimeouts: readonly ConnectTimeout[];
  /** A name that leads nowhere, and may be asked for. */
  readonly UnknownName: string;
}

export interface Harness {
  readonly Traits: Traits;
  readonly Backend: NetBackend;
  /** Listens on an address of this machine. @param reading of its peers, until told otherwise. */
  FarServer(host: string, reading: boolean): Promise<FarServer>;
  /** Connects to a near server. */
  FarClient(port: number, host: string): FarPeer;
  /** At a port of the system's choice. Only where the backend has UDP. */
  FarDatagrams?(host: string): Promise<FarDatagrams>;
  /** A TLS server on 127.0.0.1. Only where the backend has TLS. */
  TlsServer?(which: FarCertificate): Promise<FarServer>;
  /** A client that trusts the authority of the far end's good certificate. */
  TlsClient?(more?: TLSClientSettings): TLSOptions;
  /** A place that never answers. */
  Silent(): Promise<Place>;
  /** Lets time pass until the condition holds; fails with a sentence when it does not. */
  Until(holds: () => boolean, what: string): Promise<void>;
  /** Everything that is still held for the near side; 0 when all was given back. */
  Held(): number;
  /** The suite is over. */
  End(): Promise<void>;
}
