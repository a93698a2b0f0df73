/**
 * What a mux tells its owner: the actions that come out of bytes that went in. Emitted during
 * `Receive`, `NextMessage` and the calls that end a stream; the owner may call the mux back, except
 * for those two.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint, Family } from "../core/NetBackend.ts";
import type { SocketError } from "../core/SocketError.ts";
import type { MuxStream } from "./MuxStream.ts";

export type MuxEvent =
  /** The handshake is done; streams can be opened. */
  | { readonly Kind: "ready" }
  /** Bridge: to be answered by `Open` or `Abort`, at any later time. */
  | {
      readonly Kind: "connect";
      readonly Stream: MuxStream;
      readonly StreamType: number;
      readonly Port: number;
      readonly Host: string;
    }
  /** Page: connected. Addresses are null where plain Wisp does not tell them. */
  | {
      readonly Kind: "opened";
      readonly Stream: MuxStream;
      readonly Local: Endpoint | null;
      readonly Remote: Endpoint | null;
    }
  /** Bytes were written into the sink ring. */
  | { readonly Kind: "received"; readonly Stream: MuxStream }
  /** Bytes were taken from the source ring. */
  | { readonly Kind: "sent"; readonly Stream: MuxStream }
  /** The peer will send no more; all its bytes are in the sink ring. */
  | { readonly Kind: "finished"; readonly Stream: MuxStream }
  /**
   * Plain Wisp: the peer has closed; "closed" comes when the bytes that wait for the sink ring are
   * in it, or with `Close` or `Abort`.
   */
  | { readonly Kind: "draining"; readonly Stream: MuxStream }
  /**
   * The stream is over; comes exactly once per stream, whoever ended it. SUCCESS is an orderly
   * end.
   */
  | { readonly Kind: "closed"; readonly Stream: MuxStream; readonly Code: SocketError }
  /** Bridge: NO_DELAY or KEEP_ALIVE of SockOpt. */
  | {
      readonly Kind: "option";
      readonly Stream: MuxStream;
      readonly Option: number;
      readonly Value: boolean;
    }
  /** Bridge: to be answered by `Resolved`. */
  | {
      readonly Kind: "resolve";
      readonly Id: number;
      readonly Family: Family;
      readonly Host: string;
    }
  /** Page: the answer. */
  | {
      readonly Kind: "resolved";
      readonly Id: number;
      readonly Code: SocketError;
      readonly TtlSeconds: number;
      readonly Addresses: readonly IpAddress[];
    }
  | { readonly Kind: "pong"; readonly Value: bigint }
  /** The peer broke the protocol. Nothing works any more; the owner ends the WebSocket. */
  | { readonly Kind: "failed"; readonly Code: SocketError; readonly Why: string };
