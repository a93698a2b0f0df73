import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";

const secret = "s".repeat(32);

function pems(type: "ed25519" | "x25519") {
  // Overloads by literal type: the union has none of its own.
  const { publicKey, privateKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return {
    Public: publicKey.export({ type: "spki", format: "pem" }).toString(),
    Private: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

describe("a secret", () => {
  test("signs as HMAC-SHA256 does", () => {
    // printf data | openssl dgst -sha256 -hmac ssssssssssssssssssssssssssssssss
    const hex = "32e61e836ae46bc9dee0c4c86f81ec162cc89fa70784ea86a06e934b62eebed8";
    expect(new TicketKey(secret).Sign("data").toString("hex")).toBe(hex);
  });

  test("is the same with a line's end behind it, as files have it", () => {
    const key = new TicketKey(`${secret}\n`);
    expect(key.Verify("data", new TicketKey(secret).Sign("data"))).toBe(true);
  });

  test("knows its own signature from every other", () => {
    const key = new TicketKey(secret);
    const right = key.Sign("data");
    expect(key.Verify("data", right)).toBe(true);
    for (let i = 0; i < right.length; i++) {
      const wrong = Buffer.from(right);
      wrong[i] = (wrong[i] ?? 0) ^ 1;
      expect(key.Verify("data", wrong)).toBe(false);
    }
    expect(key.Verify("Data", right)).toBe(false);
    expect(key.Verify("data", right.subarray(1))).toBe(false);
    expect(key.Verify("data", Buffer.alloc(0))).toBe(false);
    expect(new TicketKey("t".repeat(32)).Verify("data", right)).toBe(false);
  });

  test.each([
    [31, false],
    [32, true],
    [4_096, true],
    [4_097, false],
  ])("of %i bytes: %s", (count, taken) => {
    const make = () => new TicketKey("k".repeat(count));
    if (taken) expect(make().CanSign()).toBe(true);
    else expect(make).toThrow("openssl rand -base64 32");
  });
});

describe("Ed25519", () => {
  const { Public, Private } = pems("ed25519");

  test("the private key signs, the public key checks and signs nothing", () => {
    const [signer, checker] = [new TicketKey(Private), new TicketKey(Public)];
    const signature = signer.Sign("data");
    expect([signer.CanSign(), checker.CanSign()]).toEqual([true, false]);
    expect(checker.Verify("data", signature)).toBe(true);
    expect(signer.Verify("data", signature)).toBe(true);
    expect(checker.Verify("Data", signature)).toBe(false);
    expect(checker.Verify("data", Buffer.alloc(3))).toBe(false);
    expect(() => checker.Sign("data")).toThrow("private key");
  });

  test("a public key is no secret: nobody can sign with its text", () => {
    const forged = new TicketKey(secret).Sign("data");
    expect(new TicketKey(Public).Verify("data", forged)).toBe(false);
  });

  test("other kinds of keys, and broken ones, are refused with a sentence", () => {
    expect(() => new TicketKey(pems("x25519").Public)).toThrow("Ed25519");
    const broken = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----";
    expect(() => new TicketKey(broken)).toThrow("no PEM that can be read");
  });
});
