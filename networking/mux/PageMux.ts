/**
 * The page's end of a mux: PageRequests, ports to listen at with the connections that come in, and
 * the bridge's word that it goes. All of it needs MWX.
 */
import type { ByteRing } from "../core/ByteRing.ts";
import { SocketError } from "../core/SocketError.ts";
import { MuxListener } from "./MuxListener.ts";
import { MuxStream } from "./MuxStream.ts";
import type { AcceptPacket, ClosePacket, ListeningPacket, Packet } from "./Packet.ts";
import { PacketType } from "./Packet.ts";
import { MaxPageId, PageRequests } from "./PageRequests.ts";
import { ClosePacketOf, CodeOf } from "./WispReason.ts";

export class PageMux extends PageRequests {
  readonly #listeners = new Map<number, MuxListener>();
  #lastAcceptedId = MaxPageId;
  #leaving = false;

  /** The bridge listens for its pages; what it grants to whom is its policy. */
  OffersListen(): boolean {
    return this.#maxListeners() > 0;
  }

  /** One more listener is possible now. */
  CanListen(): boolean {
    return this.#listeners.size < this.#maxListeners() && this.canAsk();
  }

  /**
   * Asks for a port; "listening" or "unlistened" answers. Only while `CanListen`.
   * @param host an address of the bridge's machine, or "*" for what the bridge gives.
   * @param port 0 leaves it to the bridge.
   * @param backlog connections that may wait to be taken, 1..65,535.
   */
  Listen(host: string, port: number, backlog: number): MuxListener {
    const listener = new MuxListener(this.newId(), backlog);
    this.#listeners.set(listener.Id, listener);
    this.send({
      Type: PacketType.LISTEN,
      Stream: listener.Id,
      Port: port,
      Backlog: backlog,
      Flags: 0,
      Host: host,
    });
    return listener;
  }

  /** Answers "accepted". The rings are as for `Connect`. */
  Accept(stream: MuxStream, source: ByteRing, sink: ByteRing): void {
    if (!this.isLive(stream) || stream.IsAttached()) return;
    stream.Attach(source, sink, this.growth);
    this.SourceChanged(stream);
    this.SinkChanged(stream);
  }

  /** A connection of the listener waits no more; the bridge may announce another. */
  Taken(listener: MuxListener): void {
    listener.Take();
    if (this.#listeners.has(listener.Id)) this.outbox.AddGrant(listener);
  }

  /** Stops listening; connections that were announced are streams like others. */
  Unlisten(listener: MuxListener): void {
    if (!this.#listeners.has(listener.Id)) return;
    this.send(ClosePacketOf(listener.Id, SocketError.SUCCESS, true));
    this.#endListener(listener, SocketError.SUCCESS);
  }

  /** The bridge has said that it goes; nothing new can be asked for. */
  IsLeaving(): boolean {
    return this.#leaving;
  }

  /** Nothing is open or asked for. */
  IsIdle(): boolean {
    return this.StreamCount() + this.lookupCount() + this.#listeners.size === 0;
  }

  protected override canAsk(): boolean {
    return !this.#leaving && super.canAsk();
  }

  protected override receiveOwn(packet: Packet): boolean {
    if (packet.Type === PacketType.LISTENING) this.#receiveListening(packet);
    else if (packet.Type === PacketType.ACCEPT) this.#receiveAccept(packet);
    else if (packet.Type === PacketType.CLOSE) return this.#receiveUnlisten(packet);
    else return super.receiveOwn(packet);
    return true;
  }

  protected override receiveGoAway(): boolean {
    this.#leaving = true;
    return true;
  }

  protected override isUnheardOf(id: number): boolean {
    return id > MaxPageId ? id > this.#lastAcceptedId : super.isUnheardOf(id);
  }

  protected override endStreams(code: SocketError): void {
    super.endStreams(code);
    for (const listener of this.#listeners.values()) this.#endListener(listener, code);
  }

  #maxListeners(): number {
    return this.handshake.Mwx()?.MaxListeners ?? 0;
  }

  #receiveListening(packet: ListeningPacket): void {
    const listener = this.#listeners.get(packet.Stream);
    if (listener === undefined) this.dropOrFail(packet.Stream);
    else if (listener.Listening) this.fail("A listener was granted twice.");
    else {
      listener.Listening = true;
      this.emit({ Kind: "listening", Listener: listener, Bound: packet.Bound });
    }
  }

  #receiveAccept(packet: AcceptPacket): void {
    const { Stream: id, Listener: listenerId, Offset, Local, Peer: Remote } = packet;
    const listener = this.#listeners.get(listenerId);
    if (id <= this.#lastAcceptedId) {
      this.fail("A stream id was used twice, or is not the bridge's to use.");
    } else if (listener === undefined && this.isUnheardOf(listenerId)) {
      this.fail("A connection came for a listener that never was.");
    } else if (listener !== undefined && !(listener.Listening && listener.Announce())) {
      this.fail("More connections came than were granted.");
    } else {
      this.#lastAcceptedId = id;
      const stream = new MuxStream(id, null);
      stream.Opened = true;
      stream.Window.Grant(Offset);
      this.add(stream);
      // The listener was closed while the connection was on its way.
      if (listener === undefined) this.Reset(stream);
      else this.emit({ Kind: "accepted", Listener: listener, Stream: stream, Local, Remote });
    }
  }

  #receiveUnlisten(packet: ClosePacket): boolean {
    const listener = this.#listeners.get(packet.Stream);
    if (listener === undefined) return false;
    this.#endListener(listener, CodeOf(packet.Reason, packet.Code));
    return true;
  }

  #endListener(listener: MuxListener, code: SocketError): void {
    this.#listeners.delete(listener.Id);
    this.outbox.ForgetGrant(listener);
    this.emit({ Kind: "unlistened", Listener: listener, Code: code });
  }
}
