/**
 * An IP address of either family, the wildcard "*", or nothing valid (Godot 4 `IPAddress`).
 *
 * Sixteen bytes inside, IPv4 as ::ffff:a.b.c.d, so a mapped address and the IPv4 address are
 * one and the same. Whoever hands an address out hands out a copy, since `Clear` and the
 * setters change it.
 */
import { IsIpv4Bytes, ParseIp, PrintIp } from "./IpParse.ts";

type Kind = "invalid" | "wildcard" | "valid";

export class IpAddress {
  readonly #bytes = new Uint8Array(16);
  #kind: Kind = "invalid";

  /** An invalid address, to be set later. */
  constructor();
  /**
   * @param text "127.0.0.1", "::1", or "*" for the wildcard. Any other text, a host name too,
   * makes an invalid address; the grammar is the one of `ParseIp`.
   */
  constructor(text: string);
  /**
   * @param a,b,c,d four parts 0..255, or with `isIpv6` four 32-bit words 0..2^32-1, the most
   * significant first. A number outside makes an invalid address.
   */
  constructor(a: number, b: number, c: number, d: number, isIpv6?: boolean);
  constructor(first?: string | number, b?: number, c?: number, d?: number, isIpv6 = false) {
    if (first === undefined) return;
    if (typeof first === "string") this.#setText(first);
    else this.#setNumbers([first, b, c, d], isIpv6);
  }

  /**
   * @param bytes 4 bytes of an IPv4 address or 16 of either family, in network order; copied.
   */
  static FromBytes(bytes: Uint8Array): IpAddress {
    const address = new IpAddress();
    if (bytes instanceof Uint8Array && bytes.length === 4) address.SetIpv4(bytes);
    else address.SetIpv6(bytes);
    return address;
  }

  /** A copy of the 16 bytes inside; all zero unless `IsValid()`. */
  ToBytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** False for the wildcard, which is a place to listen at and no address to connect to. */
  IsValid(): boolean {
    return this.#kind === "valid";
  }

  /** A valid IPv4 address, written as one or mapped. */
  IsIpv4(): boolean {
    return this.#kind === "valid" && IsIpv4Bytes(this.#bytes);
  }

  /** "*": all addresses of both families. */
  IsWildcard(): boolean {
    return this.#kind === "wildcard";
  }

  /** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) or ::1 (RFC 4291 section 2.5.3). */
  IsLoopback(): boolean {
    if (this.#kind !== "valid") return false;
    if (IsIpv4Bytes(this.#bytes)) return this.#bytes[12] === 127;
    return this.#bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
  }

  /** Makes the address invalid. */
  Clear(): void {
    this.#bytes.fill(0);
    this.#kind = "invalid";
  }

  /** @param bytes exactly 4 bytes; copied. */
  SetIpv4(bytes: Uint8Array): void {
    requireBytes(bytes, 4);
    this.#bytes.fill(0, 0, 10).fill(0xff, 10, 12).set(bytes, 12);
    this.#kind = "valid";
  }

  /** @param bytes exactly 16 bytes; copied. A mapped address is IPv4 afterwards. */
  SetIpv6(bytes: Uint8Array): void {
    requireBytes(bytes, 16);
    this.#bytes.set(bytes);
    this.#kind = "valid";
  }

  /** A copy of the 4 bytes; null when the address is not IPv4. */
  GetIpv4(): Uint8Array | null {
    return this.IsIpv4() ? this.#bytes.slice(12) : null;
  }

  /** A copy of the 16 bytes, an IPv4 address mapped; null when the address is not valid. */
  GetIpv6(): Uint8Array | null {
    return this.#kind === "valid" ? this.#bytes.slice() : null;
  }

  /** True for valid addresses with the same bytes; invalid ones and wildcards equal nothing. */
  Equals(other: IpAddress): boolean {
    if (!(other instanceof IpAddress)) {
      throw new TypeError("IpAddress.Equals compares with an IpAddress.");
    }
    if (this.#kind !== "valid" || other.#kind !== "valid") return false;
    return this.#bytes.every((byte, i) => byte === other.#bytes[i]);
  }

  /** Dotted, or RFC 5952 for IPv6; "*" for the wildcard, "" for an invalid address. */
  ToString(): string {
    if (this.#kind === "invalid") return "";
    return this.#kind === "wildcard" ? "*" : PrintIp(this.#bytes);
  }

  /** For template strings and logs, which ask for this spelling. */
  toString(): string {
    return this.ToString();
  }

  #setText(text: string): void {
    if (text === "*") {
      this.#kind = "wildcard";
      return;
    }
    const bytes = ParseIp(text);
    if (bytes !== null) this.SetIpv6(bytes);
  }

  #setNumbers(parts: readonly unknown[], isIpv6: boolean): void {
    if (!parts.every((part) => typeof part === "number") || typeof isIpv6 !== "boolean") {
      throw new TypeError(
        "new IpAddress takes nothing, a text, or four numbers with true for IPv6 words.",
      );
    }
    const most = isIpv6 ? 0xffff_ffff : 0xff;
    if (!parts.every((part) => Number.isInteger(part) && part >= 0 && part <= most)) return;
    if (isIpv6) {
      const bytes = new Uint8Array(16);
      const view = new DataView(bytes.buffer);
      parts.forEach((word, i) => view.setUint32(i * 4, word));
      this.SetIpv6(bytes);
    } else {
      this.SetIpv4(Uint8Array.from(parts));
    }
  }
}

function requireBytes(bytes: Uint8Array, length: 4 | 16): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    throw new TypeError(
      length === 4
        ? "An IPv4 address is set from a Uint8Array of 4 bytes."
        : "An IP address is set from a Uint8Array of 16 bytes, or of 4 for IPv4.",
    );
  }
}
