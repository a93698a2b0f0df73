/**
 * Packets over a stream (Godot 4 `PacketPeerStream`): each is a u32 little-endian length and its
 * bytes.
 *
 * Scripts drive it; every call first pushes on what an earlier one had to leave behind. A packet
 * goes out entirely or not at all. Only one that is larger than the stream's whole outbound buffer
 * is handed over in pieces: its tail waits here, and further packets are BUSY until it has gone.
 *
 * Limits: a sender holds one tail of at most `OutputBufferMaxSize`; a receiver holds decoded
 * packets and the one under way up to `InputBufferMaxSize` together, and leaves the rest in the
 * stream, so TCP pushes back. A longer frame ends the stream with PROTOCOL_ERROR
 * (`StreamPeer.FailProtocol`).
 */
import { FrameDecoder, FrameEncoder } from "./FrameCodec.ts";
import type { FrameOptions } from "./FrameCodec.ts";
import { Limits } from "./Limits.ts";
import { PacketPeer } from "./PacketPeer.ts";
import { GiveScratch, TakeScratch } from "./Scratch.ts";
import { SocketError } from "./SocketError.ts";
import type { StreamPeer } from "./StreamPeer.ts";
import { WireInteger } from "./WireNumber.ts";

const headerBytes = 4;
const nothing = new Uint8Array(0);

export class PacketPeerStream extends PacketPeer {
  #stream: StreamPeer | null = null;
  #inputMax: number = Limits.packetBufferBytes;
  #outputMax: number = Limits.packetBufferBytes;
  #encoder = new FrameEncoder(frame(this.#outputMax));
  #decoder = new FrameDecoder(frame(this.#inputMax));
  /** Decoded packets: `#older` with the next one last, then `#newer` with the newest last. */
  #older: Uint8Array[] = [];
  #newer: Uint8Array[] = [];
  /** Bytes of both, headers included. */
  #held = 0;
  /** What is still to be sent of one large frame. */
  #tail: Uint8Array = nothing;

  /** The stream that packets travel on, or null. */
  get StreamPeer(): StreamPeer | null {
    return this.#stream;
  }

  /**
   * Starts afresh, with the same stream too: packets not taken and a tail not sent are dropped.
   * Assign the stream again after it was connected again, or half a packet may precede the first
   * one.
   */
  set StreamPeer(stream: StreamPeer | null) {
    this.#stream = stream;
    this.#decoder = new FrameDecoder(frame(this.#inputMax));
    this.#older = [];
    this.#newer = [];
    this.#held = 0;
    this.#tail = nothing;
  }

  /** Bytes of decoded packets, 4 more for each; the largest packet that is taken is 4 smaller. */
  get InputBufferMaxSize(): number {
    return this.#inputMax;
  }

  /** @param bytes power of two, 256..2^28, else RangeError; for the packets that follow. */
  set InputBufferMaxSize(bytes: number) {
    this.#inputMax = powerOfTwo(bytes);
    this.#decoder.SetMaxPayload(bytes - headerBytes);
  }

  /**
   * The largest packet that may be sent is 4 bytes smaller. A Godot receiver of the same size
   * takes 5 less (tried with 3.2.3: its ring keeps a byte free), and waits for ever for the
   * missing one.
   */
  get OutputBufferMaxSize(): number {
    return this.#outputMax;
  }

  /** @param bytes power of two, 256..2^28, else RangeError. */
  set OutputBufferMaxSize(bytes: number) {
    this.#outputMax = powerOfTwo(bytes);
    this.#encoder = new FrameEncoder(frame(bytes));
  }

  /** Complete packets that are here, as far as `InputBufferMaxSize` lets them in. */
  override GetAvailablePacketCount(): number {
    this.Flush();
    while (this.#decodeNext());
    return this.#older.length + this.#newer.length;
  }

  /**
   * The oldest packet, or null with `GetPacketError` UNAVAILABLE (no complete one, no stream),
   * PROTOCOL_ERROR (a frame over the limit; the stream has been ended) or the stream's own reason.
   */
  override GetPacket(): Uint8Array | null {
    this.Flush();
    if (this.#held === 0 && !this.#decodeNext()) {
      const idle = this.#stream === null;
      this.setPacketError(idle ? SocketError.UNAVAILABLE : this.#decoder.GetError());
      return null;
    }
    if (this.#older.length === 0) {
      this.#older = this.#newer.toReversed();
      this.#newer = [];
    }
    const packet = this.#older.pop() ?? nothing;
    this.#held -= headerBytes + packet.length;
    this.#stream?.CountPackets(1, 0);
    this.setPacketError(SocketError.SUCCESS);
    return packet;
  }

  /**
   * Sends `data` as one packet or not at all.
   * @param data 1..`OutputBufferMaxSize` - 4 bytes.
   * @returns SUCCESS; BUSY with nothing stored; INVALID_PARAMETER for an empty packet;
   *   OUT_OF_BUFFER_MEMORY for one over the limit; FAILED without a stream; PROTOCOL_ERROR after
   *   the peer sent a bad frame; or what the stream answers.
   */
  override PutPacket(data: Uint8Array): SocketError {
    if (!(data instanceof Uint8Array)) throw new TypeError("Pass a Uint8Array as the packet.");
    if (data.length === 0) return SocketError.INVALID_PARAMETER;
    if (data.length > this.#outputMax - headerBytes) return SocketError.OUT_OF_BUFFER_MEMORY;
    if (this.#stream === null) return SocketError.FAILED;
    if (this.#decoder.GetError() === SocketError.PROTOCOL_ERROR) return SocketError.PROTOCOL_ERROR;
    const flushed = this.Flush();
    if (flushed !== SocketError.SUCCESS) return flushed;
    const block = TakeScratch(headerBytes + data.length);
    this.#encoder.WriteHeader(data.length, block);
    block.set(data, headerBytes);
    const result = this.#putFrame(this.#stream, block.subarray(0, headerBytes + data.length));
    GiveScratch(block);
    if (result === SocketError.SUCCESS) this.#stream.CountPackets(0, 1);
    return result;
  }

  /**
   * Pushes on the tail of a large packet. Every other call does it too; call it before
   * disconnecting.
   * @returns SUCCESS when nothing waits (any more); BUSY when the stream is full; or the reason
   *   why the stream takes nothing ever, and the tail is dropped.
   */
  Flush(): SocketError {
    while (this.#stream !== null && this.#tail.length > 0) {
      const { Result, BytesSent } = this.#stream.PutPartialData(this.#tail);
      this.#tail = this.#tail.subarray(BytesSent);
      if (BytesSent > 0) continue;
      if (Result === SocketError.SUCCESS || Result === SocketError.BUSY) return SocketError.BUSY;
      this.#tail = nothing;
      return Result;
    }
    return SocketError.SUCCESS;
  }

  #putFrame(stream: StreamPeer, bytes: Uint8Array): SocketError {
    const whole = stream.PutData(bytes);
    if (whole !== SocketError.OUT_OF_BUFFER_MEMORY) return whole;
    const { Result, BytesSent } = stream.PutPartialData(bytes);
    if (BytesSent === 0) return Result === SocketError.SUCCESS ? SocketError.BUSY : Result;
    this.#tail = bytes.slice(BytesSent);
    return SocketError.SUCCESS;
  }

  /** Moves one packet from the stream into memory, if it is complete and there is room for it. */
  #decodeNext(): boolean {
    const stream = this.#stream;
    if (stream === null) return false;
    const failedBefore = this.#decoder.GetError() === SocketError.PROTOCOL_ERROR;
    const length = this.#decoder.Announced(stream);
    const fits = this.#held === 0 || this.#held + headerBytes + length <= this.#inputMax;
    const packet = length >= 0 && fits ? this.#decoder.Read(stream) : null;
    if (packet === null) {
      const failed = this.#decoder.GetError() === SocketError.PROTOCOL_ERROR;
      if (failed && !failedBefore) stream.FailProtocol();
      return false;
    }
    this.#newer.push(packet);
    this.#held += headerBytes + packet.length;
    return true;
  }
}

function frame(bufferBytes: number): FrameOptions {
  return {
    PrefixBytes: headerBytes,
    BigEndian: false,
    MinPayload: 0,
    MaxPayload: bufferBytes - headerBytes,
  };
}

function powerOfTwo(bytes: number): number {
  WireInteger(bytes, Limits.minBufferBytes, Limits.maxPacketBufferBytes);
  if (!Number.isInteger(Math.log2(bytes))) {
    throw new RangeError(`Pass a power of two as a packet buffer's size, not ${bytes}.`);
  }
  return bytes;
}
