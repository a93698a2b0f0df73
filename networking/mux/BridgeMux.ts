/**
 * The bridge's end of a mux: answers CONNECT and RESOLVE of a page, or of any plain Wisp client.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { WispVersion } from "./Handshake.ts";
import { Mux } from "./Mux.ts";
import type { MuxEvent } from "./MuxEvent.ts";
import { MuxLimits } from "./MuxLimits.ts";
import { MuxStream } from "./MuxStream.ts";
import type { StreamEnding } from "./MuxStream.ts";
import type { ConnectPacket, Packet, ResolvePacket, SockOptPacket } from "./Packet.ts";
import { PacketType, SockOpt } from "./Packet.ts";
import { ClosePacketOf } from "./WispReason.ts";

export class BridgeMux extends Mux {
  readonly #lookups = new Set<number>();
  /** MWX: the latest id that the page used. */
  #highestId = 0;

  /** @param version 2 when the upgrade carried a subprotocol, else 1. */
  constructor(version: WispVersion, emit: (event: MuxEvent) => void) {
    super("bridge", version, emit);
  }

  /**
   * Answers "connect": the connection stands.
   * @param source bytes from the target.
   * @param sink takes what the page sends.
   */
  Open(
    stream: MuxStream,
    source: ByteRing,
    sink: ByteRing,
    local: Endpoint,
    remote: Endpoint,
  ): void {
    if (!this.isLive(stream) || stream.IsAttached()) return;
    stream.Attach(source, sink);
    if (this.HasMwx()) {
      this.send({
        Type: PacketType.OPENED,
        Stream: stream.Id,
        Local: local,
        Remote: remote,
        Offset: stream.NextGrant() ?? 0,
      });
    } else if (this.handshake.ConfirmsOpen()) {
      const Credit = MuxLimits.plainCreditPackets;
      this.send({ Type: PacketType.CONTINUE, Stream: stream.Id, Credit });
    }
    this.SourceChanged(stream);
    this.SinkChanged(stream);
  }

  /** Answers "resolve". @param addresses at most `maxAddresses` of them are sent. */
  Resolved(
    id: number,
    code: SocketError,
    ttlSeconds: number,
    addresses: readonly IpAddress[],
  ): void {
    if (!this.#lookups.delete(id)) return;
    this.send({
      Type: PacketType.RESOLVED,
      Stream: id,
      Status: code,
      TtlSeconds: ttlSeconds,
      Addresses: addresses.slice(0, MuxLimits.maxAddresses),
    });
  }

  protected override receiveOwn(packet: Packet): boolean {
    if (packet.Type === PacketType.CONNECT) this.#receiveConnect(packet);
    else if (packet.Type === PacketType.RESOLVE) this.#receiveResolve(packet);
    else if (packet.Type === PacketType.SOCKOPT) this.#receiveOption(packet);
    else return false;
    return true;
  }

  /** Wisp has one way to say that the target sends no more. */
  protected override plainFinish(): StreamEnding {
    return { Kind: "close", Code: SocketError.SUCCESS };
  }

  protected override waitingGrew(): void {
    // The session reads `WaitingCost` and stops reading the WebSocket.
  }

  protected override isUnheardOf(id: number): boolean {
    return id > this.#highestId;
  }

  #receiveConnect(packet: ConnectPacket): void {
    if (!this.#claim(packet.Stream)) return;
    if (this.StreamCount() >= MuxLimits.maxStreams) {
      this.send(ClosePacketOf(packet.Stream, SocketError.LIMIT_REACHED, this.HasMwx()));
      return;
    }
    const stream = new MuxStream(packet.Stream, this.HasMwx() ? null : Infinity);
    this.add(stream);
    const { StreamType, Port, Host } = packet;
    this.emit({ Kind: "connect", Stream: stream, StreamType, Port, Host });
  }

  #receiveResolve(packet: ResolvePacket): void {
    if (!this.#claim(packet.Stream)) return;
    this.#lookups.add(packet.Stream);
    const { Stream: Id, Family, Host } = packet;
    if (this.#lookups.size > MuxLimits.maxLookups) {
      this.Resolved(Id, SocketError.LIMIT_REACHED, 0, []);
    } else {
      this.emit({ Kind: "resolve", Id, Family, Host });
    }
  }

  #receiveOption(packet: SockOptPacket): void {
    const stream = this.find(packet.Stream);
    if (stream === null) this.dropOrFail(packet.Stream);
    else if (packet.Option === SockOpt.ABORT) this.drop(stream, SocketError.CONNECTION_RESET);
    else if (packet.Option === SockOpt.NO_DELAY || packet.Option === SockOpt.KEEP_ALIVE) {
      const { Option, Value } = packet;
      this.emit({ Kind: "option", Stream: stream, Option, Value: Value !== 0 });
    } else this.fail(`Socket option ${packet.Option} is unknown.`);
  }

  /**
   * MWX ids count up, so an ended id needs no memory. Plain clients choose as they like, and only
   * the id of a live stream is taken.
   */
  #claim(id: number): boolean {
    const taken = this.HasMwx() ? id <= this.#highestId || id >= 2 ** 31 : this.find(id) !== null;
    if (taken) this.fail("A stream id was used twice, or is not the page's to use.");
    else this.#highestId = id;
    return !taken;
  }
}
