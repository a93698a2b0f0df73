/**
 * What a socket is made from, and the checks that its calls make on their arguments: wrong types
 * throw a TypeError that says what to pass, values out of range become a code.
 */
import { NormalizeHostName } from "./HostName.ts";
import { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { NetBackend } from "./NetBackend.ts";
import { NetLog } from "./NetLog.ts";
import { SocketError } from "./SocketError.ts";

/** Which transport a socket speaks (Luna and Godot `NetSocket.Type`). */
export const Protocol = Object.freeze({ TCP: 0, UDP: 1 } as const);
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

export interface NetSocketOptions {
  /** Bytes from the peer that may wait to be read, 256..2^28; 65,536 by default. */
  readonly InboundBufferSize?: number;
  /** Bytes that may wait to be sent, 256..2^28; 65,536 by default. */
  readonly OutboundBufferSize?: number;
  /** Milliseconds for a connect, lookup included; 10,000 by default. */
  readonly ConnectTimeout?: number;
  /** Where sockets come from; the platform's own by default. Tests pass another. */
  readonly Backend?: NetBackend;
}

/** A ring's size, or the default. Throws TypeError outside of its range. */
export function BufferSize(size: number | undefined, otherwise: number): number {
  if (size === undefined) return otherwise;
  if (!Number.isInteger(size) || size < Limits.minBufferBytes || size > Limits.maxBufferBytes) {
    const range = `${Limits.minBufferBytes}..${Limits.maxBufferBytes}`;
    throw new TypeError(`A buffer size is an integer of bytes in ${range}.`);
  }
  return size;
}

/** An address from either form; invalid when the text is none. Throws TypeError for other types. */
export function AddressOf(address: IpAddress | string, call: string): IpAddress {
  if (typeof address === "string") return new IpAddress(address);
  if (address instanceof IpAddress) return address;
  throw new TypeError(`${call} takes an IpAddress or its text, such as "127.0.0.1".`);
}

/** An address, a host name in normal form, or the code that says why it is neither. */
export function TargetOf(host: IpAddress | string): IpAddress | string | SocketError {
  const address = AddressOf(host, "ConnectToHost");
  if (address.IsValid()) return address;
  if (typeof host !== "string" || address.IsWildcard()) return SocketError.INVALID_IP_ADDRESS;
  if (host === "" || host.includes(":")) return SocketError.INVALID_IP_ADDRESS;
  if (host.split(".").length === 4 && /^[\d.]+$/.test(host)) return SocketError.INVALID_IP_ADDRESS;
  return NormalizeHostName(host) ?? SocketError.CANT_RESOLVE;
}

/** Whether a number is a port of at least `least`. Throws TypeError for other types. */
export function IsPort(port: number, least: number, call: string): boolean {
  if (typeof port !== "number") throw new TypeError(`${call} takes a port number.`);
  return Number.isInteger(port) && port >= least && port <= 65_535;
}

/**
 * A backlog outside 1..65535 becomes the nearer end, logged once. Throws TypeError for other
 * types.
 */
export function CorrectedBacklog(maxPending: number): number {
  if (typeof maxPending !== "number") {
    throw new TypeError("Listen takes a number of connections as its backlog.");
  }
  const wanted = Number.isNaN(maxPending) ? 1 : Math.trunc(maxPending);
  const corrected = Math.min(Math.max(wanted, 1), Limits.maxBacklog);
  if (corrected !== maxPending) {
    NetLog.WarnOnce(
      `A backlog of ${maxPending} is outside 1..${Limits.maxBacklog}; ${corrected} is used.`,
    );
  }
  return corrected;
}
