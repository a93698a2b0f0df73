/**
 * Wisp's close reasons (Wisp 2.0, "CLOSE") and the SocketError that each stands for. MWX sends the
 * exact code beside the reason; a plain Wisp peer has the reason only.
 */
import { IsSocketError, SocketError } from "../core/SocketError.ts";
import type { ClosePacket } from "./Packet.ts";
import { PacketType } from "./Packet.ts";

export const WispReason = Object.freeze({
  UNSPECIFIED: 0x01,
  VOLUNTARY: 0x02,
  NETWORK_ERROR: 0x03,
  INCOMPATIBLE_EXTENSIONS: 0x04,
  INVALID_INFO: 0x41,
  UNREACHABLE: 0x42,
  CONNECT_TIMEOUT: 0x43,
  REFUSED: 0x44,
  DATA_TIMEOUT: 0x47,
  BLOCKED: 0x48,
  THROTTLED: 0x49,
  CLIENT_ERROR: 0x81,
  BAD_PASSWORD: 0xc0,
  BAD_SIGNATURE: 0xc1,
  CREDENTIALS_MISSING: 0xc2,
} as const);

const codes: ReadonlyMap<number, SocketError> = new Map<number, SocketError>([
  [WispReason.VOLUNTARY, SocketError.SUCCESS],
  [WispReason.NETWORK_ERROR, SocketError.CONNECTION_RESET],
  [WispReason.INCOMPATIBLE_EXTENSIONS, SocketError.PROTOCOL_ERROR],
  [WispReason.INVALID_INFO, SocketError.INVALID_PARAMETER],
  [WispReason.UNREACHABLE, SocketError.HOST_UNREACHABLE],
  [WispReason.CONNECT_TIMEOUT, SocketError.TIMED_OUT],
  [WispReason.REFUSED, SocketError.CONNECTION_REFUSED],
  [WispReason.DATA_TIMEOUT, SocketError.TIMED_OUT],
  [WispReason.BLOCKED, SocketError.POLICY_DENIED],
  [WispReason.THROTTLED, SocketError.LIMIT_REACHED],
  [WispReason.CLIENT_ERROR, SocketError.CONNECTION_RESET],
  [WispReason.BAD_PASSWORD, SocketError.PERMISSION_DENIED],
  [WispReason.BAD_SIGNATURE, SocketError.PERMISSION_DENIED],
  [WispReason.CREDENTIALS_MISSING, SocketError.PERMISSION_DENIED],
]);

const reasons: ReadonlyMap<SocketError, number> = new Map<SocketError, number>([
  [SocketError.SUCCESS, WispReason.VOLUNTARY],
  [SocketError.CONNECTION_RESET, WispReason.NETWORK_ERROR],
  [SocketError.INVALID_PARAMETER, WispReason.INVALID_INFO],
  [SocketError.UNAVAILABLE, WispReason.INVALID_INFO],
  [SocketError.HOST_UNREACHABLE, WispReason.UNREACHABLE],
  [SocketError.CANT_RESOLVE, WispReason.UNREACHABLE],
  [SocketError.TIMED_OUT, WispReason.CONNECT_TIMEOUT],
  [SocketError.CONNECTION_REFUSED, WispReason.REFUSED],
  [SocketError.POLICY_DENIED, WispReason.BLOCKED],
  [SocketError.LIMIT_REACHED, WispReason.THROTTLED],
]);

/** The reason to send for a code; codes that Wisp has no word for are "unspecified". */
export function ReasonOf(code: SocketError): number {
  return reasons.get(code) ?? WispReason.UNSPECIFIED;
}

/**
 * The code that a received CLOSE stands for.
 * @param reason Wisp's; one that nobody knows is FAILED.
 * @param code MWX's, null without it; a number that is no SocketError counts as null.
 */
export function CodeOf(reason: number, code: number | null): SocketError {
  if (code !== null && IsSocketError(code)) return code;
  return codes.get(reason) ?? SocketError.FAILED;
}

/** @param mwx whether the peer takes the exact code too. */
export function ClosePacketOf(stream: number, code: SocketError, mwx: boolean): ClosePacket {
  const Code = mwx ? code : null;
  return { Type: PacketType.CLOSE, Stream: stream, Reason: ReasonOf(code), Code };
}
