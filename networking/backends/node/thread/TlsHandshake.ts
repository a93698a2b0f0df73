/**
 * One handshake, inside its deadline: takes over a connected socket, and gives it back as a TLS
 * socket whose peer is verified, or says why not. Driven by ThreadSocket, which begins it when what
 * was put before has left.
 *
 * What the peer has sent already is pushed back into the socket, where TLS finds it first. Node
 * verifies after the handshake and sends no alert then; the connection is reset, so that the other
 * side does not take it for a clean end.
 */
import type { Socket } from "node:net";
import { isIP } from "node:net";
import type { PeerCertificate as PeerCertificateOfNode, TLSSocket } from "node:tls";
import { TLSSocket as Secured, checkServerIdentity, connect } from "node:tls";
import { SocketError } from "../../../core/SocketError.ts";
import type { PeerCertificate, TlsFacts, TlsRequest } from "../../../core/TlsRequest.ts";
import type { TlsContext } from "./TlsContexts.ts";
import { TlsErrorOf, VerifyErrorOf } from "./TlsErrno.ts";
import { TlsFactsOf } from "./TlsFacts.ts";

export interface TlsHandshakeOptions {
  readonly Request: TlsRequest;
  readonly Context: TlsContext;
  /** The handshake is done; nothing of the socket was read yet. */
  readonly OnSecured: (socket: TLSSocket, facts: TlsFacts) => void;
  readonly OnFailed: (failure: SocketError) => void;
}

export class TlsHandshake {
  readonly #options: TlsHandshakeOptions;
  readonly #deadline: NodeJS.Timeout;
  #raw: Socket | null = null;
  #over = false;
  /** Of a peer that is trusted. */
  #facts: TlsFacts | null = null;

  constructor(options: TlsHandshakeOptions) {
    this.#options = options;
    this.#deadline = setTimeout(
      () => this.#fail(SocketError.TIMED_OUT),
      options.Request.Config.HandshakeTimeoutMs,
    );
  }

  /** `Begin` was called. */
  HasBegun(): boolean {
    return this.#raw !== null;
  }

  /** @param early what the socket has given already. */
  Begin(raw: Socket, early: Uint8Array): void {
    this.#raw = raw;
    if (raw.readableEnded || raw.destroyed) return this.#fail(SocketError.CONNECTION_CLOSED);
    raw.pause();
    if (early.length > 0) raw.unshift(early);
    this.#attempt(() => {
      if (this.#options.Request.Config.IsServer) this.#accept(raw);
      else this.#connect(raw);
    });
  }

  /** Neither handler is called any more. The socket is the caller's to end. */
  Cancel(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
  }

  #connect(raw: Socket): void {
    const { Config, CommonName } = this.#options.Request;
    const { Context } = this.#options;
    const server = `${CommonName} ${raw.remoteAddress ?? ""} ${raw.remotePort ?? 0}`;
    const session = Context.Session(server);
    const socket = connect({
      socket: raw,
      secureContext: Context.Secure,
      // RFC 6066 has no addresses in this extension.
      ...(CommonName === "" || isIP(CommonName) !== 0 ? {} : { servername: CommonName }),
      ...(Config.AlpnProtocols.length === 0 ? {} : { ALPNProtocols: [...Config.AlpnProtocols] }),
      ...(session === undefined ? {} : { session: session.Ticket }),
      rejectUnauthorized: false, // judged in #settle, for an end that the server notices
      checkServerIdentity: (_host, certificate) =>
        Config.VerifyName ? nameError(CommonName, certificate) : undefined,
    });
    socket.on("error", (error) => {
      if (!this.#over) Context.ForgetSession(server);
      this.#fail(TlsErrorOf(error));
    });
    socket.on("secureConnect", () => {
      // Node's types say Error; it is the error's code.
      const reason = socket.authorizationError as unknown as string | null;
      const resumed = socket.isSessionReused() ? session?.Certificate : null;
      this.#settle(socket, resumed ?? null, reason ?? "");
    });
    // Node does not verify the name again when a session is resumed, so none of a wrong server.
    socket.on("session", (Ticket) => {
      if (this.#facts === null) return;
      Context.KeepSession(server, { Ticket, Certificate: this.#facts.Certificate });
    });
    this.#watchEnd(socket);
  }

  #accept(raw: Socket): void {
    const { Config } = this.#options.Request;
    const socket = new Secured(raw, {
      isServer: true,
      secureContext: this.#options.Context.Secure,
      ...(Config.AlpnProtocols.length === 0 ? {} : { ALPNProtocols: [...Config.AlpnProtocols] }),
      requestCert: Config.Trust !== "ignored",
      rejectUnauthorized: Config.Trust === "required",
    });
    socket.on("error", (error) => this.#fail(TlsErrorOf(error)));
    // Without a tls.Server, Node tells errors of the handshake by this event alone.
    socket.on("_tlsError", (error) => this.#fail(TlsErrorOf(error)));
    socket.on("secure", () => this.#settle(socket, null, clientError(socket)));
    this.#watchEnd(socket);
  }

  #watchEnd(socket: TLSSocket): void {
    socket.on("end", () => this.#fail(SocketError.CONNECTION_CLOSED));
    socket.on("close", () => this.#fail(SocketError.CONNECTION_CLOSED));
  }

  /**
   * @param resumed the peer's certificate, as far as it is known from an earlier connection.
   * @param reason why the peer's certificate is not trusted; "" if it is.
   */
  #settle(socket: TLSSocket, resumed: PeerCertificate | null, reason: string): void {
    if (!this.#over) this.#attempt(() => this.#judge(socket, TlsFactsOf(socket, resumed), reason));
  }

  #judge(socket: TLSSocket, facts: TlsFacts, reason: string): void {
    const { Trust } = this.#options.Request.Config;
    const isMissing = facts.Certificate === null && Trust === "optional";
    if (Trust !== "ignored" && reason !== "" && !isMissing) {
      this.#raw?.resetAndDestroy();
      return this.#fail(VerifyErrorOf(reason));
    }
    this.#facts = facts;
    this.Cancel();
    this.#options.OnSecured(socket, facts);
  }

  /** What a peer shows must not be able to throw here: that would end every socket. */
  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(TlsErrorOf(error));
    }
  }

  #fail(failure: SocketError): void {
    if (this.#over) return;
    this.Cancel();
    this.#options.OnFailed(failure);
  }
}

/** Why a certificate is not for this name; a list of names that nobody can read is for none. */
function nameError(name: string, certificate: PeerCertificateOfNode): Error | undefined {
  try {
    return checkServerIdentity(name, certificate);
  } catch (error) {
    return error as Error;
  }
}

/**
 * Why a client's certificate is not trusted; "" if it is. Node gives this only to a tls.Server; a
 * Node without the internal that it asks trusts nobody.
 */
function clientError(socket: TLSSocket): string {
  const { ssl } = socket as unknown as { ssl?: { verifyError?: () => { code?: string } | null } };
  if (typeof ssl?.verifyError !== "function") return "UNKNOWN";
  const error = ssl.verifyError();
  return error === null || error === undefined ? "" : (error.code ?? "UNKNOWN");
}
