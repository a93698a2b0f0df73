/**
 * What a page asks of the bridge: streams, and lookups. Streams come from any plain Wisp server,
 * lookups only over MWX. PageMux adds listening.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import type { Family } from "../core/NetBackend.ts";
import { IsSocketError, SocketError } from "../core/SocketError.ts";
import type { WispVersion } from "./Handshake.ts";
import { Mux } from "./Mux.ts";
import type { MuxEmit } from "./MuxEvent.ts";
import { MuxLimits } from "./MuxLimits.ts";
import { MuxStream } from "./MuxStream.ts";
import type { StreamEnding } from "./MuxStream.ts";
import { MwxFeature, OwnMwxInfo } from "./MwxInfo.ts";
import type {
  ContinuePacket,
  OpenedPacket,
  Packet,
  ResolvedPacket,
  SecuredPacket,
  SecurePacket,
} from "./Packet.ts";
import { PacketType, SockOpt, StreamType } from "./Packet.ts";

import { GrowthWithin } from "./WindowGrowth.ts";

/** Ids with bit 31 are the bridge's. */
export const MaxPageId = 2 ** 31 - 1;

export abstract class PageRequests extends Mux {
  readonly #lookups = new Set<number>();
  #lastId = 0;

  /** @param version 2 when the WebSocket's subprotocol was accepted, else 1. */
  /** @param now milliseconds, by which windows see how fast they go by. */
  constructor(version: WispVersion, emit: MuxEmit, now?: () => number) {
    super("page", version, emit, OwnMwxInfo, GrowthWithin(MuxLimits.windowGrowthBytes, now));
  }

  /** One more stream is possible now. */
  CanConnect(): boolean {
    const most = this.handshake.Mwx()?.MaxStreams ?? MuxLimits.maxStreams;
    return this.StreamCount() < most && this.canAsk();
  }

  /**
   * Asks for a TCP connection; "opened" or "closed" answers. Only while `CanConnect`.
   * @param host a name, an address, or a target's name.
   * @param source bytes to send.
   * @param sink takes what comes.
   */
  Connect(host: string, port: number, source: ByteRing, sink: ByteRing): MuxStream {
    const stream = new MuxStream(this.newId(), this.HasMwx() ? null : this.handshake.Credit());
    stream.Attach(source, sink, this.growth);
    this.add(stream);
    this.send({
      Type: PacketType.CONNECT,
      Stream: stream.Id,
      StreamType: StreamType.TCP,
      Port: port,
      Host: host,
    });
    if (this.HasMwx()) this.outbox.AddGrant(stream);
    // Plain Wisp without confirmation: silence means that the stream is open.
    else if (!this.handshake.ConfirmsOpen()) this.#open(stream, null);
    return stream;
  }

  /** Resets the connection behind the stream now. */
  Reset(stream: MuxStream): void {
    if (!this.HasMwx()) this.Abort(stream, SocketError.CONNECTION_RESET);
    else if (this.isLive(stream)) {
      this.#option(stream, SockOpt.ABORT, 1);
      this.drop(stream, SocketError.CONNECTION_RESET);
    }
  }

  /**
   * @param option NO_DELAY or KEEP_ALIVE of SockOpt; plain Wisp has neither, and nothing happens.
   */
  SetOption(stream: MuxStream, option: number, value: boolean): void {
    if (this.HasMwx() && this.isLive(stream)) this.#option(stream, option, value ? 1 : 0);
  }

  /** The bridge speaks TLS to targets for its pages. */
  OffersTls(): boolean {
    return ((this.handshake.Mwx()?.Features ?? 0) & MwxFeature.TLS) !== 0;
  }

  /**
   * Asks for TLS to the target, after the bytes in the source ring; "secured" or "closed" answers.
   * Only while `OffersTls`, once per stream, and nothing is put into the ring before the answer.
   */
  Secure(stream: MuxStream, wanted: Omit<SecurePacket, "Type" | "Stream">): void {
    if (!this.isLive(stream)) return;
    stream.Afterwards = { Type: PacketType.SECURE, Stream: stream.Id, ...wanted };
    this.outbox.AddStream(stream);
  }

  /** The bridge looks names up for its pages. */
  OffersResolve(): boolean {
    return ((this.handshake.Mwx()?.Features ?? 0) & MwxFeature.RESOLVE) !== 0;
  }

  /** One more lookup is possible now. */
  CanResolve(): boolean {
    return this.OffersResolve() && this.#lookups.size < MuxLimits.maxLookups && this.canAsk();
  }

  /** Only while `CanResolve`. @returns the id that "resolved" will carry. */
  Resolve(host: string, family: Family): number {
    const id = this.newId();
    this.#lookups.add(id);
    this.send({ Type: PacketType.RESOLVE, Stream: id, Family: family, Host: host });
    return id;
  }

  protected override receiveOwn(packet: Packet): boolean {
    if (packet.Type === PacketType.OPENED) this.#receiveOpened(packet);
    else if (packet.Type === PacketType.CONTINUE) this.#receiveContinue(packet);
    else if (packet.Type === PacketType.SECURED) this.#receiveSecured(packet);
    else if (packet.Type === PacketType.RESOLVED) this.#receiveResolved(packet);
    else return false;
    return true;
  }

  /** CLOSE would lose what the peer still sends, so the stream stays open until `Close`. */
  protected override plainFinish(): StreamEnding {
    return { Kind: "open" };
  }

  protected override waitingGrew(stream: MuxStream): void {
    if (stream.WaitingCost() <= MuxLimits.pageWaitingBytes) return;
    this.Abort(stream, SocketError.OUT_OF_BUFFER_MEMORY);
  }

  protected override isUnheardOf(id: number): boolean {
    return id > this.#lastId;
  }

  /** Another question is possible now. */
  protected canAsk(): boolean {
    return this.IsReady() && this.outbox.HasRoom() && this.#lastId < MaxPageId;
  }

  /** Only while `canAsk`. */
  protected newId(): number {
    return ++this.#lastId;
  }

  protected lookupCount(): number {
    return this.#lookups.size;
  }

  #receiveOpened(packet: OpenedPacket): void {
    const stream = this.find(packet.Stream);
    if (stream === null) this.dropOrFail(packet.Stream);
    else if (stream.Opened) this.fail("A stream was opened twice.");
    else {
      stream.Window.Grant(packet.Offset);
      this.#open(stream, packet);
    }
  }

  #receiveContinue(packet: ContinuePacket): void {
    const stream = this.find(packet.Stream);
    if (stream === null || this.HasMwx()) {
      this.dropOrFail(packet.Stream);
      return;
    }
    stream.Window.Grant(packet.Credit);
    if (!stream.Opened) this.#open(stream, null);
    this.SourceChanged(stream);
  }

  #receiveSecured({ Stream: id, Facts }: SecuredPacket): void {
    const stream = this.find(id);
    if (stream === null) this.dropOrFail(id);
    else this.emit({ Kind: "secured", Stream: stream, Facts });
  }

  #receiveResolved(packet: ResolvedPacket): void {
    if (!this.#lookups.delete(packet.Stream)) {
      this.dropOrFail(packet.Stream);
      return;
    }
    const known = IsSocketError(packet.Status) ? packet.Status : SocketError.CANT_RESOLVE;
    const { TtlSeconds, Addresses } = packet;
    const Code =
      known === SocketError.SUCCESS && Addresses.length === 0 ? SocketError.CANT_RESOLVE : known;
    this.emit({ Kind: "resolved", Id: packet.Stream, Code, TtlSeconds, Addresses });
  }

  #open(stream: MuxStream, opened: OpenedPacket | null): void {
    stream.Opened = true;
    this.emit({
      Kind: "opened",
      Stream: stream,
      Local: opened?.Local ?? null,
      Remote: opened?.Remote ?? null,
    });
    this.SourceChanged(stream);
  }

  #option(stream: MuxStream, option: number, value: number): void {
    this.send({ Type: PacketType.SOCKOPT, Stream: stream.Id, Option: option, Value: value });
  }
}
