/**
 * What signs tickets, and what checks them. A secret of 32 bytes or more does both (HMAC-SHA256,
 * RFC 2104); with Ed25519 (RFC 8032) the game's server keeps the private key and the bridge needs
 * the public one only. The key decides the algorithm, never the ticket.
 */
import type { KeyObject } from "node:crypto";
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";

const secretBytes = 32;
const most = 4_096;

export class TicketKey {
  readonly #key: KeyObject;

  /**
   * @param text a key file's text: a secret of 32 to 4,096 bytes, such as `openssl rand -base64 32`
   * prints, or a PEM with an Ed25519 key. Space around it does not count. Another: TypeError.
   */
  constructor(text: string) {
    this.#key = text.includes("-----BEGIN") ? readPem(text) : readSecret(text.trim());
  }

  /** False for a public key. */
  CanSign(): boolean {
    return this.#key.type !== "public";
  }

  /** With a public key: TypeError. */
  Sign(data: string): Buffer {
    if (!this.CanSign()) throw new TypeError("A public key signs nothing; give the private key.");
    if (this.#key.type === "secret") return this.#hmac(data);
    return sign(null, Buffer.from(data), this.#key);
  }

  /** Takes the same time wherever a wrong signature differs. */
  Verify(data: string, signature: Uint8Array): boolean {
    if (this.#key.type !== "secret") return verify(null, Buffer.from(data), this.#key, signature);
    const right = this.#hmac(data);
    return right.length === signature.length && timingSafeEqual(right, signature);
  }

  #hmac(data: string): Buffer {
    return createHmac("sha256", this.#key).update(data).digest();
  }
}

function readSecret(text: string): KeyObject {
  const bytes = Buffer.from(text);
  if (bytes.length < secretBytes || bytes.length > most) {
    throw new TypeError("A ticket key has 32 to 4,096 bytes: openssl rand -base64 32");
  }
  return createSecretKey(bytes);
}

function readPem(text: string): KeyObject {
  let key: KeyObject;
  try {
    key = text.includes("PRIVATE KEY") ? createPrivateKey(text) : createPublicKey(text);
  } catch {
    // The cause could quote the key.
    throw new TypeError("The ticket key is no PEM that can be read.");
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new TypeError("A ticket key in PEM is an Ed25519 key: openssl genpkey -algorithm ed25519");
}
