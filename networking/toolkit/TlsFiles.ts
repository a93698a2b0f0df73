/**
 * Certificates and keys from files, as kn-sock's calls take them, made into TLSOptions. What is
 * wrong with a file is told by its name, before anything is sent.
 */
import { readFile } from "node:fs/promises";
import type { NetBackend } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import { TLSMistake, TLSMistakeCode } from "../core/TLSMistake.ts";
import { TLSOptions } from "../core/TLSOptions.ts";
import { EasySocketError } from "./Errors.ts";

/** What a server shows, and whom it trusts. PEM files. */
export interface TlsServerFiles {
  /** The server's certificate, the chain behind it in the same file. */
  readonly certfile: string;
  /** Its private key, without a passphrase. */
  readonly keyfile: string;
  /** Authorities that vouch for clients: clients are asked for a certificate. */
  readonly cafile?: string;
  /** Clients without a certificate are refused; needs `cafile`. */
  readonly requireClientCert?: boolean;
}

/** Whom a client trusts, and what it shows. PEM files. */
export interface TlsClientFiles {
  /** Authorities to trust; the system's own by default. */
  readonly cafile?: string;
  /** The client's certificate and key, for servers that ask for one (mutual TLS). */
  readonly certfile?: string;
  readonly keyfile?: string;
  /** false takes any certificate: whoever sits in between can read and change everything. */
  readonly verify?: boolean;
}

/** @throws EasySocketError that names the file which cannot be read, or what is wrong with it */
export async function ServerTls(
  files: TlsServerFiles,
  backend: NetBackend | undefined,
): Promise<TLSOptions> {
  const { certfile, keyfile, cafile, requireClientCert = false } = files;
  if (typeof certfile !== "string" || typeof keyfile !== "string") {
    throw new TypeError('A TLS server takes { certfile: "server.crt", keyfile: "server.key" }.');
  }
  if (requireClientCert && cafile === undefined) {
    throw new TypeError("requireClientCert needs a cafile, the authorities that vouch.");
  }
  const options = TLSOptions.Server(await pem(keyfile), await pem(certfile), {
    RequireClientCert: requireClientCert,
    ...(cafile === undefined ? {} : { ClientCA: await pem(cafile) }),
  });
  check(options, files, backend);
  return options;
}

/** @throws EasySocketError that names the file which cannot be read, or what is wrong with it */
export async function ClientTls(
  files: TlsClientFiles,
  backend: NetBackend | undefined,
): Promise<TLSOptions> {
  const { certfile, keyfile, cafile, verify = true } = files;
  const own = {
    ...(certfile === undefined ? {} : { Certificate: await pem(certfile) }),
    ...(keyfile === undefined ? {} : { PrivateKey: await pem(keyfile) }),
  };
  const ca = cafile === undefined || !verify ? null : await pem(cafile);
  const options = verify ? TLSOptions.Client(ca, own) : TLSOptions.ClientUnsafe(null, own);
  check(options, files, backend);
  return options;
}

async function pem(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const text = `The file ${path} cannot be read.`;
    throw new EasySocketError(text, SocketError.INVALID_PARAMETER, error);
  }
}

function check(
  options: TLSOptions,
  { certfile, keyfile, cafile }: TlsClientFiles,
  backend: NetBackend | undefined,
): void {
  const mistake = options.FindMistake(backend);
  const code = TLSMistakeCode(mistake);
  switch (mistake) {
    case TLSMistake.NONE:
      return;
    case TLSMistake.CERTIFICATE:
      throw new EasySocketError(`${certfile} is no PEM certificate.`, code);
    case TLSMistake.PRIVATE_KEY:
      throw new EasySocketError(`${keyfile} is no PEM key, or is locked by a passphrase.`, code);
    case TLSMistake.AUTHORITY:
      throw new EasySocketError(`${cafile} is no PEM certificate of an authority.`, code);
    case TLSMistake.PAIR:
      throw new EasySocketError(`${keyfile} is the key of another certificate.`, code);
    case TLSMistake.INCOMPLETE:
      throw new EasySocketError("certfile and keyfile go together.", code);
  }
}
