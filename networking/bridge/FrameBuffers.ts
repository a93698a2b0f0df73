/**
 * The memory of large messages, used again when the WebSocket has sent them: a fresh one for each
 * keeps the garbage collector busy for longer than the sending takes.
 *
 * Keeps at most `BridgeLimits.frameBuffers` that are free; one more is left to the collector.
 */
import { MuxLimits } from "../mux/MuxLimits.ts";
import type { Message } from "../mux/Packet.ts";

/** The largest DATA that a bridge sends. */
const frameBytes = MuxLimits.headerBytes + MuxLimits.quantumBytes;
/** Below this a fresh one is cheaper. */
const smallBytes = 4_096;

export class FrameBuffers {
  readonly #most: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param most that are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Memory for a message, with whatever was in it. */
  readonly Take = (bytes: number): Message => {
    if (bytes < smallBytes || bytes > frameBytes) return new Uint8Array(bytes);
    const buffer = this.#free.pop() ?? new ArrayBuffer(frameBytes);
    return new Uint8Array(buffer, 0, bytes);
  };

  /** Nobody looks at the message any more; also one that came from elsewhere. */
  Give(message: Message): void {
    const { buffer } = message;
    if (buffer.byteLength !== frameBytes || this.#free.length >= this.#most) return;
    this.#free.push(buffer);
  }
}
