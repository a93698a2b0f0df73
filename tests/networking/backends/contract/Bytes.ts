/** Bytes for the contract's cases. */
import { expect } from "vitest";
import { SocketError, SocketErrorName } from "../../../../networking/core/SocketError.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";

/** The smallest ring that an option may ask for, on which most boundaries are tried. */
export const small = 256;
export const smallRings = Object.freeze({ InboundBufferSize: small, OutboundBufferSize: small });

/** `count` bytes that repeat only after 251. */
export function Pattern(count: number, from = 0): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = (from + i) % 251;
  return bytes;
}

/** As `toEqual`, which takes seconds over a megabyte. */
export function ExpectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
}

/** Everything that is there now. */
export function ReadAll(stream: StreamPeerTCP): Uint8Array {
  const buffer = new Uint8Array(stream.GetAvailableBytes());
  return buffer.subarray(0, stream.GetPartialData(buffer).Received);
}

export function Join(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** For a call that a case only needs to have worked. */
export function Succeed(code: SocketError): void {
  if (code !== SocketError.SUCCESS) throw new Error(`A call gave ${SocketErrorName(code)}.`);
}

/** Keeps what a stream gives, piece by piece. */
export class Collector {
  readonly #stream: StreamPeerTCP;
  readonly #buffer: Uint8Array;
  readonly #pieces: Uint8Array[] = [];
  #count = 0;

  /** @param pieceBytes of each read. */
  constructor(stream: StreamPeerTCP, pieceBytes = 65_536) {
    this.#stream = stream;
    this.#buffer = new Uint8Array(pieceBytes);
  }

  get Bytes(): Uint8Array {
    return Join(this.#pieces);
  }

  /** Reads what is there now. @returns whether `count` bytes have come in all. */
  Has(count: number): boolean {
    for (let got = 1; got > 0;) {
      got = this.#stream.GetPartialData(this.#buffer).Received;
      this.#pieces.push(this.#buffer.slice(0, got));
      this.#count += got;
    }
    return this.#count >= count;
  }
}
