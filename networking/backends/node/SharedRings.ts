/**
 * The memory that both kinds of socket share between the threads: a header of control words, then
 * the storage of the inbound ring, then that of the outbound ring, in one SharedArrayBuffer.
 */
import { ByteRing } from "../../core/ByteRing.ts";

export interface SharedRingsMemory {
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
 * New memory, all zero; the system commits its pages only when bytes come by. That is why it is
 * of the kind that could grow: its pages come from the system, while V8 takes a fixed size from
 * the heap of C and writes zeros over it (measured: 71 KiB resident for an idle socket, now 4).
 */
export function AllocateRings(
  headerBytes: number,
  inboundBufferBytes: number,
  outboundBufferBytes: number,
): SharedRingsMemory {
  const storage =
    ByteRing.StorageBytes(inboundBufferBytes) + ByteRing.StorageBytes(outboundBufferBytes);
  const bytes = headerBytes + storage;
  return {
    Buffer: new GrowableBuffer(bytes, { maxByteLength: bytes }),
    InboundBufferBytes: inboundBufferBytes,
    OutboundBufferBytes: outboundBufferBytes,
  };
}

/** @param headerBytes as given to `AllocateRings`. */
export function ViewRings(memory: SharedRingsMemory, headerBytes: number): SharedRingsViews {
  const { Buffer, InboundBufferBytes } = memory;
  const inbound = new Uint8Array(Buffer, headerBytes, ByteRing.StorageBytes(InboundBufferBytes));
  return {
    Words: new Int32Array(Buffer, 0, headerBytes / 4),
    Inbound: inbound,
    Outbound: new Uint8Array(Buffer, headerBytes + inbound.length),
  };
}
