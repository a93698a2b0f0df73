/**
 * One end of a connection as the driver's calls and events name it (GridMate
 * `SocketDriverAddress`): an IP address and a port, written "ip|port".
 *
 * Equal addresses are one object, however they were written and whichever driver made them, so
 * `===` compares and a Map can have them as keys. The table behind this holds them weakly: an
 * address lasts as long as somebody holds it.
 */
import { IpAddress } from "../core/IpAddress.ts";

const known = new Map<string, WeakRef<DriverAddress>>();

/** Runs some time after an address was collected; by then the text may have a new object. */
const forgotten = new FinalizationRegistry<string>((text) => {
  if (known.get(text)?.deref() === undefined) known.delete(text);
});

/** Only `AddressOf` and `ParseAddress` make addresses, or equal ones would be two objects. */
const maker = Symbol("DriverAddress");

export class DriverAddress {
  readonly #ip: IpAddress;
  readonly #port: number;
  readonly #text: string;

  constructor(by: symbol, ip: IpAddress, port: number, text: string) {
    if (by !== maker) throw new TypeError("Make addresses with driver.CreateDriverAddress(text).");
    this.#ip = ip;
    this.#port = port;
    this.#text = text;
  }

  /** The address without the port, as text. */
  GetIP(): string {
    return this.#ip.ToString();
  }

  /** 1..65535 */
  GetPort(): number {
    return this.#port;
  }

  /** A copy. */
  ToIpAddress(): IpAddress {
    return IpAddress.FromBytes(this.#ip.ToBytes());
  }

  /** "127.0.0.1|5555", "::1|5555" */
  ToString(): string {
    return this.#text;
  }

  /** For template strings and logs, which ask for this spelling. */
  toString(): string {
    return this.#text;
  }
}

/** @param port 1..65535. @returns the one object for this address. */
export function AddressOf(ip: IpAddress, port: number): DriverAddress {
  const text = `${ip.ToString()}|${port}`;
  const found = known.get(text)?.deref();
  if (found !== undefined) return found;
  const made = new DriverAddress(maker, IpAddress.FromBytes(ip.ToBytes()), port, text);
  known.set(text, new WeakRef(made));
  forgotten.register(made, text);
  return made;
}

/** @param text "ip|port". @returns the one object for this address, or null for other text. */
export function ParseAddress(text: string): DriverAddress | null {
  if (typeof text !== "string") throw new TypeError('An address is a text "ip|port".');
  const bar = text.lastIndexOf("|");
  const ip = new IpAddress(text.slice(0, Math.max(bar, 0)));
  const digits = text.slice(bar + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  return ip.IsValid() && port >= 1 && port <= 65_535 ? AddressOf(ip, port) : null;
}
