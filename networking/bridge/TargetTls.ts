/**
 * What the bridge makes of a page's wish for TLS to a target. The bridge verifies, with its own set
 * of authorities; the page says for which name, and may give verification up as any client may.
 *
 * Limits: `maxTlsConfigs` different wishes are kept, so that a backend can keep contexts and
 * sessions of them; the oldest goes.
 */
import { rootCertificates } from "node:tls";
import { Limits } from "../core/Limits.ts";
import type { TlsConfig, TlsRequest } from "../core/TlsRequest.ts";
import type { SecurePacket } from "../mux/Packet.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";

export class TargetTls {
  readonly #authorities: string | null;
  readonly #most: number;
  readonly #configs = new Map<string, TlsConfig>();

  /** @param extra PEM, authorities to trust besides the system's; "" for none. */
  constructor(extra: string, limits: Pick<BridgeLimits, "maxTlsConfigs">) {
    this.#authorities = extra === "" ? null : [...rootCertificates, extra].join("\n");
    this.#most = limits.maxTlsConfigs;
  }

  RequestOf(wanted: SecurePacket): TlsRequest {
    return { Config: this.#configOf(wanted), CommonName: wanted.Name };
  }

  #configOf({ Type: _type, Stream: _stream, Name: _name, ...wish }: SecurePacket): TlsConfig {
    const key = JSON.stringify(wish);
    const config = this.#configs.get(key) ?? this.#newConfig(wish);
    this.#configs.delete(key); // the latest used goes last
    this.#configs.set(key, config);
    const [oldest] = this.#configs.keys();
    if (this.#configs.size > this.#most && oldest !== undefined) this.#configs.delete(oldest);
    return config;
  }

  #newConfig(wish: Omit<SecurePacket, "Type" | "Stream" | "Name">): TlsConfig {
    return {
      IsServer: false,
      Trust: wish.VerifyChain ? "required" : "ignored",
      VerifyName: wish.VerifyName,
      Authorities: this.#authorities,
      Certificate: "",
      PrivateKey: "",
      AlpnProtocols: wish.AlpnProtocols,
      MinVersion: wish.MinVersion,
      MaxVersion: wish.MaxVersion,
      HandshakeTimeoutMs: Math.max(1, Math.min(wish.TimeoutMs, Limits.tlsHandshakeTimeoutMs)),
    };
  }
}
