/**
 * Addresses between their two forms: 16 bytes in the rings, text for the system. A server hears
 * from the same players again and again, so both directions remember what they have converted.
 *
 * Limit: `Limits.datagramAddresses` each way; then the memory starts afresh, so a flood with forged
 * senders costs time and no memory.
 */
import { IsIpv4Bytes, PrintIp } from "../../../core/IpParse.ts";
import { Limits } from "../../../core/Limits.ts";
import { AddressOf } from "../Endpoints.ts";

const bytesByText = new Map<string, Uint8Array>();
const textByBytes = new Map<string, string>();

/** @param text as Node gives it: mapped addresses and scope ids included. */
export function DatagramBytesOf(text: string): Uint8Array {
  return bytesByText.get(text) ?? remember(bytesByText, text, AddressOf(text).ToBytes());
}

/** Dotted for IPv4. @param bytes 16 bytes. */
export function DatagramTextOf(bytes: Uint8Array): string {
  const key = String.fromCharCode(...bytes);
  return textByBytes.get(key) ?? remember(textByBytes, key, PrintIp(bytes));
}

/** What a socket of one family calls it: IPv4 addresses are mapped ones for an IPv6 socket. */
export function DatagramTargetOf(bytes: Uint8Array, isIpv6Socket: boolean): string {
  const text = DatagramTextOf(bytes);
  return isIpv6Socket && IsIpv4Bytes(bytes) ? `::ffff:${text}` : text;
}

function remember<Value>(memory: Map<string, Value>, key: string, value: Value): Value {
  if (memory.size >= Limits.datagramAddresses) memory.clear();
  memory.set(key, value);
  return value;
}
