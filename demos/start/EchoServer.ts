/**
 * A TCP server that answers every byte with the same byte: the smallest TCPServerNode there is.
 * What a peer does not read back stays in its own stream, and TCP slows that peer down.
 */
import { Node } from "moonwire/engine";
import { Limits, TCPServerNode } from "moonwire/networking";
import type { StreamPeerTCP } from "moonwire/networking";

/** Bytes that one peer gets back in one frame. */
const chunkBytes = 16_384;

export class EchoServer extends Node {
  /** Set its Port and BindAddress before the server enters the tree. */
  readonly Net = new TCPServerNode();
  readonly #chunk = new Uint8Array(chunkBytes);

  constructor() {
    super();
    this.Net.DataReceived.Connect((peer) => this.#answer(peer));
    this.AddChild(this.Net);
  }

  #answer(peer: StreamPeerTCP): void {
    const room = Limits.outboundBufferBytes - peer.GetOutboundBytes();
    const { Received } = peer.GetPartialData(this.#chunk.subarray(0, room));
    peer.PutData(this.#chunk.subarray(0, Received));
  }
}
