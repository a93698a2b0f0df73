/**
 * One stream of a mux: two rings, a window each way, and how far each direction has come.
 *
 *     Source ring --DATA, then FIN or CLOSE--> peer          DATA from the peer --> Sink ring
 *
 * Only the mux drives it; whoever owns the rings reads and writes them and tells the mux.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import type { SocketError } from "../core/SocketError.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { Message, Packet, TakeMessage } from "./Packet.ts";
import { NewMessage, PacketType } from "./Packet.ts";
import { PlainInbox } from "./PlainInbox.ts";
import type { SendWindow } from "./Window.ts";
import { OffsetSendWindow, PacketSendWindow, ReceiveWindow } from "./Window.ts";
import type { WindowGrowth } from "./WindowGrowth.ts";
import { WindowInbox } from "./WindowInbox.ts";

/** What follows the last byte of the source ring. */
export type StreamEnding =
  | { readonly Kind: "open" }
  | { readonly Kind: "fin"; readonly Sent: boolean }
  | { readonly Kind: "close"; readonly Code: SocketError };

export class MuxStream {
  readonly Id: number;
  /** Towards the peer. */
  readonly Window: SendWindow;
  /** Page: "opened" was said. */
  Opened = false;
  /** The peer's FIN has come. */
  PeerFinished = false;
  /** What the peer said behind bytes that still wait for the sink, in order. */
  readonly Behind: (() => void)[] = [];
  /** The peer closed with this code while bytes still wait for the sink. */
  PeerClosed: SocketError | null = null;
  Ending: StreamEnding = { Kind: "open" };
  /** Goes out after what is in the source ring, once. */
  Afterwards: Packet | null = null;
  /** The source ring is somebody else's for the moment: nothing is taken out of it. */
  Held = false;
  readonly #plain: PlainInbox | null;
  readonly #inbox = new WindowInbox();
  #source: ByteRing | null = null;
  #sink: ByteRing | null = null;
  #receive: ReceiveWindow | null = null;

  /** @param credit packets that may be sent at first in plain Wisp; null for MWX. */
  constructor(id: number, credit: number | null) {
    this.Id = id;
    this.Window = credit === null ? new OffsetSendWindow() : new PacketSendWindow(credit);
    this.#plain = credit === null ? null : new PlainInbox();
  }

  /**
   * Gives the stream its rings, once.
   * @param source bytes to send; the mux is the consumer.
   * @param sink bytes received; the mux is the producer.
   * @param growth what its window may grow beyond the sink.
   */
  Attach(source: ByteRing, sink: ByteRing, growth: WindowGrowth): void {
    this.#source = source;
    this.#sink = sink;
    if (this.#plain === null) this.#receive = new ReceiveWindow(sink.Capacity, growth);
  }

  IsAttached(): boolean {
    return this.#source !== null;
  }

  /** Nothing is left in the source ring. */
  IsDrained(): boolean {
    return this.#source === null || this.#source.Used() === 0;
  }

  /** Takes received bytes. @returns false when they are more than the window allows. */
  Push(data: Uint8Array): boolean {
    if (this.#plain !== null) {
      this.#plain.Push(data, this.#sink);
      return true;
    }
    if (this.#receive === null || this.#sink === null) return data.length === 0;
    if (!this.#receive.Received(data.length)) return false;
    return this.#inbox.Push(data, this.#sink, this.#receive.Size());
  }

  /** Bytes received in all; 0 in plain Wisp, which has no FIN to compare with. */
  Received(): number {
    return this.#receive?.Total() ?? 0;
  }

  /** Received bytes wait outside the sink. */
  HasWaiting(): boolean {
    return this.#plain === null ? this.#inbox.Used() > 0 : this.#plain.Cost() > 0;
  }

  /** What they cost, where no window bounds them; always 0 with MWX. */
  WaitingCost(): number {
    return this.#plain?.Cost() ?? 0;
  }

  /** Room came free in the sink. @returns whether waiting bytes moved into it. */
  DrainWaiting(): boolean {
    return this.#sink !== null && (this.#plain ?? this.#inbox).Drain(this.#sink);
  }

  /** The stream is over. */
  Release(): void {
    this.#receive?.Release();
  }

  /** The offset of the next WINDOW, or the packets of the next CONTINUE; null for not yet. */
  NextGrant(): number | null {
    if (this.#plain !== null) return this.#plain.NextCredit();
    const waiting = this.#inbox.Used() + (this.#sink?.Used() ?? 0);
    return this.#receive?.NextGrant(waiting) ?? null;
  }

  /** The same as a packet. */
  GrantPacket(): Packet | null {
    const value = this.NextGrant();
    if (value === null) return null;
    return this.#plain === null
      ? { Type: PacketType.WINDOW, Stream: this.Id, Offset: value }
      : { Type: PacketType.CONTINUE, Stream: this.Id, Credit: value };
  }

  /**
   * The next DATA, cut to the window and to one turn; null when there is nothing to send or no
   * room.
   * @param frameBytes most payload that the peer takes.
   * @param take gives memory for a message of so many bytes.
   */
  NextData(frameBytes: number, take: TakeMessage = NewMessage): Message | null {
    const source = this.#source;
    if (source === null || this.Held) return null;
    const most = Math.min(this.Window.Room(), MuxLimits.quantumBytes, frameBytes);
    const count = Math.min(most, source.Used());
    if (count <= 0) return null;
    const message = take(MuxLimits.headerBytes + count);
    message[0] = PacketType.DATA;
    new DataView(message.buffer, message.byteOffset).setUint32(1, this.Id, true);
    source.Read(message, MuxLimits.headerBytes);
    this.Window.Sent(count);
    return message;
  }
}
