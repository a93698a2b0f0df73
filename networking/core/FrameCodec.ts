/**
 * Length-prefixed frames: an encoder that writes headers, and a decoder that is fed by polling.
 *
 * The decoder is a state machine, because the network may cut a frame anywhere, inside the header
 * too:
 *
 *              header complete             all of the payload
 *     HEADER ------------------> BODY ------------------------> HEADER, one frame out
 *        | length not allowed      | the source failed: the rest of this frame will not come
 *        v                         v
 *     BROKEN (for ever)          HEADER
 *
 * Limits: payloads of `MinPayload..MaxPayload` bytes. A header outside is PROTOCOL_ERROR from then
 * on, and allocates nothing, for the border of the next frame is lost. Memory for an allowed one
 * grows with what has really arrived; an announcement alone gets 1 KiB.
 */
import { Limits } from "./Limits.ts";
import { SocketError } from "./SocketError.ts";
import type { GetResult } from "./StreamPeer.ts";
import { WireInteger } from "./WireNumber.ts";

export interface FrameOptions {
  /** Width of the length in front. */
  readonly PrefixBytes: 2 | 4;
  /** Byte order of the length. */
  readonly BigEndian: boolean;
  /** Shortest payload; 1 forbids empty frames. */
  readonly MinPayload: 0 | 1;
  /** Longest payload, in bytes; what the prefix can say, and at most 2^28. */
  readonly MaxPayload: number;
}

/** Where a decoder takes bytes from; every StreamPeer is one. */
export interface FrameSource {
  GetAvailableBytes(): number;
  GetPartialData(buffer: Uint8Array): GetResult;
}

const State = { HEADER: 0, BODY: 1, BROKEN: 2 } as const;
type State = (typeof State)[keyof typeof State];

const empty = new Uint8Array(0);

/** A payload that has not arrived yet gets at most this much memory at first. */
const firstBodyBytes = 1_024;

export class FrameEncoder {
  /** Bytes in front of each payload. */
  readonly HeaderBytes: number;
  readonly #options: FrameOptions;

  /** Throws RangeError for a `MaxPayload` that the prefix cannot say. */
  constructor(options: FrameOptions) {
    this.#options = checked(options);
    this.HeaderBytes = options.PrefixBytes;
  }

  /**
   * Writes the header for a payload to the start of `to`.
   * @param payloadBytes its length.
   * @returns SUCCESS; INVALID_PARAMETER below `MinPayload`; OUT_OF_BUFFER_MEMORY above
   *   `MaxPayload`.
   */
  WriteHeader(payloadBytes: number, to: Uint8Array): SocketError {
    const { PrefixBytes, BigEndian, MinPayload, MaxPayload } = this.#options;
    if (payloadBytes < MinPayload) return SocketError.INVALID_PARAMETER;
    if (payloadBytes > MaxPayload) return SocketError.OUT_OF_BUFFER_MEMORY;
    for (let i = 0; i < PrefixBytes; i++) {
      to[BigEndian ? PrefixBytes - 1 - i : i] = (payloadBytes >>> (8 * i)) & 0xff;
    }
    return SocketError.SUCCESS;
  }
}

export class FrameDecoder {
  #options: FrameOptions;
  readonly #header: Uint8Array;
  #state: State = State.HEADER;
  /** Bytes of the header or body that are there. */
  #have = 0;
  #length = 0;
  #body = empty;
  #error: SocketError = SocketError.UNAVAILABLE;

  /** Throws RangeError for a `MaxPayload` that the prefix cannot say. */
  constructor(options: FrameOptions) {
    this.#options = checked(options);
    this.#header = new Uint8Array(options.PrefixBytes);
  }

  /** A new `MaxPayload` for the headers that follow; a frame under way goes on. */
  SetMaxPayload(bytes: number): void {
    this.#options = checked({ ...this.#options, MaxPayload: bytes });
  }

  /**
   * Why the last call gave no frame: UNAVAILABLE when it is not complete yet, PROTOCOL_ERROR for
   * ever after a bad length, or what the source answered. SUCCESS after a frame.
   */
  GetError(): SocketError {
    return this.#error;
  }

  /**
   * Reads at most the header of the frame that is next or under way.
   * @returns its payload's length, which fits the limits, or -1; see `GetError`.
   */
  Announced(source: FrameSource): number {
    while (this.#state === State.HEADER) {
      if (!this.#pull(source, this.#header)) return -1;
      if (this.#have === this.#header.length) this.#endHeader();
    }
    return this.#state === State.BODY ? this.#length : -1;
  }

  /** @returns the next payload in memory of its own, or null; see `GetError`. */
  Read(source: FrameSource): Uint8Array | null {
    if (this.Announced(source) < 0) return null;
    while (this.#have < this.#length) {
      if (this.#have === this.#body.length) this.#grow(source.GetAvailableBytes());
      if (!this.#pull(source, this.#body)) return null;
    }
    const frame = this.#body;
    this.#restart();
    this.#error = SocketError.SUCCESS;
    return frame;
  }

  /** Moves bytes from the source behind those that are there. @returns false when none came. */
  #pull(source: FrameSource, into: Uint8Array): boolean {
    const { Result, Received } = source.GetPartialData(
      this.#have === 0 ? into : into.subarray(this.#have),
    );
    this.#have += Received;
    if (Received > 0) return true;
    const waiting = Result === SocketError.SUCCESS || Result === SocketError.BUSY;
    this.#error = waiting ? SocketError.UNAVAILABLE : Result;
    if (!waiting) this.#restart();
    return false;
  }

  #endHeader(): void {
    const { BigEndian, MinPayload, MaxPayload } = this.#options;
    let length = 0;
    for (let i = 0; i < this.#header.length; i++) {
      const at = BigEndian ? i : this.#header.length - 1 - i;
      length = length * 256 + (this.#header[at] ?? 0);
    }
    this.#restart();
    const allowed = length >= MinPayload && length <= MaxPayload;
    this.#state = allowed ? State.BODY : State.BROKEN;
    if (allowed) this.#length = length;
    else this.#error = SocketError.PROTOCOL_ERROR;
  }

  /** The exact length at once when all of it is there, else doubling towards it. */
  #grow(available: number): void {
    const wanted = Math.max(this.#have + available, this.#have * 2, firstBodyBytes);
    const larger = new Uint8Array(Math.min(this.#length, wanted));
    larger.set(this.#body);
    this.#body = larger;
  }

  #restart(): void {
    this.#state = State.HEADER;
    this.#have = 0;
    this.#length = 0;
    this.#body = empty;
  }
}

function checked(options: FrameOptions): FrameOptions {
  const most = Math.min(2 ** (8 * options.PrefixBytes) - 1, Limits.maxBufferBytes);
  WireInteger(options.MaxPayload, 1, most);
  return options;
}
