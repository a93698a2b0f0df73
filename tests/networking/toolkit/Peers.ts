/** What the toolkit's tests share: connections with plain peers, and errors looked at. */
import type { ConnectOptions } from "../../../networking/toolkit/Connect.ts";
import { Connect } from "../../../networking/toolkit/Connect.ts";
import type { Connection } from "../../../networking/toolkit/Connection.ts";
import type {
  ServeConnection,
  ServerOptions,
} from "../../../networking/toolkit/ConnectionServer.ts";
import { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { EasySocketError } from "../../../networking/toolkit/Errors.ts";
import type { Network } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";

export interface Pair {
  readonly Connection: Connection;
  readonly Plain: PlainPeer;
}

/** A connection with a plain peer. */
export async function ConnectedPair(
  network: Network,
  options: ConnectOptions = {},
  reading = true,
): Promise<Pair> {
  const server = await network.PlainServer("127.0.0.1", reading);
  const connection = await Connect("127.0.0.1", server.Port, {
    backend: network.Backend,
    ...options,
  });
  network.Ending(() => connection.Abort());
  return { Connection: connection, Plain: await server.Peer() };
}

/** What a promise rejects with, which must be one of the toolkit's errors. */
export async function Rejection(promise: Promise<unknown>): Promise<EasySocketError> {
  const reason = await promise.then(
    () => "nothing: it resolved",
    (error: unknown) => error,
  );
  if (reason instanceof EasySocketError) return reason;
  throw new Error(`Expected one of the toolkit's errors, got ${String(reason)}.`);
}

/** Something that is settled by hand. */
export class Gate {
  readonly Opened: Promise<void>;
  Open: () => void = () => undefined;

  constructor() {
    this.Opened = new Promise((resolve) => (this.Open = resolve));
  }
}

export function Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function Text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

export type Starter = (
  serve: ServeConnection,
  options?: ServerOptions,
) => Promise<ConnectionServer>;

/** A server on loopback that ends with the test, without grace. */
export async function StartServer(
  network: Network,
  serve: ServeConnection,
  options: ServerOptions,
): Promise<ConnectionServer> {
  const server = await ConnectionServer.Start(0, serve, {
    host: "127.0.0.1",
    backend: network.Backend,
    grace: 0,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

/** Answers each piece with itself. */
export async function Echo(connection: Connection): Promise<void> {
  while (await connection.WaitForData()) await connection.Write((await connection.Read()) ?? "");
}
