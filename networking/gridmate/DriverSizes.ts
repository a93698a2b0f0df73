/** What a driver's constructor was given, checked: wrong sizes throw a TypeError. */
import type { NetSocketOptions } from "../core/NetSocketOptions.ts";
import { GridMateLimits } from "./GridMateLimits.ts";

/** Where connections come from, and how long making one may take; see NetSocketOptions. */
export type DriverOptions = Pick<NetSocketOptions, "Backend" | "ConnectTimeout">;

export interface DriverSizes {
  readonly MaxConnections: number;
  /** Bytes of the largest packet that can be sent. */
  readonly MaxPacketBytes: number;
  /** Capacities of a stream's rings, in bytes. */
  readonly InboundBytes: number;
  readonly OutboundBytes: number;
}

/** The parameters are the constructor's. */
export function DriverSizesOf(
  maxConnections: number,
  maxPacketSize: number,
  inboundBufferSize: number,
  outboundBufferSize: number,
): DriverSizes {
  const { mostConnections, maxPacketBytes, minBufferBytes, maxBufferBytes } = GridMateLimits;
  requireCount("maxConnections", maxConnections, 1, mostConnections);
  requireCount("maxPacketSize", maxPacketSize, 1, maxPacketBytes + 1);
  requireCount("inboundBufferSize", inboundBufferSize, minBufferBytes, maxBufferBytes);
  requireCount("outboundBufferSize", outboundBufferSize, minBufferBytes, maxBufferBytes);
  return {
    MaxConnections: maxConnections,
    MaxPacketBytes: Math.min(maxPacketSize, maxPacketBytes, outboundBufferSize),
    InboundBytes: inboundBufferSize,
    // A header more, so that a packet as large as the buffer fits into it.
    OutboundBytes: outboundBufferSize + GridMateLimits.headerBytes,
  };
}

function requireCount(what: string, count: number, least: number, most: number): void {
  if (Number.isInteger(count) && count >= least && count <= most) return;
  throw new TypeError(`A stream socket driver takes ${what} as an integer in ${least}..${most}.`);
}
