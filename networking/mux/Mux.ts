/**
 * Many streams over one WebSocket, as a state machine without I/O, time or randomness: messages
 * from the WebSocket go into `Receive`, messages for it come out of `NextMessage` whenever the
 * owner has room for one, and what happened comes as MuxEvents.
 *
 * This is what both ends share, on top of MuxSession; PageMux opens streams and BridgeMux answers.
 * Memory is bounded by the rings, which belong to the owners, by what windows may grow beyond them,
 * and by MuxLimits.
 */
import { SocketError } from "../core/SocketError.ts";
import { MuxSession } from "./MuxSession.ts";
import type { MuxStream, StreamEnding } from "./MuxStream.ts";
import type {
  ClosePacket,
  DataPacket,
  FinPacket,
  Message,
  Packet,
  TakeMessage,
  WindowPacket,
} from "./Packet.ts";
import { NewMessage, PacketType } from "./Packet.ts";
import { ClosePacketOf, CodeOf } from "./WispReason.ts";

export abstract class Mux extends MuxSession {
  readonly #streams = new Map<number, MuxStream>();
  #waitingCost = 0;

  /** Streams that are not over. */
  StreamCount(): number {
    return this.#streams.size;
  }

  /** Bytes of plain streams that wait outside their rings, each packet with a fixed cost. */
  WaitingCost(): number {
    return this.#waitingCost;
  }

  /**
   * The next message for the WebSocket; null when there is none now.
   * @param take gives memory for one with DATA; fresh memory by default.
   */
  NextMessage(take: TakeMessage = NewMessage): Message | null {
    const next = this.isOver() ? null : this.outbox.Next(this.handshake.Mwx(), take);
    if (next === null) return null;
    if (next.Kind === "data") this.emit({ Kind: "sent", Stream: next.Stream });
    if (next.Kind === "close") this.drop(next.Stream, next.Code);
    if (next.Kind === "fin") this.#endWhenBothFinished(next.Stream);
    return next.Message;
  }

  /** Bytes were written into the stream's source ring. */
  SourceChanged(stream: MuxStream): void {
    if (this.isLive(stream)) this.outbox.AddStream(stream);
  }

  /** Bytes were taken out of the stream's sink ring: the peer may send more. */
  SinkChanged(stream: MuxStream): void {
    if (!this.isLive(stream) && stream.PeerClosed === null) return;
    const before = stream.WaitingCost();
    const moved = stream.DrainWaiting();
    this.#waitingCost += stream.WaitingCost() - before;
    if (moved) this.emit({ Kind: "received", Stream: stream });
    if (this.isLive(stream)) this.outbox.AddGrant(stream);
    if (stream.HasWaiting()) return;
    for (const tell of stream.Behind.splice(0)) tell();
    if (stream.PeerClosed !== null) this.drop(stream, stream.PeerClosed);
  }

  /** No more bytes from this side: FIN after the last one. Receiving goes on. */
  Finish(stream: MuxStream): void {
    if (!this.isLive(stream) || stream.Ending.Kind !== "open") return;
    stream.Ending = this.HasMwx() ? { Kind: "fin", Sent: false } : this.plainFinish();
    this.outbox.AddStream(stream);
  }

  /** Ends the stream after the bytes in the source ring; now, if the peer has closed already. */
  Close(stream: MuxStream, code: SocketError): void {
    if (!this.isLive(stream)) this.drop(stream, code);
    else if (stream.Ending.Kind !== "close") {
      stream.Ending = { Kind: "close", Code: code };
      this.outbox.AddStream(stream);
    }
  }

  /** Ends the stream now; what is in the source ring is not sent, what waits is not delivered. */
  Abort(stream: MuxStream, code: SocketError): void {
    if (this.isLive(stream)) this.send(ClosePacketOf(stream.Id, code, this.HasMwx()));
    this.drop(stream, code);
  }

  /** Packets that only this end's peer may send. @returns false when the peer may not. */
  protected abstract receiveOwn(packet: Packet): boolean;

  /** How `Finish` ends this direction in plain Wisp, which has no half close. */
  protected abstract plainFinish(): StreamEnding;

  /** What the peer said is told after the bytes that came before it are in the sink. */
  protected afterBytes(stream: MuxStream, tell: () => void): void {
    if (stream.HasWaiting()) stream.Behind.push(tell);
    else tell();
  }

  /** Bytes of a plain stream wait outside its ring, more than before. */
  protected abstract waitingGrew(stream: MuxStream): void;

  /** No stream of this id can have been opened yet. */
  protected abstract isUnheardOf(id: number): boolean;

  protected add(stream: MuxStream): void {
    this.#streams.set(stream.Id, stream);
  }

  protected find(id: number): MuxStream | null {
    return this.#streams.get(id) ?? null;
  }

  protected isLive(stream: MuxStream): boolean {
    return this.#streams.get(stream.Id) === stream;
  }

  /** A packet for a stream that is not there: late if the stream was, wrong if it never was. */
  protected dropOrFail(id: number): void {
    if (this.HasMwx() && this.isUnheardOf(id)) this.fail("A packet for a stream that never was.");
    else this.countDropped();
  }

  protected override receiveForStream(packet: Packet): boolean {
    return this.receiveOwn(packet) || this.#receiveCommon(packet);
  }

  protected override endStreams(code: SocketError): void {
    for (const stream of this.#streams.values()) {
      if (code === SocketError.SUCCESS) this.#receiveClose(stream, code);
      else this.drop(stream, code);
    }
  }

  /** Packets that both ends may send. @returns false for another one. */
  #receiveCommon(packet: Packet): boolean {
    if (!isCommon(packet)) return false;
    const stream = this.find(packet.Stream);
    if (stream === null) this.dropOrFail(packet.Stream);
    else if (packet.Type === PacketType.DATA) this.#receiveData(stream, packet.Data);
    else if (packet.Type === PacketType.FIN) this.#receiveFin(stream, packet.Offset);
    else if (packet.Type === PacketType.CLOSE) {
      this.#receiveClose(stream, CodeOf(packet.Reason, packet.Code));
    } else {
      stream.Window.Grant(packet.Offset);
      this.outbox.AddStream(stream);
    }
    return true;
  }

  #receiveData(stream: MuxStream, data: Uint8Array): void {
    const before = stream.WaitingCost();
    if (stream.PeerFinished || !stream.Push(data)) {
      this.fail("The peer sent more bytes than it was granted, or after its FIN.");
      return;
    }
    const grown = stream.WaitingCost() - before;
    this.#waitingCost += grown;
    this.outbox.AddGrant(stream);
    if (data.length > 0) this.emit({ Kind: "received", Stream: stream });
    if (grown > 0) this.waitingGrew(stream);
  }

  #receiveFin(stream: MuxStream, offset: number): void {
    if (stream.PeerFinished || offset !== stream.Received()) {
      this.fail("A FIN came twice, or does not fit the bytes before it.");
      return;
    }
    stream.PeerFinished = true;
    this.afterBytes(stream, () => {
      this.emit({ Kind: "finished", Stream: stream });
      this.#endWhenBothFinished(stream);
    });
  }

  #receiveClose(stream: MuxStream, code: SocketError): void {
    if (!stream.IsAttached() || !stream.HasWaiting()) {
      this.drop(stream, code);
      return;
    }
    // The id is free again at once, but the bytes that wait for the ring are still to be delivered.
    stream.PeerClosed = code;
    this.#forget(stream);
    this.emit({ Kind: "draining", Stream: stream });
  }

  #endWhenBothFinished(stream: MuxStream): void {
    const { Ending } = stream;
    if (!stream.PeerFinished || stream.HasWaiting()) return;
    if (Ending.Kind !== "fin" || !Ending.Sent) return;
    this.drop(stream, SocketError.SUCCESS);
  }

  /** Takes the stream out and says so, once. */
  protected drop(stream: MuxStream, code: SocketError): void {
    if (this.isLive(stream)) this.#forget(stream);
    else if (stream.PeerClosed === null) return;
    stream.PeerClosed = null;
    this.#waitingCost -= stream.WaitingCost();
    stream.Behind.length = 0;
    stream.Release();
    this.emit({ Kind: "closed", Stream: stream, Code: code });
  }

  #forget(stream: MuxStream): void {
    this.#streams.delete(stream.Id);
    this.outbox.Forget(stream);
  }
}

function isCommon(packet: Packet): packet is DataPacket | FinPacket | ClosePacket | WindowPacket {
  const { Type } = packet;
  if (Type === PacketType.DATA || Type === PacketType.CLOSE) return true;
  return Type === PacketType.FIN || Type === PacketType.WINDOW;
}
