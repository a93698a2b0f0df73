/**
 * How a TLS stream proves who it is, and whom it trusts (Godot 4 `TLSOptions`). Made by one of
 * three factories and never changed, so one object may serve any number of streams; a backend keeps
 * what it made of it, sessions to resume included.
 *
 * Wrong types throw a TypeError here. What PEM texts say is found by `FindMistake`, or when a
 * stream is asked to use them.
 */
import { DefaultBackend } from "./DefaultBackend.ts";
import { Limits } from "./Limits.ts";
import type { NetBackend } from "./NetBackend.ts";
import type { TLSMistake } from "./TLSMistake.ts";
import { TLSMistake as Mistake } from "./TLSMistake.ts";
import type { TlsConfig, TlsVersion } from "./TlsRequest.ts";
import { DecodeUtf8 } from "./Utf8.ts";

/** A PEM text, or a file's bytes of one. */
export type Pem = string | Uint8Array;

export interface TLSSettings {
  /** Names of RFC 7301 in the order of preference, each 1..255 ASCII characters; at most 32. */
  readonly AlpnProtocols?: readonly string[];
  /** "TLSv1.2" by default. */
  readonly MinVersion?: TlsVersion;
  /** "TLSv1.3" by default. */
  readonly MaxVersion?: TlsVersion;
  /** Milliseconds, 1..2^31-1; 10,000 by default. Then ERROR with TIMED_OUT. */
  readonly HandshakeTimeout?: number;
}

export interface TLSClientSettings extends TLSSettings {
  /** Own certificate with its chain, for servers that ask for one. */
  readonly Certificate?: Pem;
  /** Its key, without a passphrase. */
  readonly PrivateKey?: Pem;
}

export interface TLSServerSettings extends TLSSettings {
  /** Authorities that vouch for clients: clients are asked for a certificate. */
  readonly ClientCA?: Pem;
  /** Clients without a certificate are refused; needs ClientCA. A wrong one always is. */
  readonly RequireClientCert?: boolean;
}

export class TLSOptions {
  readonly #config: TlsConfig;
  #mistake: TLSMistake | null = null;

  private constructor(config: TlsConfig) {
    this.#config = Object.freeze(config);
  }

  /**
   * A client that verifies the server's certificate: its chain, its time, and its name.
   * @param ca authorities to trust; without it the platform's own.
   */
  static Client(ca: Pem | null = null, more: TLSClientSettings = {}): TLSOptions {
    return TLSOptions.#client(ca, more, true);
  }

  /**
   * A client that does not verify the name, and without `ca` not even the chain (Godot
   * `client_unsafe`): whoever sits in between can read and change everything. For tests and for
   * self-signed servers on one's own machine.
   */
  static ClientUnsafe(ca: Pem | null = null, more: TLSClientSettings = {}): TLSOptions {
    return TLSOptions.#client(ca, more, false);
  }

  /**
   * A server with its key and its certificate, the chain behind it in the same text.
   */
  static Server(key: Pem, cert: Pem, more: TLSServerSettings = {}): TLSOptions {
    const settings = settingsOf(more);
    const { ClientCA, RequireClientCert = false } = more;
    if (typeof RequireClientCert !== "boolean") {
      throw new TypeError("RequireClientCert is true or false.");
    }
    if (RequireClientCert && ClientCA === undefined) {
      throw new TypeError("RequireClientCert needs ClientCA, the authorities that vouch.");
    }
    const trust = RequireClientCert ? "required" : "optional";
    return new TLSOptions({
      ...settings,
      IsServer: true,
      Trust: ClientCA === undefined ? "ignored" : trust,
      VerifyName: false,
      Authorities: ClientCA === undefined ? null : textOf(ClientCA, "ClientCA"),
      Certificate: textOf(cert, "A server's certificate"),
      PrivateKey: textOf(key, "A server's key"),
    });
  }

  static #client(ca: Pem | null, more: TLSClientSettings, verifyName: boolean): TLSOptions {
    const settings = settingsOf(more);
    const { Certificate = "", PrivateKey = "" } = more;
    return new TLSOptions({
      ...settings,
      IsServer: false,
      Trust: verifyName || ca !== null ? "required" : "ignored",
      VerifyName: verifyName,
      Authorities: ca === null ? null : textOf(ca, "A set of authorities"),
      Certificate: textOf(Certificate, "Certificate"),
      PrivateKey: textOf(PrivateKey, "PrivateKey"),
    });
  }

  IsServer(): boolean {
    return this.#config.IsServer;
  }

  /**
   * What is wrong with the keys and certificates, found once. NONE where the backend cannot look.
   */
  FindMistake(backend: NetBackend = DefaultBackend()): TLSMistake {
    // What a backend that cannot look says is not worth remembering.
    this.#mistake ??= backend.FindTlsMistake?.(this.#config) ?? null;
    return this.#mistake ?? Mistake.NONE;
  }

  /** For backends: the same plain object each time. It holds the private key. */
  Config(): TlsConfig {
    return this.#config;
  }
}

const versions: readonly TlsVersion[] = ["TLSv1.2", "TLSv1.3"];

function settingsOf(
  more: TLSSettings,
): Pick<TlsConfig, "AlpnProtocols" | "MinVersion" | "MaxVersion" | "HandshakeTimeoutMs"> {
  if (more === null || typeof more !== "object") {
    throw new TypeError('TLS settings are an object such as { MinVersion: "TLSv1.3" }.');
  }
  const { MinVersion = "TLSv1.2", MaxVersion = "TLSv1.3", AlpnProtocols = [] } = more;
  const { HandshakeTimeout = Limits.tlsHandshakeTimeoutMs } = more;
  if (!versions.includes(MinVersion) || !versions.includes(MaxVersion) || MinVersion > MaxVersion) {
    throw new TypeError('MinVersion and MaxVersion are "TLSv1.2" or "TLSv1.3", in this order.');
  }
  if (!(HandshakeTimeout >= 1 && HandshakeTimeout < 2 ** 31)) {
    throw new TypeError("HandshakeTimeout is milliseconds, 1 or more and below 2^31.");
  }
  if (!Array.isArray(AlpnProtocols) || AlpnProtocols.length > Limits.tlsAlpnProtocols) {
    throw new TypeError(`AlpnProtocols is a list of at most ${Limits.tlsAlpnProtocols} names.`);
  }
  if (!AlpnProtocols.every(isAlpnProtocol)) {
    throw new TypeError("A name in AlpnProtocols has 1..255 ASCII characters.");
  }
  return {
    AlpnProtocols: [...AlpnProtocols],
    MinVersion,
    MaxVersion,
    HandshakeTimeoutMs: HandshakeTimeout,
  };
}

function isAlpnProtocol(name: unknown): boolean {
  return typeof name === "string" && /^[\x20-\x7e]{1,255}$/.test(name);
}

function textOf(pem: Pem, what: string): string {
  if (typeof pem === "string") return pem;
  if (pem instanceof Uint8Array) return DecodeUtf8(pem);
  throw new TypeError(`${what} is PEM, a string or a Uint8Array.`);
}
