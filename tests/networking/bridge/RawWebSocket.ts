/** A WebSocket client that sends whatever bytes a test wants (RFC 6455), right or wrong. */
import type { Socket } from "node:net";
import { connect } from "node:net";
import { WaitFor } from "../../Support/WaitFor.ts";
import { pageOrigin } from "./WispClient.ts";

export const Opcode = Object.freeze({
  CONTINUATION: 0,
  TEXT: 1,
  BINARY: 2,
  CLOSE: 8,
  PING: 9,
  PONG: 10,
} as const);

export interface FrameOptions {
  readonly Fin?: boolean;
  /** RSV1 to RSV3 as three bits. */
  readonly Reserved?: number;
  readonly Masked?: boolean;
  /** Announced instead of the payload's own; 8 bytes wide from 65,536 up. */
  readonly Length?: bigint;
}

/** One frame, masked with zeros unless told otherwise. */
export function Frame(opcode: number, payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { Fin = true, Reserved = 0, Masked = true, Length = BigInt(payload.length) } = options;
  const head = Buffer.alloc(Length < 126n ? 2 : Length < 65_536n ? 4 : 10);
  head[0] = (Fin ? 0x80 : 0) | (Reserved << 4) | opcode;
  head[1] = (Masked ? 0x80 : 0) | (Length < 126n ? Number(Length) : Length < 65_536n ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(Number(Length), 2);
  if (head.length === 10) head.writeBigUInt64BE(Length, 2);
  return Buffer.concat([head, Buffer.alloc(Masked ? 4 : 0), payload]);
}

export class RawWebSocket {
  readonly Socket: Socket;
  /** The connection has ended, in whatever way. */
  Ended = false;
  #received = Buffer.alloc(0);

  constructor(port: number, protocol = "") {
    const offer = protocol === "" ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    this.Socket = connect(port, "127.0.0.1");
    this.Socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    this.Socket.on("error", () => undefined);
    this.Socket.on("close", () => (this.Ended = true));
    this.Socket.write(
      `GET /bridge/ HTTP/1.1\r\nHost: a\r\nOrigin: ${pageOrigin}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n${offer}` +
        `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
  }

  Send(...parts: Uint8Array[]): void {
    this.Socket.write(Buffer.concat(parts));
  }

  WaitOpen(): Promise<void> {
    return WaitFor(() => this.Frames().length > 0, "the bridge's first frame");
  }

  WaitEnded(): Promise<void> {
    return WaitFor(() => this.Ended, "the end of a raw WebSocket");
  }

  /** Whole frames so far. */
  Frames(): { readonly Opcode: number; readonly Payload: Buffer }[] {
    const frames = [];
    let at = this.#received.indexOf("\r\n\r\n") + 4;
    if (at < 4) return [];
    for (;;) {
      const bytes = this.#received.subarray(at);
      const short = (bytes[1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < head) return frames;
      const length = short < 126 ? short : Number(bytes.readBigUInt64BE(2));
      const size = short === 126 ? bytes.readUInt16BE(2) : length;
      if (bytes.length < head + size) return frames;
      const payload = bytes.subarray(head, head + size);
      frames.push({ Opcode: (bytes[0] ?? 0) & 0x0f, Payload: payload });
      at += head + size;
    }
  }

  /** The code of the bridge's close frame; null without one. */
  CloseCode(): number | null {
    const close = this.Frames().find((frame) => frame.Opcode === Opcode.CLOSE);
    return close === undefined ? null : close.Payload.readUInt16BE(0);
  }
}
