import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { TlsContexts } from "../../../../../networking/backends/node/thread/TlsContexts.ts";
import { TlsHandshake } from "../../../../../networking/backends/node/thread/TlsHandshake.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { TLSOptions } from "../../../../../networking/core/TLSOptions.ts";
import { WaitFor } from "../../../../Support/WaitFor.ts";

const contexts = new TlsContexts();
const ends: Socket[] = [];
afterEach(() => ends.splice(0).forEach((socket) => socket.destroy()));

/** Both ends of a connection. */
async function pair(): Promise<[near: Socket, far: Socket]> {
  const server = createServer({ allowHalfOpen: true });
  let far: Socket | null = null;
  server.on("connection", (socket) => (far = socket));
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "a listener");
  const near = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  await WaitFor(() => far !== null && !near.connecting, "a connection");
  server.close();
  ends.push(near, far!);
  return [near, far!];
}

class Told {
  Failure: SocketError | null = null;
  Secured = false;
  readonly Handshake: TlsHandshake;

  constructor(timeoutMs: number) {
    const config = TLSOptions.ClientUnsafe(null, { HandshakeTimeout: timeoutMs }).Config();
    this.Handshake = new TlsHandshake({
      Request: { Config: config, CommonName: "localhost" },
      Context: contexts.Get(1, config)!,
      OnSecured: () => (this.Secured = true),
      OnFailed: (failure) => (this.Failure = failure),
    });
  }
}

test("the deadline runs from the start, begun or not", async () => {
  const waiting = new Told(20);
  expect(waiting.Handshake.HasBegun()).toBe(false);
  await WaitFor(() => waiting.Failure !== null, "the deadline");
  expect(waiting.Failure).toBe(SocketError.TIMED_OUT);
});

test("a socket whose data has ended gives CONNECTION_CLOSED", async () => {
  const [near, far] = await pair();
  far.end();
  near.resume();
  await WaitFor(() => near.readableEnded, "the end");
  const told = new Told(10_000);
  told.Handshake.Begin(near, new Uint8Array(0));
  await WaitFor(() => told.Failure !== null, "the outcome");
  expect(told.Failure).toBe(SocketError.CONNECTION_CLOSED);
});

test("after Cancel nobody hears of it any more", async () => {
  const [near, far] = await pair();
  const told = new Told(20);
  told.Handshake.Begin(near, new Uint8Array(0));
  expect(told.Handshake.HasBegun()).toBe(true);
  told.Handshake.Cancel();
  far.write("this is no TLS");
  await WaitFor(() => near.destroyed, "the end of a handshake that failed");
  expect([told.Failure, told.Secured]).toEqual([null, false]);
});
