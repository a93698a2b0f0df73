/**
 * What the thread keeps of each TLSOptions: its keys and certificates as OpenSSL reads them, which
 * takes longer than much of a handshake, and the sessions that a client may resume.
 *
 * Limits: `Limits.tlsContexts`, of which the one used least lately leaves, and `Limits.tlsSessions`
 * in each, of which the oldest leaves. Both cost time only, never a connection.
 */
import type { SecureContext } from "node:tls";
import { createSecureContext } from "node:tls";
import { Limits } from "../../../core/Limits.ts";
import type { PeerCertificate, TlsConfig } from "../../../core/TlsRequest.ts";

/** What shortens the next handshake with a server. */
export interface TlsSession {
  readonly Ticket: Buffer;
  /** The server's, which it does not show again. */
  readonly Certificate: PeerCertificate | null;
}

export class TlsContext {
  readonly Secure: SecureContext;
  readonly #sessions = new Map<string, TlsSession>();

  /** Throws what OpenSSL says to keys that it does not take. */
  constructor(id: number, config: TlsConfig) {
    const { Authorities, Certificate, PrivateKey } = config;
    this.Secure = createSecureContext({
      minVersion: config.MinVersion,
      maxVersion: config.MaxVersion,
      // Without one, OpenSSL refuses to resume the session of a client that showed a certificate.
      sessionIdContext: `moonwire ${id}`,
      ...(Authorities === null ? {} : { ca: Authorities }),
      ...(PrivateKey === "" ? {} : { cert: Certificate, key: PrivateKey }),
    });
  }

  Session(server: string): TlsSession | undefined {
    return this.#sessions.get(server);
  }

  KeepSession(server: string, session: TlsSession): void {
    keep(this.#sessions, server, session, Limits.tlsSessions);
  }

  /** A handshake with it failed. */
  ForgetSession(server: string): void {
    this.#sessions.delete(server);
  }
}

export class TlsContexts {
  readonly #contexts = new Map<number, TlsContext>();

  /**
   * @param id the game thread's number for `config`.
   * @returns null when OpenSSL takes no such keys here, too short for its rules perhaps.
   */
  Get(id: number, config: TlsConfig): TlsContext | null {
    const context = this.#contexts.get(id) ?? read(id, config);
    if (context !== null) keep(this.#contexts, id, context, Limits.tlsContexts);
    return context;
  }
}

function read(id: number, config: TlsConfig): TlsContext | null {
  try {
    return new TlsContext(id, config);
  } catch {
    return null;
  }
}

/** Puts an entry at the end of the map, and drops the first one when it is too many. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) return void map.delete(oldest);
}
