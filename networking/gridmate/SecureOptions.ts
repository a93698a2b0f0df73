/**
 * A descriptor turned into what core's TLS takes, with every mistake found before anything listens
 * or connects.
 */
import { NormalizeHostName } from "../core/HostName.ts";
import { IpAddress } from "../core/IpAddress.ts";
import type { NetBackend } from "../core/NetBackend.ts";
import { TLSMistake } from "../core/TLSMistake.ts";
import { TLSOptions } from "../core/TLSOptions.ts";
import { ResultCode } from "./ResultCode.ts";
import type { StreamSecureSocketDriverDesc } from "./StreamSecureSocketDriverDesc.ts";

export interface SecureOptions {
  /** null without a certificate of our own: such a driver cannot listen. */
  readonly Server: TLSOptions | null;
  /** null without a CA: such a driver cannot connect, for it could not tell servers apart. */
  readonly Client: TLSOptions | null;
  /** "" verifies no name. */
  readonly ServerName: string;
}

/**
 * @returns the options, or EC_SECURE_CREATE (the backend has no TLS), EC_SECURE_CONFIG (neither a
 *   certificate nor a CA; a server name that is none), EC_SECURE_CERT, EC_SECURE_PKEY,
 *   EC_SECURE_CA_CERT (missing, not PEM, or a key of another certificate)
 */
export function SecureOptionsOf(
  desc: Partial<StreamSecureSocketDriverDesc>,
  backend: NetBackend,
): SecureOptions | ResultCode {
  if (desc === null || typeof desc !== "object") {
    throw new TypeError("InitializeSecurity takes a StreamSecureSocketDriverDesc at the end.");
  }
  if (!["undefined", "boolean"].includes(typeof desc.authenticateClient)) {
    throw new TypeError("authenticateClient is true or false.");
  }
  if (!backend.Capabilities.Tls) return ResultCode.EC_SECURE_CREATE;
  const missing = missingIn(desc);
  if (missing !== ResultCode.EC_OK) return missing;
  const { serverName = "" } = desc;
  const isName = serverName === "" || NormalizeHostName(serverName) !== null;
  if (!isName && !new IpAddress(serverName).IsValid()) return ResultCode.EC_SECURE_CONFIG;
  const made = { Server: serverOf(desc), Client: clientOf(desc), ServerName: serverName };
  for (const options of [made.Server, made.Client]) {
    const mistake = options?.FindMistake(backend) ?? TLSMistake.NONE;
    if (mistake !== TLSMistake.NONE) return codeOf(mistake);
  }
  return made;
}

function missingIn(desc: Partial<StreamSecureSocketDriverDesc>): ResultCode {
  const { privateKeyPEM, certificatePEM, certificateAuthorityPEM, authenticateClient } = desc;
  const [hasKey, hasCertificate] = [isThere(privateKeyPEM), isThere(certificatePEM)];
  const hasAuthority = isThere(certificateAuthorityPEM);
  if (!hasKey && !hasCertificate && !hasAuthority) return ResultCode.EC_SECURE_CONFIG;
  if (hasCertificate && !hasKey) return ResultCode.EC_SECURE_PKEY;
  if (!hasCertificate && (hasKey || authenticateClient)) return ResultCode.EC_SECURE_CERT;
  return authenticateClient && !hasAuthority ? ResultCode.EC_SECURE_CA_CERT : ResultCode.EC_OK;
}

function serverOf(desc: Partial<StreamSecureSocketDriverDesc>): TLSOptions | null {
  const { privateKeyPEM: key, certificatePEM: certificate, certificateAuthorityPEM: ca } = desc;
  if (!isThere(key) || !isThere(certificate)) return null;
  const authenticates = desc.authenticateClient === true && isThere(ca);
  const more = authenticates ? { ClientCA: ca, RequireClientCert: true } : {};
  return TLSOptions.Server(key, certificate, more);
}

function clientOf(desc: Partial<StreamSecureSocketDriverDesc>): TLSOptions | null {
  const { privateKeyPEM: key, certificatePEM: certificate, certificateAuthorityPEM: ca } = desc;
  if (!isThere(ca)) return null;
  const shows = isThere(key) && isThere(certificate);
  const more = shows ? { PrivateKey: key, Certificate: certificate } : {};
  // With a CA, "unsafe" verifies all but the name.
  const verifiesName = (desc.serverName ?? "") !== "";
  return verifiesName ? TLSOptions.Client(ca, more) : TLSOptions.ClientUnsafe(ca, more);
}

function isThere<T extends { readonly length: number }>(pem: T | null | undefined): pem is T {
  return pem !== null && pem !== undefined && pem.length !== 0;
}

function codeOf(mistake: TLSMistake): ResultCode {
  switch (mistake) {
    case TLSMistake.NONE:
      return ResultCode.EC_OK;
    case TLSMistake.CERTIFICATE:
      return ResultCode.EC_SECURE_CERT;
    case TLSMistake.PRIVATE_KEY:
    case TLSMistake.PAIR:
      return ResultCode.EC_SECURE_PKEY;
    case TLSMistake.AUTHORITY:
      return ResultCode.EC_SECURE_CA_CERT;
    case TLSMistake.INCOMPLETE:
      return ResultCode.EC_SECURE_CONFIG;
  }
}
