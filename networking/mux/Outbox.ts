/**
 * What a mux sends next: answers first, then grants, then the streams in turn, each with its DATA
 * and, after the last byte, what ends its direction.
 *
 * Answers are bounded by `maxControlPackets`; grants and streams are computed when they are asked
 * for, so however long the transport stalls, only the newest grant of a stream is sent.
 */
import type { SocketError } from "../core/SocketError.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { MwxInfo } from "./MwxInfo.ts";
import type { MuxStream } from "./MuxStream.ts";
import type { Message, Packet, TakeMessage } from "./Packet.ts";
import { NewMessage, PacketType } from "./Packet.ts";
import { EncodePacket } from "./PacketEncode.ts";
import { Scheduler } from "./Scheduler.ts";
import { ClosePacketOf } from "./WispReason.ts";

/** One message, and what its sending means for the stream it belongs to. */
export type Outgoing =
  | { readonly Kind: "control"; readonly Message: Message }
  | { readonly Kind: "data" | "fin"; readonly Message: Message; readonly Stream: MuxStream }
  | {
      readonly Kind: "close";
      readonly Message: Message;
      readonly Stream: MuxStream;
      readonly Code: SocketError;
    };

/** Who grants the peer something: bytes, packets or connections. */
export interface Grantor {
  /** What is granted now; null while it is not worth a packet. */
  GrantPacket(): Packet | null;
}

export class Outbox {
  readonly #control: Packet[] = [];
  readonly #granting = new Set<Grantor>();
  readonly #scheduler = new Scheduler<MuxStream>();

  /** @returns false when too many answers wait: the peer asks and does not read. */
  Add(packet: Packet): boolean {
    if (this.#control.length >= MuxLimits.maxControlPackets) return false;
    this.#control.push(packet);
    return true;
  }

  /**
   * Room for a question of our own. Half is kept for what has to go out: answers, and the ends of
   * streams that were opened in the same run.
   */
  HasRoom(): boolean {
    return this.#control.length < MuxLimits.maxControlPackets / 2;
  }

  /** Room has come free that may be worth a grant. */
  AddGrant(grantor: Grantor): void {
    this.#granting.add(grantor);
  }

  /** The stream may have bytes, or its end, to send. */
  AddStream(stream: MuxStream): void {
    this.#scheduler.Add(stream);
  }

  Forget(stream: MuxStream): void {
    this.ForgetGrant(stream);
    this.#scheduler.Remove(stream);
  }

  ForgetGrant(grantor: Grantor): void {
    this.#granting.delete(grantor);
  }

  Clear(): void {
    this.#control.length = 0;
  }

  /**
   * @param mwx what both ends offer; null in plain Wisp.
   * @param take gives memory for a message with DATA.
   */
  Next(mwx: MwxInfo | null, take: TakeMessage = NewMessage): Outgoing | null {
    const packet = this.#control.shift() ?? this.#nextGrant();
    if (packet !== null) return { Kind: "control", Message: EncodePacket(packet) };
    for (let stream = this.#scheduler.Next(); stream !== null; stream = this.#scheduler.Next()) {
      const data = stream.NextData(mwx?.FrameBytes ?? MuxLimits.quantumBytes, take);
      if (data !== null) {
        this.#scheduler.Add(stream);
        return { Kind: "data", Message: data, Stream: stream };
      }
      if (stream.IsDrained() && stream.Afterwards !== null) {
        const message = EncodePacket(stream.Afterwards);
        stream.Afterwards = null;
        this.#scheduler.Add(stream);
        return { Kind: "control", Message: message };
      }
      const last = stream.IsDrained() ? nextEnding(stream, mwx !== null) : null;
      if (last !== null) return last;
    }
    return null;
  }

  #nextGrant(): Packet | null {
    for (const grantor of this.#granting) {
      this.#granting.delete(grantor);
      const packet = grantor.GrantPacket();
      if (packet !== null) return packet;
    }
    return null;
  }
}

/** All bytes are sent: what ends this direction now, if anything. */
function nextEnding(stream: MuxStream, mwx: boolean): Outgoing | null {
  const { Ending } = stream;
  if (Ending.Kind === "open" || (Ending.Kind === "fin" && Ending.Sent)) return null;
  if (Ending.Kind === "close") {
    const message = EncodePacket(ClosePacketOf(stream.Id, Ending.Code, mwx));
    return { Kind: "close", Message: message, Stream: stream, Code: Ending.Code };
  }
  stream.Ending = { Kind: "fin", Sent: true };
  const fin = { Type: PacketType.FIN, Stream: stream.Id, Offset: stream.Window.Total() };
  return { Kind: "fin", Message: EncodePacket(fin), Stream: stream };
}
