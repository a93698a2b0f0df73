/**
 * Whole packets in, whole packets out, over whatever a subclass stands on (Godot 4 `PacketPeer`).
 * This class adds variants: one packet holds one variant, without a length of its own. Scripts
 * drive it from `Process`; sizes are bounded by the subclass, nesting by the variant codec.
 */
import { DecodeVariant } from "./DecodeVariant.ts";
import { EncodeVariant } from "./EncodeVariant.ts";
import { SocketError } from "./SocketError.ts";
import { VariantFormat } from "./Variant.ts";
import type { Variant } from "./Variant.ts";

export abstract class PacketPeer {
  /** Which Godot's numbering `PutVar` and `GetVar` speak. */
  Variants: VariantFormat = VariantFormat.GODOT_4;
  #packetError: SocketError = SocketError.SUCCESS;

  /** Packets that `GetPacket` would give now. */
  abstract GetAvailablePacketCount(): number;
  /** The oldest packet, in memory of its own, or null; `GetPacketError` says why. */
  abstract GetPacket(): Uint8Array | null;
  /** Sends `data` as one packet or not at all; it is copied. */
  abstract PutPacket(data: Uint8Array): SocketError;

  /**
   * The result of the last `GetPacket` or `GetVar`: SUCCESS, UNAVAILABLE when there was nothing,
   * PROTOCOL_ERROR, or the reason why nothing more will come.
   */
  GetPacketError(): SocketError {
    return this.#packetError;
  }

  /** For subclasses, in `GetPacket`. */
  protected setPacketError(code: SocketError): void {
    this.#packetError = code;
  }

  /** Throws as `EncodeVariant` does for what is no variant. @returns as `PutPacket`. */
  PutVar(value: Variant): SocketError {
    return this.PutPacket(EncodeVariant(value, this.Variants));
  }

  /**
   * The next packet as a variant. A `null` may be nil: `GetPacketError` is SUCCESS then. A packet
   * that is no variant is consumed and gives PROTOCOL_ERROR; packets behind it are not concerned.
   */
  GetVar(): Variant {
    const packet = this.GetPacket();
    if (packet === null) return null;
    const { Result, Value } = DecodeVariant(packet, this.Variants);
    this.#packetError = Result;
    return Value;
  }
}
