import { isIP, isIPv6 } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IsIpv4Bytes, ParseIp, PrintIp } from "../../../networking/core/IpParse.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`IpParse.test.ts: TEST_SEED=${seed}`);

/** Text and the groups that it stands for. */
const ipv6Texts: readonly (readonly [string, readonly number[]])[] = [
  ["::", [0, 0, 0, 0, 0, 0, 0, 0]],
  ["::1", [0, 0, 0, 0, 0, 0, 0, 1]],
  ["1::", [1, 0, 0, 0, 0, 0, 0, 0]],
  ["1:2:3:4:5:6:7:8", [1, 2, 3, 4, 5, 6, 7, 8]],
  ["1:2:3:4:5:6:7::", [1, 2, 3, 4, 5, 6, 7, 0]],
  ["::2:3:4:5:6:7:8", [0, 2, 3, 4, 5, 6, 7, 8]],
  ["2001:DB8::abcd", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0xabcd]],
  ["0001:0:00:000:0000:ff:fff:ffff", [1, 0, 0, 0, 0, 0xff, 0xfff, 0xffff]],
  ["::ffff:1.2.3.4", [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]],
  ["::FFFF:255.255.255.255", [0, 0, 0, 0, 0, 0xffff, 0xffff, 0xffff]],
  ["0:0:0:0:0:ffff:1.2.3.4", [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]],
  ["0000:0000:0000:0000:0000:ffff:255.255.255.255", [0, 0, 0, 0, 0, 0xffff, 0xffff, 0xffff]],
];

test.each(ipv6Texts)("reads %s", (text, groups) => {
  expect(ParseIp(text)).toEqual(bytesOf(groups));
});

test.each([
  ["0.0.0.0", [0, 0, 0, 0]],
  ["127.0.0.1", [127, 0, 0, 1]],
  ["9.10.99.100", [9, 10, 99, 100]],
  ["255.255.255.255", [255, 255, 255, 255]],
])("reads %s as ::ffff: and its four bytes", (text, parts) => {
  expect(ParseIp(text)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...parts));
});

test.each([
  ["nothing", ""],
  ["a space", " "],
  ["three parts", "127.0.1"],
  ["one part", "127"],
  ["five parts", "1.2.3.4.5"],
  ["a missing first part", ".2.3.4"],
  ["a missing middle part", "1..3.4"],
  ["a missing last part", "1.2.3."],
  ["a trailing dot", "1.2.3.4."],
  ["256", "1.2.3.256"],
  ["four digits", "1.2.3.0004"],
  ["a leading zero, octal to others", "127.0.0.01"],
  ["two zeros", "0.0.0.00"],
  ["hex", "0x7f.0.0.1"],
  ["a plus", "+1.2.3.4"],
  ["a minus", "1.-2.3.4"],
  ["a leading space", " 1.2.3.4"],
  ["a trailing space", "1.2.3.4 "],
  ["a trailing line feed", "1.2.3.4\n"],
  ["an exponent", "1e1.2.3.4"],
  ["full-width digits", "１２７.0.0.1"],
  ["a port", "1.2.3.4:80"],
  ["a prefix length", "1.2.3.4/8"],
  ["names with three dots", "a.b.c.d"],
  ["a host name", "www.example.com"],
  ["one colon", ":"],
  ["three colons", ":::"],
  ["a leading colon", ":1:2:3:4:5:6:7"],
  ["a leading colon before eight", ":1:2:3:4:5:6:7:8"],
  ["a trailing colon", "1:2:3:4:5:6:7:"],
  ["seven groups", "1:2:3:4:5:6:7"],
  ["nine groups", "1:2:3:4:5:6:7:8:9"],
  ["eight groups and ::", "1:2:3:4::5:6:7:8"],
  ["eight groups before ::", "1:2:3:4:5:6:7:8::"],
  ["two ::", "1::2::3"],
  ["five hex digits", "::12345"],
  ["a letter after f", "::g"],
  ["a sign in a group", "::-1"],
  ["a space in a group", ":: 1"],
  ["a 0x in a group", "::0x1"],
  ["a zone", "fe80::1%eth0"],
  ["brackets", "[::1]"],
  ["a port after brackets", "[::1]:80"],
  ["a dotted tail after ::", "::1.2.3.4"],
  ["a dotted tail after another prefix", "64:ff9b::1.2.3.4"],
  ["a dotted tail after ::ffff:0", "::ffff:0:1.2.3.4"],
  ["a dotted tail with a leading zero", "::ffff:1.2.3.04"],
  ["a dotted tail over 255", "::ffff:1.2.3.999"],
  ["a dotted tail of three parts", "::ffff:1.2.3"],
  ["a dotted tail in the middle", "::ffff:1.2.3.4:5"],
  ["a dotted head", "1.2.3.4::"],
  ["one character more than an address has", "00000:0000:0000:0000:0000:ffff:255.255.255.255"],
  ["a megabyte of colons", ":".repeat(1_000_000)],
])("refuses %s", (_, text) => {
  expect(ParseIp(text)).toBeNull();
});

test.each([
  ["drops leading zeros (4.1)", "2001:0db8::0001", "2001:db8::1"],
  ["shortens as much as possible (4.2.1)", "2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
  ["does not shorten one group (4.2.2)", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["shortens the longest run (4.2.3)", "2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["shortens the first of equal runs (4.2.3)", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["writes small letters (4.3)", "2001:DB8::ABCD", "2001:db8::abcd"],
  ["writes a mapped address dotted (5)", "::ffff:c000:280", "192.0.2.128"],
  ["shortens at the start", "0:0:0:1:2:3:4:5", "::1:2:3:4:5"],
  ["shortens at the end", "1:2:3:4:5:0:0:0", "1:2:3:4:5::"],
  ["keeps a zero group at the end", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"],
  ["shortens everything", "0:0:0:0:0:0:0:0", "::"],
  ["keeps ::ffff:0:0/96 apart from its neighbours", "::fffe:1:2", "::fffe:1:2"],
  ["knows no dotted form but the mapped one", "::1:2", "::1:2"],
])("RFC 5952: %s", (_, text, printed) => {
  const bytes = ParseIp(text);
  expect(bytes && PrintIp(bytes)).toBe(printed);
});

test("every 16 bytes survive print and parse, and the text is the RFC 5952 one", () => {
  // Zero groups are rare in random bytes and are what printing is about.
  const group = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = bytesOf(groups);
      const text = PrintIp(bytes);
      expect(ParseIp(text)).toEqual(bytes);
      expect(text).toBe(IsIpv4Bytes(bytes) ? bytes.slice(12).join(".") : shortestText(groups));
    }),
    { seed, numRuns: 2_000 },
  );
});

test("every IPv4 address survives parse and print", () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      const bytes = ParseIp(text);
      expect(bytes && IsIpv4Bytes(bytes)).toBe(true);
      expect(bytes && PrintIp(bytes)).toBe(text);
    }),
    { seed },
  );
});

test("no text makes it throw, and what it reads prints as text that reads the same", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), nearlyAddress()), (text) => {
      const bytes = ParseIp(text);
      expect(bytes && ParseIp(PrintIp(bytes))).toEqual(bytes);
    }),
    { seed, numRuns: 5_000 },
  );
});

test("agrees with Node.js on addresses, except for zones and unmapped dotted tails", () => {
  fc.assert(
    fc.property(nearlyAddress(), (text) => {
      const strangeTail = text.includes(":") && text.includes(".") && !isMapped(text);
      const expected = isIP(text) !== 0 && !text.includes("%") && !strangeTail;
      expect(ParseIp(text) !== null).toBe(expected);
    }),
    { seed, numRuns: 5_000 },
  );
});

/** Addresses of both families, whole or with one piece of text put over another. */
function nearlyAddress(): fc.Arbitrary<string> {
  const mapped = fc.ipV4().map((tail) => `::ffff:${tail}`);
  const whole = fc.oneof(fc.ipV4(), fc.ipV6(), mapped);
  const piece = fc.constantFrom(
    "",
    ":",
    "::",
    ".",
    "0",
    "00",
    "f",
    "1.2.3.4",
    "256",
    "%1",
    " ",
    "x",
  );
  const broken = fc
    .tuple(whole, fc.nat(45), fc.nat(3), piece)
    .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  return fc.oneof(whole, broken);
}

/** By another way than the parser's: the URL standard's spelling of a mapped address. */
function isMapped(text: string): boolean {
  if (!isIPv6(text) || text.includes("%")) return false;
  return /^\[::ffff:[0-9a-f]+:[0-9a-f]+\]$/.test(new URL(`http://[${text}]`).hostname);
}

function bytesOf(groups: readonly number[]): Uint8Array {
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** RFC 5952 by trying every place of `::`: the longest first, then from the left. */
function shortestText(groups: readonly number[]): string {
  const hex = groups.map((group) => group.toString(16));
  for (let length = 8; length >= 2; length--) {
    for (let start = 0; start + length <= 8; start++) {
      if (groups.slice(start, start + length).some((group) => group !== 0)) continue;
      return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
    }
  }
  return hex.join(":");
}
