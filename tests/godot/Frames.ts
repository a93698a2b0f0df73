/** Packets as they travel: a u32 little-endian length and the bytes. */
import { Pattern } from "../Support/Network.ts";

/** Byte i of a packet of n bytes is (n + i) % 251, as in Packets.gd. */
export function Payload(size: number): Uint8Array {
  return Pattern(size, size);
}

/** Packets of these sizes, one behind the other. */
export function Frames(...sizes: number[]): Uint8Array {
  const parts = sizes.flatMap((size) => {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(size);
    return [prefix, Payload(size)];
  });
  return new Uint8Array(Buffer.concat(parts));
}
