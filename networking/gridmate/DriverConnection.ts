/**
 * One connection of a driver: packets over a stream, each a u16 big-endian length and its bytes.
 *
 *     OPENING --stream stands--> ESTABLISHED --stream over, its packets taken--> OVER
 *        +------ failed, or closed here ------------------------------------------^
 *
 * Packets are never assembled here: they wait in the stream's inbound ring until all of one is
 * there, and go from there straight into the caller's buffer. `Poll` decides what is there; what
 * arrives later waits for the next poll, so the work between two polls is bounded by the ring.
 *
 * Limits: what is sent before the connection stands is kept up to the size of the outbound ring. A
 * length of zero, or one that the inbound ring cannot hold, ends the stream: no later border can
 * be trusted.
 */
import { SocketError } from "../core/SocketError.ts";
import type { DriverAddress } from "./DriverAddress.ts";
import type { DriverSizes } from "./DriverSizes.ts";
import type { DriverStream } from "./DriverStream.ts";
import { StreamPhase } from "./DriverStream.ts";
import { GridMateLimits } from "./GridMateLimits.ts";

/** What a poll found. At most one change per poll, so that each is told before the next. */
export const Change = Object.freeze({ NONE: 0, ESTABLISHED: 1, ENDED: 2, FAILED: 3 } as const);
export type Change = (typeof Change)[keyof typeof Change];

/** `Take` found a packet that is larger than the buffer; it stays. */
export const tooLarge = -1;

const State = Object.freeze({ OPENING: 0, ESTABLISHED: 1, OVER: 2 } as const);
type State = (typeof State)[keyof typeof State];

export class DriverConnection {
  readonly Address: DriverAddress;
  /** Whether the peer connected to us. */
  readonly IsIncoming: boolean;
  readonly #stream: DriverStream;
  readonly #sizes: DriverSizes;
  #state: State = State.OPENING;
  #failure: SocketError = SocketError.SUCCESS;
  /** Frames from before the connection stood. */
  #early: Uint8Array | null = null;
  #earlyBytes = 0;
  /** Bytes that the last poll saw and that were not taken. */
  #readable = 0;
  /** Length of the packet whose header was read; 0 while none was. */
  #length = 0;
  /** The packet was larger than a caller's buffer. */
  #wasRefused = false;

  constructor(
    address: DriverAddress,
    stream: DriverStream,
    isIncoming: boolean,
    sizes: DriverSizes,
  ) {
    this.Address = address;
    this.IsIncoming = isIncoming;
    this.#stream = stream;
    this.#sizes = sizes;
    stream.Bytes.BigEndian = true;
  }

  IsEstablished(): boolean {
    return this.#state === State.ESTABLISHED;
  }

  /** Why it is over; SUCCESS when an end closed it in order. */
  Failure(): SocketError {
    return this.#failure;
  }

  /** Once per update. */
  Poll(): Change {
    const phase = this.#stream.Poll();
    this.#readable = this.#stream.Bytes.GetAvailableBytes();
    if (this.#state === State.OPENING) return this.#open(phase);
    if (this.#state === State.OVER) return Change.NONE;
    const isOver = phase === StreamPhase.ENDED || this.#stream.IsPeerFinished();
    if (!isOver || (this.HasPacket() && !this.#wasRefused)) return Change.NONE;
    this.#end(this.#reason());
    return Change.ENDED;
  }

  /** Whether all of a packet is there. */
  HasPacket(): boolean {
    if (this.#state !== State.ESTABLISHED) return false;
    if (this.#length === 0 && this.#readable >= GridMateLimits.headerBytes) this.#readHeader();
    return this.#length > 0 && this.#readable >= this.#length;
  }

  /**
   * Moves a packet to the start of `buffer`.
   * @param most bytes of it that may be used.
   * @returns its length; 0 when none is complete; `tooLarge`.
   */
  Take(buffer: Uint8Array, most: number): number {
    if (!this.HasPacket()) return 0;
    const length = this.#length;
    this.#wasRefused = length > most;
    if (this.#wasRefused) return tooLarge;
    this.#stream.Bytes.GetData(buffer.subarray(0, length));
    this.#readable -= length;
    this.#length = 0;
    return length;
  }

  /**
   * Sends a packet with its header, or keeps it until the connection stands. @returns false with
   * nothing stored: no room, or over
   */
  Send(frame: Uint8Array): boolean {
    if (this.#state === State.OVER) return false;
    if (this.#state === State.OPENING) return this.#keep(frame);
    return this.#stream.Bytes.PutData(frame) === SocketError.SUCCESS;
  }

  /** Sends what was put, then closes. Packets not taken are dropped. */
  Close(): void {
    this.#end(SocketError.SUCCESS);
  }

  #open(phase: StreamPhase): Change {
    if (phase === StreamPhase.OPENING) return Change.NONE;
    const failure = this.#stream.Failure();
    if (phase === StreamPhase.ENDED && failure !== SocketError.SUCCESS) {
      this.#end(failure);
      return Change.FAILED;
    }
    this.#state = State.ESTABLISHED;
    if (this.#early !== null) this.Send(this.#early.subarray(0, this.#earlyBytes));
    this.#early = null;
    return Change.ESTABLISHED;
  }

  #keep(frame: Uint8Array): boolean {
    if (this.#earlyBytes + frame.length > this.#sizes.OutboundBytes) return false;
    this.#early ??= new Uint8Array(this.#sizes.OutboundBytes);
    this.#early.set(frame, this.#earlyBytes);
    this.#earlyBytes += frame.length;
    return true;
  }

  #readHeader(): void {
    const length = this.#stream.Bytes.GetU16() ?? 0;
    this.#readable -= GridMateLimits.headerBytes;
    if (length > 0 && length <= this.#sizes.InboundBytes) {
      this.#length = length;
    } else {
      this.#stream.Bytes.FailProtocol();
      this.#readable = 0;
    }
  }

  /** The stream is over; what is left in it is no packet that anybody wants. */
  #reason(): SocketError {
    const failure = this.#stream.Failure();
    if (failure !== SocketError.SUCCESS) return failure;
    if (this.#wasRefused) return SocketError.OUT_OF_BUFFER_MEMORY;
    const isCut = this.#length > 0 || this.#readable > 0;
    return isCut ? SocketError.FILE_EOF : SocketError.SUCCESS;
  }

  /** The one exit. */
  #end(failure: SocketError): void {
    if (this.#state === State.OVER) return;
    this.#state = State.OVER;
    this.#failure = failure;
    this.#early = null;
    this.#readable = 0;
    this.#stream.Close();
  }
}
