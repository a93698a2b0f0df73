/** What a driver's `Receive` answers. */
import type { DriverAddress } from "./DriverAddress.ts";
import { ResultCode } from "./ResultCode.ts";

export interface ReceiveResult {
  readonly Result: ResultCode;
  /** Bytes written to the buffer; 0 with EC_OK: no packet is there. */
  readonly Size: number;
  /** Who sent it; null when no packet is there. */
  readonly From: DriverAddress | null;
}

export const NoPacket: ReceiveResult = Object.freeze({
  Result: ResultCode.EC_OK,
  Size: 0,
  From: null,
});
