/**
 * What a mux does for its WebSocket as a whole: the handshake, the packets on stream 0, and the
 * one end that everything can come to. Mux adds the streams.
 *
 * Limits: as `Outbox`. Driven by the owner's `Receive`.
 */
import { SocketError } from "../core/SocketError.ts";
import type { HandshakeAnswer, MuxRole, WispVersion } from "./Handshake.ts";
import { Handshake } from "./Handshake.ts";
import type { MuxEmit, MuxEvent } from "./MuxEvent.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { MwxInfo } from "./MwxInfo.ts";
import { OwnMwxInfo } from "./MwxInfo.ts";
import { Outbox } from "./Outbox.ts";
import type { GoAwayPacket, Packet } from "./Packet.ts";
import { PacketType } from "./Packet.ts";
import { DecodePacket } from "./PacketDecode.ts";
import type { WindowGrowth } from "./WindowGrowth.ts";
import { GrowthWithin } from "./WindowGrowth.ts";
import { CodeOf } from "./WispReason.ts";

export abstract class MuxSession {
  protected readonly handshake: Handshake;
  protected readonly outbox = new Outbox();
  /** What windows may grow beyond their rings. */
  protected readonly growth: WindowGrowth;
  readonly #emit: MuxEmit;
  #saidReady: boolean;
  #over = false;
  #dropped = 0;

  /**
   * @param own what this end offers of MWX.
   * @param growth what windows may grow beyond their rings.
   */
  protected constructor(
    role: MuxRole,
    version: WispVersion,
    emit: MuxEmit,
    own: MwxInfo = OwnMwxInfo,
    growth: WindowGrowth = GrowthWithin(MuxLimits.windowGrowthBytes),
  ) {
    this.handshake = new Handshake(role, version, own);
    this.#emit = emit;
    this.growth = growth;
    this.#saidReady = this.handshake.IsDone();
    for (const packet of this.handshake.Opening()) this.outbox.Add(packet);
  }

  /** Handshake done, and not over. */
  IsReady(): boolean {
    return !this.#over && this.handshake.IsDone();
  }

  /** MWX is spoken; false before the handshake is done. */
  HasMwx(): boolean {
    return this.handshake.Mwx() !== null;
  }

  /** Packets for streams that had ended, and of unknown types in plain Wisp. */
  Dropped(): number {
    return this.#dropped;
  }

  /** @param message one binary message of the WebSocket; not used after the call returns. */
  Receive(message: Uint8Array): void {
    if (this.#over) return;
    const decoded = DecodePacket(message);
    if (decoded.Ok) this.#receive(decoded.Packet);
    else if (decoded.Problem === "type" && !this.HasMwx()) this.#dropped++;
    else this.fail(`A packet does not decode: ${decoded.Problem}.`);
  }

  /** The time for INFO is over: a page that has heard CONTINUE goes on without. */
  SettleForV1(): void {
    if (!this.#over && this.handshake.SettleForV1()) this.#sayReady();
  }

  /** Asks for a "pong" with the same value; without MWX nothing happens. @param value u64. */
  Ping(value: bigint): void {
    if (this.HasMwx()) this.send({ Type: PacketType.PING, Stream: 0, Value: value });
  }

  /**
   * The WebSocket is gone: every stream ends with `code`, and nothing works any more. With
   * SUCCESS it is as if the peer had closed each in order: what waits for a ring still goes into
   * it.
   */
  End(code: SocketError): void {
    this.#over = true;
    this.outbox.Clear();
    this.endStreams(code);
  }

  /** A packet that belongs to one stream, the handshake being done. @returns false: not allowed. */
  protected abstract receiveForStream(packet: Packet): boolean;

  /** The peer wants no new streams here. @returns false: not the peer's to want. */
  protected abstract receiveGoAway(packet: GoAwayPacket): boolean;

  /** As `End`, which has done the rest. */
  protected abstract endStreams(code: SocketError): void;

  protected isOver(): boolean {
    return this.#over;
  }

  protected emit(event: MuxEvent): void {
    this.#emit(event);
  }

  protected send(packet: Packet): void {
    if (this.#over || this.outbox.Add(packet)) return;
    this.fail("The peer asks faster than it reads the answers.", SocketError.LIMIT_REACHED);
  }

  /** A packet came that needs no answer and does no harm. */
  protected countDropped(): void {
    this.#dropped++;
  }

  protected fail(why: string, code: SocketError = SocketError.PROTOCOL_ERROR): void {
    if (this.#over) return;
    this.End(code);
    this.#emit({ Kind: "failed", Code: code, Why: why });
  }

  #receive(packet: Packet): void {
    if (packet.Stream === 0) this.#receiveForAll(packet);
    else if (!this.handshake.IsDone()) this.fail("A stream's packet came before the handshake.");
    else if (packet.Type >= PacketType.WINDOW && !this.HasMwx()) this.#dropped++;
    else if (!this.receiveForStream(packet)) {
      this.fail(`Packet type ${packet.Type} is not the peer's to send.`);
    }
  }

  #receiveForAll(packet: Packet): void {
    if (packet.Type === PacketType.INFO) this.#answer(this.handshake.Info(packet));
    else if (packet.Type === PacketType.CONTINUE) this.#answer(this.handshake.Continue(packet));
    else if (packet.Type === PacketType.CLOSE) {
      this.fail(`The peer closed, reason ${packet.Reason}.`, CodeOf(packet.Reason, packet.Code));
    } else if (packet.Type === PacketType.PING && this.HasMwx()) {
      this.send({ Type: PacketType.PONG, Stream: 0, Value: packet.Value });
    } else if (packet.Type === PacketType.PONG && this.HasMwx()) {
      this.#emit({ Kind: "pong", Value: packet.Value });
    } else if (packet.Type === PacketType.GOAWAY && this.HasMwx() && this.receiveGoAway(packet)) {
      this.#emit({ Kind: "goaway", RetryAfterMs: packet.RetryAfterMs });
    } else if (packet.Type >= PacketType.WINDOW && !this.HasMwx()) this.#dropped++;
    else this.fail(`Packet type ${packet.Type} does not belong on stream 0.`);
  }

  #answer(answer: HandshakeAnswer): void {
    if (answer === null) {
      this.fail("The peer's handshake is out of order.");
      return;
    }
    for (const packet of answer) this.send(packet);
    this.#sayReady();
  }

  #sayReady(): void {
    if (this.#saidReady || !this.handshake.IsDone()) return;
    this.#saidReady = true;
    this.#emit({ Kind: "ready" });
  }
}
