import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`IpAddress.test.ts: TEST_SEED=${seed}`);

describe("construction", () => {
  test("without arguments: invalid, prints nothing", () => {
    const address = new IpAddress();
    expect(address.IsValid()).toBe(false);
    expect(address.IsIpv4()).toBe(false);
    expect(address.IsWildcard()).toBe(false);
    expect(address.ToString()).toBe("");
  });

  test.each([
    ["127.0.0.1", "127.0.0.1", true],
    ["::1", "::1", false],
    ["::", "::", false],
    ["::ffff:10.0.0.1", "10.0.0.1", true],
    ["::ffff:a00:1", "10.0.0.1", true],
    ["2001:DB8:0:0::1", "2001:db8::1", false],
  ])("from %s: valid, prints %s", (text, printed, isIpv4) => {
    const address = new IpAddress(text);
    expect(address.IsValid()).toBe(true);
    expect(address.IsIpv4()).toBe(isIpv4);
    expect(address.IsWildcard()).toBe(false);
    expect(address.ToString()).toBe(printed);
    expect(`${address}`).toBe(printed);
  });

  test("from *: the wildcard, which is not valid", () => {
    const address = new IpAddress("*");
    expect(address.IsWildcard()).toBe(true);
    expect(address.IsValid()).toBe(false);
    expect(address.IsIpv4()).toBe(false);
    expect(address.ToString()).toBe("*");
    expect(`${address}`).toBe("*");
  });

  test.each(["", "localhost", "a.b.c.d", "1.2.3", "1.2.3.4.5", "256.0.0.1", "**", " *", "::g"])(
    "from %j, no literal: invalid, no exception",
    (text) => {
      const address = new IpAddress(text);
      expect(address.IsValid()).toBe(false);
      expect(address.IsWildcard()).toBe(false);
      expect(address.ToString()).toBe("");
    },
  );

  test("from four parts", () => {
    expect(new IpAddress(127, 0, 0, 1, false).ToString()).toBe("127.0.0.1");
    expect(new IpAddress(255, 255, 255, 255).ToString()).toBe("255.255.255.255");
  });

  test("from four 32-bit words", () => {
    expect(new IpAddress(0x20010db8, 0, 0, 1, true).ToString()).toBe("2001:db8::1");
    expect(new IpAddress(0xffffffff, 0, 0, 0, true).ToString()).toBe("ffff:ffff::");
    expect(new IpAddress(0, 0, 0xffff, 0x7f000001, true).ToString()).toBe("127.0.0.1");
  });

  test.each([-1, 256, 1.5, NaN, Infinity])("from a part %d: invalid", (part) => {
    expect(new IpAddress(part, 0, 0, 1, false).IsValid()).toBe(false);
    expect(new IpAddress(127, 0, 0, part, false).IsValid()).toBe(false);
  });

  test.each([-1, 2 ** 32, 0.5, NaN])("from a word %d: invalid", (word) => {
    expect(new IpAddress(0, word, 0, 1, true).IsValid()).toBe(false);
  });

  test.each([
    ["null", [null]],
    ["a single number", [127]],
    ["three numbers", [127, 0, 0]],
    ["text among the parts", [127, 0, "0", 1]],
    ["an object", [{}]],
    ["a word for true", [1, 2, 3, 4, "ipv6"]],
  ])("from %s: TypeError that says what to pass", (_, given) => {
    expect(() => Reflect.construct(IpAddress, given)).toThrow(
      /^new IpAddress takes nothing, a text, or four numbers/,
    );
  });
});

describe("bytes", () => {
  test("IPv4 lies mapped in the 16 bytes", () => {
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4);
    const address = new IpAddress("1.2.3.4");
    expect(address.ToBytes()).toEqual(mapped);
    expect(address.GetIpv6()).toEqual(mapped);
    expect(address.GetIpv4()).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  test("an IPv6 address has no IPv4 bytes, an invalid one and the wildcard have none", () => {
    expect(new IpAddress("::1").GetIpv4()).toBeNull();
    for (const address of [new IpAddress(), new IpAddress("*")]) {
      expect(address.GetIpv4()).toBeNull();
      expect(address.GetIpv6()).toBeNull();
      expect(address.ToBytes()).toEqual(new Uint8Array(16));
    }
  });

  test("FromBytes takes 4 or 16 bytes", () => {
    expect(IpAddress.FromBytes(Uint8Array.of(10, 0, 0, 1)).ToString()).toBe("10.0.0.1");
    expect(IpAddress.FromBytes(new Uint8Array(16)).ToString()).toBe("::");
  });

  test("setters replace what was there", () => {
    const address = new IpAddress("*");
    address.SetIpv6(new IpAddress("2001:db8::1").ToBytes());
    expect(address.ToString()).toBe("2001:db8::1");
    expect(address.IsWildcard()).toBe(false);
    address.SetIpv4(Uint8Array.of(10, 0, 0, 1));
    expect(address.ToString()).toBe("10.0.0.1");
    address.SetIpv6(new IpAddress("::ffff:9.9.9.9").ToBytes());
    expect(address.IsIpv4()).toBe(true);
  });

  test("Clear makes any address invalid", () => {
    for (const text of ["1.2.3.4", "::1", "*", ""]) {
      const address = new IpAddress(text);
      address.Clear();
      expect(address.IsValid() || address.IsWildcard()).toBe(false);
      expect(address.ToString()).toBe("");
      expect(address.ToBytes()).toEqual(new Uint8Array(16));
    }
  });

  test("what goes in and out is copied", () => {
    const given = Uint8Array.of(1, 2, 3, 4);
    const address = IpAddress.FromBytes(given);
    given.fill(9);
    address.GetIpv4()!.fill(9);
    address.GetIpv6()!.fill(9);
    address.ToBytes().fill(9);
    expect(address.ToString()).toBe("1.2.3.4");
  });

  test.each([0, 3, 5, 15, 17])("%d bytes are a TypeError everywhere", (length) => {
    const bytes = new Uint8Array(length);
    expect(() => IpAddress.FromBytes(bytes)).toThrow(TypeError);
    expect(() => new IpAddress().SetIpv4(bytes)).toThrow(/Uint8Array of 4 bytes/);
    expect(() => new IpAddress().SetIpv6(bytes)).toThrow(/Uint8Array of 16 bytes/);
  });

  test("an array of numbers is a TypeError", () => {
    const numbers = [127, 0, 0, 1] as unknown as Uint8Array;
    expect(() => IpAddress.FromBytes(numbers)).toThrow(TypeError);
    expect(() => new IpAddress().SetIpv4(numbers)).toThrow(TypeError);
  });

  test("a setter that throws leaves the address as it was", () => {
    const address = new IpAddress("1.2.3.4");
    expect(() => address.SetIpv6(new Uint8Array(4))).toThrow(TypeError);
    expect(address.ToString()).toBe("1.2.3.4");
  });

  test("every 16 bytes survive FromBytes, ToString and the constructor", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const address = IpAddress.FromBytes(bytes);
        expect(address.ToBytes()).toEqual(bytes);
        expect(new IpAddress(address.ToString()).Equals(address)).toBe(true);
      }),
      { seed },
    );
  });
});

describe("Equals", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "::ffff:127.0.0.1", true],
    ["2001:db8::1", "2001:0DB8:0::1", true],
    ["127.0.0.1", "127.0.0.2", false],
    ["127.0.0.1", "::1", false],
    ["0.0.0.0", "::", false],
    ["", "", false],
    ["", "::", false],
    ["*", "*", false],
    ["*", "::", false],
  ])("%j and %j: %s", (left, right, equal) => {
    expect(new IpAddress(left).Equals(new IpAddress(right))).toBe(equal);
    expect(new IpAddress(right).Equals(new IpAddress(left))).toBe(equal);
  });

  test("an invalid address does not equal itself", () => {
    const address = new IpAddress();
    expect(address.Equals(address)).toBe(false);
  });

  test("text is a TypeError", () => {
    const text = "127.0.0.1" as unknown as IpAddress;
    expect(() => new IpAddress("127.0.0.1").Equals(text)).toThrow(/compares with an IpAddress/);
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.255.255.255", true],
  ["::ffff:127.0.0.1", true],
  ["::1", true],
  ["126.255.255.255", false],
  ["128.0.0.1", false],
  ["0.0.0.0", false],
  ["::", false],
  ["::2", false],
  ["1::1", false],
  ["*", false],
  ["", false],
])("IsLoopback of %j: %s", (text, loopback) => {
  expect(new IpAddress(text).IsLoopback()).toBe(loopback);
});
