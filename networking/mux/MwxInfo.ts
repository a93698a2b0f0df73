/**
 * MWX's metadata in INFO: {version u8, features u32, frame limit u32, window floor u32, streams
 * u32, listeners u16}. Each side announces its own; what both offer is what counts.
 */
import { MuxLimits } from "./MuxLimits.ts";
import { WireReader } from "./WireReader.ts";
import { WireWriter } from "./WireWriter.ts";

/** What an end can do beyond byte streams, as bits. */
export const MwxFeature = Object.freeze({ RESOLVE: 1, TLS: 2 } as const);

export interface MwxInfo {
  /** u8; only 1 exists. */
  readonly Version: number;
  /** Bits of MwxFeature; unknown ones are ignored. */
  readonly Features: number;
  /** Most payload of a DATA that this side takes, bytes. */
  readonly FrameBytes: number;
  /** Smallest window that this side gives a stream, bytes. */
  readonly WindowFloorBytes: number;
  readonly MaxStreams: number;
  /** 0: a page cannot listen here. */
  readonly MaxListeners: number;
}

export const OwnMwxInfo: MwxInfo = Object.freeze({
  Version: 1,
  Features: MwxFeature.RESOLVE | MwxFeature.TLS,
  FrameBytes: MuxLimits.frameBytes,
  WindowFloorBytes: MuxLimits.windowFloorBytes,
  MaxStreams: MuxLimits.maxStreams,
  MaxListeners: MuxLimits.maxListeners,
});

export function EncodeMwxInfo(info: MwxInfo): Uint8Array {
  return new WireWriter()
    .U8(info.Version)
    .U32(info.Features)
    .U32(info.FrameBytes)
    .U32(info.WindowFloorBytes)
    .U32(info.MaxStreams)
    .U16(info.MaxListeners)
    .Take();
}

/** @returns null when the bytes are no metadata of version 1, or ask for frames too small. */
export function DecodeMwxInfo(bytes: Uint8Array): MwxInfo | null {
  const reader = new WireReader(bytes);
  const info: MwxInfo = {
    Version: reader.U8(),
    Features: reader.U32(),
    FrameBytes: reader.U32(),
    WindowFloorBytes: reader.U32(),
    MaxStreams: reader.U32(),
    MaxListeners: reader.U16(),
  };
  const usable = info.Version === 1 && info.FrameBytes >= MuxLimits.frameFloorBytes;
  return reader.Problem() === null && usable ? info : null;
}

/** What both sides offer. */
export function CommonMwxInfo(a: MwxInfo, b: MwxInfo): MwxInfo {
  return {
    Version: Math.min(a.Version, b.Version),
    Features: a.Features & b.Features,
    FrameBytes: Math.min(a.FrameBytes, b.FrameBytes),
    WindowFloorBytes: Math.min(a.WindowFloorBytes, b.WindowFloorBytes),
    MaxStreams: Math.min(a.MaxStreams, b.MaxStreams),
    MaxListeners: Math.min(a.MaxListeners, b.MaxListeners),
  };
}
