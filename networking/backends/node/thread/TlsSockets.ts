/**
 * The two ends of a handshake in Node's terms: how each begins, how its peer is judged, and which
 * events tell how it goes. Nothing is rejected by Node itself: whoever judges decides how to end.
 */
import type { Socket } from "node:net";
import { isIP } from "node:net";
import type { PeerCertificate as NodeCertificate, TLSSocket } from "node:tls";
import { TLSSocket as SecuredSocket, checkServerIdentity, connect } from "node:tls";
import { SocketError } from "../../../core/SocketError.ts";
import type { PeerTrust, TlsConfig, TlsFacts, TlsRequest } from "../../../core/TlsRequest.ts";
import type { TlsContext } from "./TlsContexts.ts";
import { TlsErrorOf, VerifyErrorOf } from "./TlsErrno.ts";
import { TlsFactsOf } from "./TlsFacts.ts";

export interface TlsVerdict {
  readonly Facts: TlsFacts | null;
  /** SUCCESS, or why the peer is not trusted. */
  readonly Failure: SocketError;
}

/** Called from inside of OpenSSL: nothing may be destroyed there. */
export interface TlsEvents {
  readonly OnSecured: (judge: () => TlsVerdict) => void;
  readonly OnFailed: (failure: SocketError) => void;
  /** The peer sends no more, or the connection is gone. */
  readonly OnEnd: () => void;
}

export function ConnectTls(
  raw: Socket,
  { Config, CommonName }: TlsRequest,
  context: TlsContext,
  events: TlsEvents,
): TLSSocket {
  const server = `${CommonName} ${raw.remoteAddress ?? ""} ${raw.remotePort ?? 0}`;
  const session = context.Session(server);
  const socket = connect({
    socket: raw,
    secureContext: context.Secure,
    // RFC 6066 has no addresses in this extension.
    ...(CommonName === "" || isIP(CommonName) !== 0 ? {} : { servername: CommonName }),
    ...alpnOf(Config),
    ...(session === undefined ? {} : { session: session.Ticket }),
    rejectUnauthorized: false,
    checkServerIdentity: (_host, certificate) =>
      Config.VerifyName ? nameError(CommonName, certificate) : undefined,
  });
  // Node does not verify the name again when it resumes, so no ticket of a wrong server is kept.
  let trusted: TlsFacts | null = null;
  let ticket: Buffer | null = null;
  const keepTicket = (): void => {
    if (trusted === null || ticket === null) return;
    context.KeepSession(server, { Ticket: ticket, Certificate: trusted.Certificate });
  };
  socket.on("session", (fresh) => {
    ticket = fresh;
    keepTicket();
  });
  socket.on("error", (error) => {
    if (trusted === null) context.ForgetSession(server);
    events.OnFailed(TlsErrorOf(error));
  });
  socket.on("secureConnect", () => {
    events.OnSecured(() => {
      // Node's types say Error; it is the error's code.
      const reason = socket.authorizationError as unknown as string | null;
      const resumed = socket.isSessionReused() ? session?.Certificate : null;
      const facts = TlsFactsOf(socket, resumed ?? null);
      const verdict = verdictOf(facts, Config.Trust, reason ?? "");
      if (verdict.Failure === SocketError.SUCCESS) trusted = facts;
      keepTicket();
      return verdict;
    });
  });
  // Before Node's own handler, which destroys a socket that ends in its handshake.
  return socket.prependListener("end", events.OnEnd).on("close", events.OnEnd);
}

export function AcceptTls(
  raw: Socket,
  { Config }: TlsRequest,
  context: TlsContext,
  events: TlsEvents,
): TLSSocket {
  const socket = new SecuredSocket(raw, {
    isServer: true,
    secureContext: context.Secure,
    ...alpnOf(Config),
    requestCert: Config.Trust !== "ignored",
    // OpenSSL itself refuses a client without a certificate, with an alert.
    rejectUnauthorized: Config.Trust === "required",
  });
  const onError = (error: Error): void => events.OnFailed(TlsErrorOf(error));
  socket.on("error", onError);
  // Without a tls.Server, Node tells errors of the handshake by this event alone.
  socket.on("_tlsError", onError);
  socket.on("secure", () => {
    events.OnSecured(() => verdictOf(TlsFactsOf(socket, null), Config.Trust, clientError(socket)));
  });
  return socket.on("end", events.OnEnd).on("close", events.OnEnd);
}

function alpnOf({ AlpnProtocols }: TlsConfig): { ALPNProtocols?: string[] } {
  return AlpnProtocols.length === 0 ? {} : { ALPNProtocols: [...AlpnProtocols] };
}

/** @param reason why the peer's certificate is not trusted; "" if it is. */
function verdictOf(facts: TlsFacts, trust: PeerTrust, reason: string): TlsVerdict {
  const needless = facts.Certificate === null && trust === "optional";
  const trusted = trust === "ignored" || reason === "" || needless;
  return { Facts: facts, Failure: trusted ? SocketError.SUCCESS : VerifyErrorOf(reason) };
}

/** Why a certificate is not for this name; a list of names that nobody can read is for none. */
function nameError(name: string, certificate: NodeCertificate): Error | undefined {
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
