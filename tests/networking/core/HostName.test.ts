import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NormalizeHostName } from "../../../networking/core/HostName.ts";
import { Limits } from "../../../networking/core/Limits.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`HostName.test.ts: TEST_SEED=${seed}`);

test.each([
  ["example.com", "example.com"],
  ["EXAMPLE.Com", "example.com"],
  ["example.com.", "example.com"],
  ["localhost", "localhost"],
  ["game-server_1", "game-server_1"],
  ["a.b.c.d", "a.b.c.d"],
  ["3com.example", "3com.example"],
  ["1.2.3.4.example", "1.2.3.4.example"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["0xfg", "0xfg"],
  ["x0", "x0"],
])("%s is the name %s", (text, name) => {
  expect(NormalizeHostName(text)).toBe(name);
});

test.each([
  ["nothing", ""],
  ["only a dot", "."],
  ["two trailing dots", "example.com.."],
  ["an empty label", "example..com"],
  ["a leading dot", ".example.com"],
  ["a space", "exam ple.com"],
  ["a trailing space", "example.com "],
  ["a line feed at the end", "example.com\n"],
  ["a zero byte", "example.com\0.evil"],
  ["a tab", "\texample.com"],
  ["an escape character", "example\u001b.com"],
  ["the wildcard", "*"],
  ["a port", "example.com:80"],
  ["a URL", "http://example.com/"],
  ["a user", "user@example.com"],
  ["an international name not in its ASCII form", "bücher.example"],
  ["the Kelvin sign, whose small letter is k", "\u212Aube.example"],
  ["a soft hyphen", "exam\u00ADple.com"],
  ["a zero-width joiner", "example\u200D.com"],
  ["an ideographic full stop", "example。com"],
  ["an IPv4 literal", "127.0.0.1"],
  ["an IPv6 literal", "::1"],
  ["an IPv6 literal in brackets", "[::1]"],
  ["a zone", "fe80::1%eth0"],
])("refuses %s", (_, text) => {
  expect(NormalizeHostName(text)).toBeNull();
});

test.each([
  "2130706433",
  "0x7f000001",
  "0X7F000001",
  "017700000001",
  "0",
  "0x",
  "127.1",
  "127.0.1",
  "127.0.0.01",
  "0177.0.0.1",
  "0x7f.0.0.1",
  "127.0.0.0x1",
  "127.0.0.1.",
  "127.1.",
  "1.2.3.4.5",
  "999.999.999.999",
  "example.7",
  "１２７.０.０.１",
  "127。0。0。1",
  "１２７.1",
  "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
  "①②⑦.0.0.1",
])("refuses %j, which system resolvers may take for an address", (text) => {
  expect(NormalizeHostName(text)).toBeNull();
});

test("a name has up to 253 characters, a trailing dot not counted", () => {
  const most = Limits.maxHostNameLength;
  for (const length of [most - 1, most]) {
    const name = nameOfLength(length);
    expect(name).toHaveLength(length);
    expect(NormalizeHostName(name)).toBe(name);
    expect(NormalizeHostName(`${name}.`)).toBe(name);
  }
  expect(NormalizeHostName(nameOfLength(most + 1))).toBeNull();
  expect(NormalizeHostName(`${nameOfLength(most + 1)}.`)).toBeNull();
});

test("a label has up to 63 characters", () => {
  for (const length of [62, 63]) {
    expect(NormalizeHostName(`${"a".repeat(length)}.com`)).toHaveLength(length + 4);
  }
  expect(NormalizeHostName(`${"a".repeat(64)}.com`)).toBeNull();
});

test("no text makes it throw, and a name is its own normal form", () => {
  const nameLike = fc.string({ unit: fc.constantFrom(..."aZ09-_x. é"), maxLength: 300 });
  fc.assert(
    fc.property(fc.oneof(fc.domain(), nameLike, fc.string({ unit: "binary" })), (text) => {
      const name = NormalizeHostName(text);
      expect(name === null || /^[a-z0-9_.-]{1,253}$/.test(name)).toBe(true);
      expect(name && NormalizeHostName(name)).toBe(name);
      expect(name && NormalizeHostName(`${name}.`)).toBe(name);
    }),
    { seed, numRuns: 2_000 },
  );
});

test("takes every ordinary domain name", () => {
  fc.assert(
    fc.property(fc.domain(), (domain) => {
      expect(NormalizeHostName(domain)).toBe(domain.toLowerCase());
    }),
    { seed, numRuns: 1_000 },
  );
});

/** "a.a.a" or "aa.a.a" */
function nameOfLength(length: number): string {
  const first = length % 2 === 0 ? "aa" : "a";
  return first + ".a".repeat((length - first.length) / 2);
}
