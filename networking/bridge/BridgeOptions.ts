/** What a bridge is told; each field may be left out. */
import type { Logger } from "pino";
import type { NetBackend } from "../core/NetBackend.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { PolicyOptions } from "./Policy.ts";

/** Both PEM; the certificate with its chain. */
export interface BridgeCertificate {
  readonly Certificate: string;
  readonly Key: string;
}

export interface BridgeServerOptions extends PolicyOptions {
  /** Where to listen; "127.0.0.1" by default. */
  readonly Host?: string;
  /** 0..65535; 0 lets the system choose. 7420 by default. */
  readonly Port?: number;
  /** Serves `https` and `wss` with this certificate, instead of `http` and `ws`. */
  readonly Tls?: BridgeCertificate;
  /** See TicketKey. With one, nobody enters without a ticket. */
  readonly TicketKey?: string;
  /** Networks and addresses of proxies whose X-Forwarded-For counts. */
  readonly TrustedProxies?: readonly string[];
  /** PEM: authorities to trust besides the system's when a page asks for TLS to a target. */
  readonly TargetAuthorities?: string;
  /** A folder of pages to serve. */
  readonly Static?: string;
  /** A port at 127.0.0.1 for /healthz, /readyz and /metrics; 0 lets the system choose. */
  readonly MetricsPort?: number;
  /**
   * What connects to the targets. By default sockets on this thread (`InlineBackend`): a
   * bridge has no game loop that they could disturb.
   */
  readonly Backend?: NetBackend;
  /** Where the log lines go; JSON on stdout by default. */
  readonly Logger?: Logger;
  /** Other numbers than the defaults; TypeError for one that is no limit. */
  readonly Limits?: Partial<BridgeLimits>;
}
