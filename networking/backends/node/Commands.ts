/**
 * The messages between the two threads. Bytes never travel here, only openings, lookups and ends;
 * a bare number is the wake that says "look at the dirty list".
 *
 * Addresses cross as text: structured clone keeps no classes.
 */
import type { MessagePort } from "node:worker_threads";
import type { Family, SocketOption } from "../../core/NetBackend.ts";
import type { SocketError } from "../../core/SocketError.ts";
import type { TlsFacts, TlsRequest } from "../../core/TlsRequest.ts";
import type { SharedRingsMemory } from "./SharedRings.ts";

export interface EndpointText {
  /** "" means any address of either family. */
  readonly Address: string;
  readonly Port: number;
}

/** What a UDP socket is asked for; each is answered in its shared words. */
export type DatagramChange =
  | { readonly Kind: "connect"; readonly Remote: EndpointText }
  | { readonly Kind: "broadcast"; readonly Enabled: boolean }
  | {
      readonly Kind: "membership";
      readonly Group: string;
      readonly Interface: string;
      readonly Member: boolean;
    };

/** Game thread to network thread. */
export type Command =
  | {
      readonly Op: "connect";
      readonly Id: number;
      readonly Memory: SharedRingsMemory;
      readonly Host: string;
      readonly IsLiteral: boolean;
      readonly Port: number;
      readonly TimeoutMs: number;
      readonly Source: EndpointText | null;
    }
  | {
      readonly Op: "listen";
      readonly Id: number;
      readonly Memory: SharedArrayBuffer;
      readonly Address: string;
      readonly Port: number;
      readonly Backlog: number;
      readonly InboundBufferBytes: number;
      readonly OutboundBufferBytes: number;
    }
  | { readonly Op: "unlisten"; readonly Id: number }
  | {
      readonly Op: "openDatagram";
      readonly Id: number;
      readonly Memory: SharedRingsMemory;
      readonly Address: string;
      readonly Port: number;
      readonly ReuseAddress: boolean;
      readonly Broadcast: boolean;
    }
  | { readonly Op: "changeDatagram"; readonly Id: number; readonly Change: DatagramChange }
  | { readonly Op: "lookup"; readonly Id: number; readonly Name: string; readonly Family: Family }
  | {
      readonly Op: "option";
      readonly Id: number;
      readonly Option: SocketOption;
      readonly Value: boolean;
    }
  | {
      readonly Op: "secure";
      readonly Id: number;
      /** Says which TLSOptions it is, so that the thread reads its keys once. */
      readonly ConfigId: number;
      readonly Request: TlsRequest;
    };

/** What the network thread is told of when it starts. */
export interface ThreadStart {
  readonly Control: SharedArrayBuffer;
  /** Commands come in here, reports go out. */
  readonly Port: MessagePort;
}

/** Network thread to game thread. */
export type Report =
  | {
      readonly Op: "accepted";
      readonly Listener: number;
      readonly Id: number;
      readonly Memory: SharedRingsMemory;
    }
  | {
      readonly Op: "lookedUp";
      readonly Id: number;
      readonly Failure: SocketError;
      readonly Addresses: readonly string[];
    }
  /** A handshake is done; the socket's words say so after this. */
  | { readonly Op: "secured"; readonly Id: number; readonly Facts: TlsFacts }
  /** Watched sockets and listeners on which something changed. */
  | { readonly Op: "activity"; readonly Ids: readonly number[] }
  /** These ids are gone on the network thread; nothing of theirs is left there. */
  | { readonly Op: "ended"; readonly Ids: readonly number[] };
