/** Makers for TLS streams of a test's network: over a server of Moonwire's, or to any port. */
import type { SocketError } from "../../networking/core/SocketError.ts";
import { Status } from "../../networking/core/Status.ts";
import type { NetSocketOptions } from "../../networking/core/NetSocketOptions.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../networking/core/TLSOptions.ts";
import type { TLSServerSettings } from "../../networking/core/TLSOptions.ts";
import { TLSStatus } from "../../networking/core/TLSStatus.ts";
import type { Certified } from "./Certificates.ts";
import { Certificates } from "./Certificates.ts";
import type { Network } from "./Network.ts";
import { Succeed, WaitStatus } from "./Network.ts";
import { WaitFor } from "./WaitFor.ts";

export interface TcpPair {
  readonly Client: StreamPeerTCP;
  readonly Server: StreamPeerTCP;
}

/** Both ends of a plain connection. */
export async function PlainPair(
  network: Network,
  options: NetSocketOptions = {},
): Promise<TcpPair> {
  const server = network.Listening(options);
  const client = network.Stream(options);
  Succeed(client.ConnectToHost("127.0.0.1", server.GetLocalPort()));
  const taken = await network.Take(server);
  await WaitStatus(client, Status.STATUS_CONNECTED);
  return { Client: client, Server: taken };
}

export interface TlsPair {
  readonly Client: StreamPeerTLS;
  readonly Server: StreamPeerTLS;
}

/** A handshake begun at both ends. */
export async function BeginPair(
  network: Network,
  client: TLSOptions,
  server: TLSOptions,
  name = "localhost",
  options: NetSocketOptions = {},
): Promise<TlsPair> {
  const tcp = await PlainPair(network, options);
  const pair = { Client: new StreamPeerTLS(), Server: new StreamPeerTLS() };
  Succeed(pair.Client.ConnectToStream(tcp.Client, name, client));
  Succeed(pair.Server.AcceptStream(tcp.Server, server));
  return pair;
}

/** Both ends of a connection that stands. */
export async function SecurePair(
  network: Network,
  client = TrustingClient(),
  server = ServerOptions(),
  options: NetSocketOptions = {},
): Promise<TlsPair> {
  const pair = await BeginPair(network, client, server, "localhost", options);
  await WaitTls(pair.Client, TLSStatus.STATUS_CONNECTED);
  await WaitTls(pair.Server, TLSStatus.STATUS_CONNECTED);
  return pair;
}

/** A client's handshake with whoever listens on the port. */
export async function ConnectTls(
  network: Network,
  port: number,
  options: TLSOptions,
  name = "localhost",
): Promise<StreamPeerTLS> {
  const tcp = network.Stream();
  Succeed(tcp.ConnectToHost("127.0.0.1", port));
  await WaitStatus(tcp, Status.STATUS_CONNECTED);
  const tls = new StreamPeerTLS();
  Succeed(tls.ConnectToStream(tcp, name, options));
  return tls;
}

/** A client that trusts the tests' authority. */
export function TrustingClient(): TLSOptions {
  return TLSOptions.Client(Certificates().Ca.Certificate);
}

export function ServerOptions(
  own: Certified = Certificates().Server,
  more: TLSServerSettings = {},
): TLSOptions {
  return TLSOptions.Server(own.PrivateKey, own.Certificate, more);
}

export function WaitTls(stream: StreamPeerTLS, status: TLSStatus): Promise<void> {
  return WaitFor(() => {
    const now = stream.GetStatus();
    if (now >= TLSStatus.STATUS_ERROR && status < TLSStatus.STATUS_ERROR) {
      throw new Error(`A TLS stream failed with code ${stream.GetLastError()}.`);
    }
    return now === status;
  }, `TLS status ${status}`);
}

/** Waits until the stream has failed. @returns why */
export async function FailureOf(stream: StreamPeerTLS): Promise<SocketError> {
  await WaitFor(() => stream.GetStatus() >= TLSStatus.STATUS_ERROR, "a TLS stream to fail");
  return stream.GetLastError();
}
