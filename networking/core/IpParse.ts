/**
 * IP addresses as text and as bytes: always 16 of them, an IPv4 address a.b.c.d as
 * ::ffff:a.b.c.d.
 *
 * The grammar is strict on purpose. What one program reads as an address and the next as a
 * name, or as another address (`127.1`, `0177.0.0.1`, `0x7f000001`), gets past whoever checks
 * addresses.
 *
 *     IPv4   four decimal parts 0..255, without leading zeros
 *     IPv6   eight groups of 1 to 4 hex digits, or fewer with one `::` for the rest (RFC 4291);
 *            a dotted tail only in an IPv4-mapped address; no zone, no brackets, no prefix length
 *
 * Longer text than an address can have is refused unread. Nothing here throws.
 */

/** The length of "0000:0000:0000:0000:0000:ffff:255.255.255.255". */
const maxTextLength = 45;
const decimalPart = /^(?:0|[1-9][0-9]{0,2})$/;
const hexGroup = /^[0-9a-fA-F]{1,4}$/;

/**
 * Reads an address.
 * @returns 16 bytes, or null when the text is not an address.
 */
export function ParseIp(text: string): Uint8Array | null {
  if (text.length > maxTextLength) return null;
  if (text.includes(".")) return parseDotted(text);
  return parseGroups(text);
}

/**
 * Writes an address as RFC 5952 asks, an IPv4 address dotted.
 * @param bytes 16 bytes.
 */
export function PrintIp(bytes: Uint8Array): string {
  if (IsIpv4Bytes(bytes)) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => groupAt(bytes, i));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  // A single zero group is written as 0, not shortened (RFC 5952 section 4.2.2).
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** True when 16 bytes hold ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
export function IsIpv4Bytes(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

/** "a.b.c.d", or a mapped address with that tail. */
function parseDotted(text: string): Uint8Array | null {
  const tailStart = text.lastIndexOf(":") + 1;
  const parts = text.slice(tailStart).split(".");
  if (parts.length !== 4 || !parts.every((part) => decimalPart.test(part))) return null;
  const [a = 256, b = 256, c = 256, d = 256] = parts.map(Number);
  if (Math.max(a, b, c, d) > 255) return null;
  const head = tailStart === 0 ? "::ffff:" : text.slice(0, tailStart);
  const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const bytes = parseGroups(head + tail);
  return bytes !== null && IsIpv4Bytes(bytes) ? bytes : null;
}

function parseGroups(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [left = "", right] = halves;
  const front = left === "" ? [] : left.split(":");
  const back = right === undefined || right === "" ? [] : right.split(":");
  const count = front.length + back.length;
  // `::` stands for at least one group.
  if (right === undefined ? count !== 8 : count > 7) return null;
  const bytes = new Uint8Array(16);
  return putGroups(bytes, 0, front) && putGroups(bytes, 8 - back.length, back) ? bytes : null;
}

function putGroups(bytes: Uint8Array, first: number, groups: readonly string[]): boolean {
  let at = first * 2;
  for (const group of groups) {
    if (!hexGroup.test(group)) return false;
    const value = parseInt(group, 16);
    bytes[at++] = value >> 8;
    bytes[at++] = value;
  }
  return true;
}

function groupAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0);
}

/** The longest run of zero groups, the first of equals. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > longest.length) longest = { start, length: i + 1 - start };
  });
  return longest;
}
