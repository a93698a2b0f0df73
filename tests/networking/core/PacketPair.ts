import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { TrickleStream } from "./TrickleStream.ts";
import type { TrickleOptions } from "./TrickleStream.ts";

/** Two peers on one loopback stream: what `sender` puts, `receiver` gets. */
export function pair(options: TrickleOptions = {}): {
  stream: TrickleStream;
  sender: PacketPeerStream;
  receiver: PacketPeerStream;
} {
  const stream = new TrickleStream(options);
  const sender = new PacketPeerStream();
  const receiver = new PacketPeerStream();
  sender.StreamPeer = stream;
  receiver.StreamPeer = stream;
  return { stream, sender, receiver };
}

export function bytes(length: number, value = 7): Uint8Array {
  return new Uint8Array(length).fill(value);
}
