/**
 * What a mux tells its owner: the actions that come out of bytes that went in. Emitted during
 * `Receive`, `NextMessage` and the calls that end a stream; the owner may call the mux back, except
 * for those two.
 */
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint, Family } from "../core/NetBackend.ts";
import type { SocketError } from "../core/SocketError.ts";
import type { TlsFacts } from "../core/TlsRequest.ts";
import type { MuxListener } from "./MuxListener.ts";
import type { MuxStream } from "./MuxStream.ts";
import type { SecurePacket } from "./Packet.ts";

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
   * The peer has closed; "closed" comes when the bytes that wait for the sink ring are
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
  /** Bridge: to be answered by `Secured`, or by the stream's end, at any later time. */
  | { readonly Kind: "secure"; readonly Stream: MuxStream; readonly Wanted: SecurePacket }
  /** Page: the handshake is done; the rings carry clear bytes. */
  | { readonly Kind: "secured"; readonly Stream: MuxStream; readonly Facts: TlsFacts }
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
  /** Bridge: to be answered by `Listening` or `Unlisten`, at any later time. */
  | {
      readonly Kind: "listen";
      readonly Listener: MuxListener;
      readonly Host: string;
      readonly Port: number;
      readonly Backlog: number;
    }
  /** Page: the bridge listens for it. */
  | { readonly Kind: "listening"; readonly Listener: MuxListener; readonly Bound: Endpoint }
  /** Page: to be answered by `Accept` or `Abort`, now or later. */
  | {
      readonly Kind: "accepted";
      readonly Listener: MuxListener;
      readonly Stream: MuxStream;
      readonly Local: Endpoint;
      readonly Remote: Endpoint;
    }
  /**
   * The listener is over, or never came to be; comes exactly once per listener, whoever ended it.
   * Its connections go on.
   */
  | { readonly Kind: "unlistened"; readonly Listener: MuxListener; readonly Code: SocketError }
  /** Page: no new streams on this WebSocket, which ends soon; a new one may be opened then. */
  | { readonly Kind: "goaway"; readonly RetryAfterMs: number }
  /** The peer broke the protocol. Nothing works any more; the owner ends the WebSocket. */
  | { readonly Kind: "failed"; readonly Code: SocketError; readonly Why: string };

/** Who hears them. */
export type MuxEmit = (event: MuxEvent) => void;
