/**
 * Finds what is wrong with keys and certificates before anything is sent. Runs on the game thread,
 * once per TLSOptions: it takes less than a handshake's share of a millisecond per certificate.
 */
import type { KeyObject } from "node:crypto";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { TLSMistake } from "../../core/TLSMistake.ts";
import type { TlsConfig } from "../../core/TlsRequest.ts";

const block = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[^-]*-----END [A-Z0-9 ]*CERTIFICATE-----/g;

export function FindTlsMistake(config: TlsConfig): TLSMistake {
  const { Authorities, Certificate, PrivateKey, IsServer } = config;
  if (Authorities !== null && certificatesIn(Authorities) === null) return TLSMistake.AUTHORITY;
  if (!IsServer && Certificate === "" && PrivateKey === "") return TLSMistake.NONE;
  if (!IsServer && (Certificate === "" || PrivateKey === "")) return TLSMistake.INCOMPLETE;
  const own = certificatesIn(Certificate)?.[0];
  if (own === undefined) return TLSMistake.CERTIFICATE;
  const key = keyIn(PrivateKey);
  if (key === null) return TLSMistake.PRIVATE_KEY;
  return own.checkPrivateKey(key) ? TLSMistake.NONE : TLSMistake.PAIR;
}

/** null when there is none, or one that cannot be read. */
function certificatesIn(pem: string): X509Certificate[] | null {
  const blocks = pem.match(block);
  if (blocks === null) return null;
  try {
    return blocks.map((text) => new X509Certificate(text));
  } catch {
    return null;
  }
}

function keyIn(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
