/**
 * The memory that both kinds of socket share between the threads: control words, and in a buffer of
 * its own the storage of the inbound ring, then that of the outbound ring.
 */
import { ByteRing } from "../../core/ByteRing.ts";

export interface SharedRingsMemory {
  readonly Words: SharedArrayBuffer;
  readonly Buffer: SharedArrayBuffer;
  readonly InboundBufferBytes: number;
  readonly OutboundBufferBytes: number;
}

/** The parts of such a memory, as views on it. */
export interface SharedRingsViews {
  readonly Words: Int32Array;
  readonly Inbound: Uint8Array;
  readonly Outbound: Uint8Array;
}

/** As the engine has it; ES2024's library of types knows it, ES2023's does not. */
const GrowableBuffer = SharedArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => SharedArrayBuffer;

/**
 * New memory, all zero; the system commits the rings' pages only when bytes come by. That is why
 * their buffer is of the kind that could grow: its pages come from the system, while V8 takes a
 * fixed size from the heap of C and writes zeros over it (measured: 71 KiB resident for an idle
 * socket, now 4). The words are of the fixed kind, whose atomics are compiled better (measured: a
 * sixth of a game thread's tick).
 */
export function AllocateRings(
  wordBytes: number,
  inboundBufferBytes: number,
  outboundBufferBytes: number,
): SharedRingsMemory {
  const bytes =
    ByteRing.StorageBytes(inboundBufferBytes) + ByteRing.StorageBytes(outboundBufferBytes);
  return {
    Words: new SharedArrayBuffer(wordBytes),
    Buffer: new GrowableBuffer(bytes, { maxByteLength: bytes }),
    InboundBufferBytes: inboundBufferBytes,
    OutboundBufferBytes: outboundBufferBytes,
  };
}

export function ViewRings(memory: SharedRingsMemory): SharedRingsViews {
  const { Words, Buffer, InboundBufferBytes, OutboundBufferBytes } = memory;
  const inboundBytes = ByteRing.StorageBytes(InboundBufferBytes);
  const outboundBytes = ByteRing.StorageBytes(OutboundBufferBytes);
  // Each with its length: a view without one follows the buffer's growth, which makes it slow.
  return {
    Words: new Int32Array(Words),
    Inbound: new Uint8Array(Buffer, 0, inboundBytes),
    Outbound: new Uint8Array(Buffer, inboundBytes, outboundBytes),
  };
}
