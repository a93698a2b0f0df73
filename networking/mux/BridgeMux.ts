/**
 * The bridge's end of a mux: answers CONNECT, RESOLVE and LISTEN of a page, or CONNECT of any plain
 * Wisp client, and announces the connections that come in where a page listens.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import type { IpAddress } from "../core/IpAddress.ts";
import type { Endpoint } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { TlsFacts } from "../core/TlsRequest.ts";
import type { WispVersion } from "./Handshake.ts";
import { Mux } from "./Mux.ts";
import type { MuxEmit } from "./MuxEvent.ts";
import { MuxLimits } from "./MuxLimits.ts";
import { MuxListener } from "./MuxListener.ts";
import { MuxStream } from "./MuxStream.ts";
import type { StreamEnding } from "./MuxStream.ts";
import type { WindowGrowth } from "./WindowGrowth.ts";
import { OwnMwxInfo } from "./MwxInfo.ts";
import type {
  AcceptCreditPacket,
  ClosePacket,
  ConnectPacket,
  ListenPacket,
  Packet,
  ResolvePacket,
  SecurePacket,
  SockOptPacket,
} from "./Packet.ts";
import { PacketType, SockOpt } from "./Packet.ts";
import { ClosePacketOf, WispReason } from "./WispReason.ts";

/** Ids of accepted streams have bit 31, so that both ends can choose ids. */
const firstAcceptedId = 2 ** 31;
const lastAcceptedId = 2 ** 32 - 1;

export class BridgeMux extends Mux {
  readonly #lookups = new Set<number>();
  readonly #listeners = new Map<number, MuxListener>();
  /** MWX: the latest id that the page used. */
  #highestId = 0;
  #lastAcceptedId = firstAcceptedId - 1;

  /**
   * @param version 2 when the upgrade carried a subprotocol, else 1.
   * @param maxListeners of the WebSocket; 0 says that pages cannot listen.
   * @param growth what windows may grow beyond their rings.
   */
  constructor(version: WispVersion, emit: MuxEmit, maxListeners = 0, growth?: WindowGrowth) {
    super("bridge", version, emit, { ...OwnMwxInfo, MaxListeners: maxListeners }, growth);
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
    stream.Attach(source, sink, this.growth);
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

  /** Answers "secure": the source ring carries clear bytes from here on. */
  Secured(stream: MuxStream, facts: TlsFacts): void {
    if (!this.isLive(stream)) return;
    stream.Held = false;
    this.send({ Type: PacketType.SECURED, Stream: stream.Id, Facts: facts });
    this.SourceChanged(stream);
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

  /** Answers "listen": connections can come in. */
  Listening(listener: MuxListener, bound: Endpoint): void {
    if (!this.#listeners.has(listener.Id) || listener.Listening) return;
    listener.Listening = true;
    this.send({ Type: PacketType.LISTENING, Stream: listener.Id, Bound: bound });
  }

  /** A connection can be announced: the page has room for it. */
  CanAccept(listener: MuxListener): boolean {
    const free = this.StreamCount() < (this.handshake.Mwx()?.MaxStreams ?? 0);
    const room = free && this.#lastAcceptedId < lastAcceptedId && this.outbox.HasRoom();
    return room && this.#listeners.has(listener.Id) && listener.HasCredit();
  }

  /** Announces a connection, only while `CanAccept`. The rings are as for `Open`. */
  Accept(
    listener: MuxListener,
    source: ByteRing,
    sink: ByteRing,
    local: Endpoint,
    peer: Endpoint,
  ): MuxStream {
    listener.Announce();
    const stream = new MuxStream(++this.#lastAcceptedId, null);
    stream.Attach(source, sink, this.growth);
    this.add(stream);
    this.send({
      Type: PacketType.ACCEPT,
      Stream: stream.Id,
      Listener: listener.Id,
      Peer: peer,
      Local: local,
      Offset: stream.NextGrant() ?? 0,
    });
    return stream;
  }

  /** The stream came in where the page listens; the page did not ask for it. */
  IsAccepted(stream: MuxStream): boolean {
    return stream.Id >= firstAcceptedId;
  }

  /** Refuses "listen", or withdraws what was granted. */
  Unlisten(listener: MuxListener, code: SocketError): void {
    if (!this.#listeners.has(listener.Id)) return;
    this.send(ClosePacketOf(listener.Id, code, true));
    this.#endListener(listener, code);
  }

  /**
   * Tells the page to open its next streams elsewhere, or here later.
   * @param deadlineMs after which the WebSocket is ended.
   * @param retryAfterMs before which a new WebSocket is not welcome.
   */
  GoAway(deadlineMs: number, retryAfterMs: number): void {
    if (!this.HasMwx()) return;
    this.send({
      Type: PacketType.GOAWAY,
      Stream: 0,
      Reason: WispReason.VOLUNTARY,
      DeadlineMs: deadlineMs,
      RetryAfterMs: retryAfterMs,
    });
  }

  protected override receiveOwn(packet: Packet): boolean {
    if (packet.Type === PacketType.CONNECT) this.#receiveConnect(packet);
    else if (packet.Type === PacketType.RESOLVE) this.#receiveResolve(packet);
    else if (packet.Type === PacketType.SOCKOPT) this.#receiveOption(packet);
    else if (packet.Type === PacketType.SECURE) this.#receiveSecure(packet);
    else if (packet.Type === PacketType.LISTEN) this.#receiveListen(packet);
    else if (packet.Type === PacketType.ACCEPT_CREDIT) this.#receiveAcceptCredit(packet);
    else if (packet.Type === PacketType.CLOSE) return this.#receiveUnlisten(packet);
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
    return id < firstAcceptedId ? id > this.#highestId : id > this.#lastAcceptedId;
  }

  protected override receiveGoAway(): boolean {
    return false;
  }

  protected override endStreams(code: SocketError): void {
    super.endStreams(code);
    for (const listener of this.#listeners.values()) this.#endListener(listener, code);
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

  #receiveListen(packet: ListenPacket): void {
    const { Stream: id, Port, Host } = packet;
    if (!this.#claim(id)) return;
    const most = this.handshake.Mwx()?.MaxListeners ?? 0;
    if (this.#listeners.size >= most) {
      const code = most === 0 ? SocketError.UNAVAILABLE : SocketError.LIMIT_REACHED;
      this.send(ClosePacketOf(id, code, true));
      return;
    }
    const Backlog = Math.max(1, packet.Backlog);
    const Listener = new MuxListener(id, Backlog);
    this.#listeners.set(id, Listener);
    this.emit({ Kind: "listen", Listener, Host, Port, Backlog });
  }

  #receiveAcceptCredit(packet: AcceptCreditPacket): void {
    const listener = this.#listeners.get(packet.Stream);
    if (listener === undefined) this.dropOrFail(packet.Stream);
    else listener.Grant(packet.Count);
  }

  #receiveUnlisten(packet: ClosePacket): boolean {
    const listener = this.#listeners.get(packet.Stream);
    if (listener === undefined) return false;
    this.#endListener(listener, SocketError.SUCCESS);
    return true;
  }

  #endListener(listener: MuxListener, code: SocketError): void {
    this.#listeners.delete(listener.Id);
    this.emit({ Kind: "unlistened", Listener: listener, Code: code });
  }

  #receiveSecure(packet: SecurePacket): void {
    const stream = this.find(packet.Stream);
    if (stream === null) this.dropOrFail(packet.Stream);
    else if (!stream.IsAttached() || stream.Held || stream.PeerFinished) {
      this.fail("TLS was asked for twice, before the stream was open, or after its end.");
    } else {
      stream.Held = true;
      this.afterBytes(stream, () => {
        this.emit({ Kind: "secure", Stream: stream, Wanted: packet });
      });
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
    const taken = this.HasMwx()
      ? id <= this.#highestId || id >= firstAcceptedId
      : this.find(id) !== null;
    if (taken) this.fail("A stream id was used twice, or is not the page's to use.");
    else this.#highestId = id;
    return !taken;
  }
}
