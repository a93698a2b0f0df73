/**
 * The memory that both kinds of socket share between the threads: a header of control words, then
 * the storage of the inbound ring, then that of the outbound ring, in one SharedArrayBuffer.
 */
import { ByteRing } from "../../core/ByteRing.ts";
import { WeightOf } from "./RingWeight.ts";

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
  /** To be kept with the views, so that the collector knows what they hold. */
  readonly Weight: object;
}

/** New memory, all zero; the system commits its pages only when bytes come by. */
export function AllocateRings(
  headerBytes: number,
  inboundBufferBytes: number,
  outboundBufferBytes: number,
): SharedRingsMemory {
  const storage =
    ByteRing.StorageBytes(inboundBufferBytes) + ByteRing.StorageBytes(outboundBufferBytes);
  return {
    Buffer: new SharedArrayBuffer(headerBytes + storage),
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
    Weight: WeightOf(Buffer.byteLength),
  };
}
