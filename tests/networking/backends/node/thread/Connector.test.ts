import type { Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import type { ConnectorOptions } from "../../../../../networking/backends/node/thread/Connector.ts";
import { Connector } from "../../../../../networking/backends/node/thread/Connector.ts";
import { LookUp } from "../../../../../networking/backends/node/thread/ThreadResolver.ts";
import { Limits } from "../../../../../networking/core/Limits.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { PlainServer } from "../../../../Support/PlainPeer.ts";
import { SilentListener } from "../../../../Support/SilentListener.ts";
import { NextRun, WaitFor } from "../../../../Support/WaitFor.ts";

vi.mock("../../../../../networking/backends/node/thread/ThreadResolver.ts", () => ({
  LookUp: vi.fn<typeof LookUp>(),
}));

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** The next name has these addresses. */
function resolveTo(addresses: readonly string[]): void {
  vi.mocked(LookUp).mockImplementation((_name, _family, handler) => {
    setImmediate(() => handler(SocketError.SUCCESS, addresses));
  });
}

interface Outcome {
  Socket: Socket | null;
  Failure: SocketError | null;
  /** Milliseconds until either. */
  TookMs: number;
}

async function connectTo(port: number, more: Partial<ConnectorOptions> = {}): Promise<Outcome> {
  const outcome: Outcome = { Socket: null, Failure: null, TookMs: 0 };
  const connector = new Connector({
    Host: "several.test",
    IsLiteral: false,
    Port: port,
    TimeoutMs: 5_000,
    Source: null,
    Sink: { NextBuffer: () => null, Receive: () => true },
    OnConnected: (socket) => (outcome.Socket = socket),
    OnFailed: (failure) => (outcome.Failure = failure),
    ...more,
  });
  endings.push(() => outcome.Socket?.destroy() ?? connector.Cancel());
  const from = performance.now();
  await WaitFor(() => outcome.Socket !== null || outcome.Failure !== null, "an outcome");
  outcome.TookMs = performance.now() - from;
  return outcome;
}

async function plainServer(host?: string): Promise<PlainServer> {
  const server = await PlainServer.Start(host);
  endings.push(() => server.Stop());
  return server;
}

test("the first address is tried first and alone when it answers", async () => {
  const server = await plainServer("0.0.0.0");
  resolveTo(["127.0.0.2", "127.0.0.3"]);
  const { Socket } = await connectTo(server.Port);
  expect(Socket?.remoteAddress).toBe("127.0.0.2");
  expect(server.Peers.length).toBeLessThanOrEqual(1);
});

test("a refused address makes way for the next at once", async () => {
  const server = await plainServer("127.0.0.3");
  resolveTo(["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
  const { Socket, TookMs } = await connectTo(server.Port);
  expect(Socket?.remoteAddress).toBe("127.0.0.3");
  expect(TookMs).toBeLessThan(Limits.connectStaggerMs);
});

test("a silent address is left running and the next is tried after the stagger", async () => {
  const server = await plainServer("127.0.0.2");
  const silent = await SilentListener.Start("127.0.0.1", server.Port);
  endings.push(() => silent.Stop());
  resolveTo(["127.0.0.1", "127.0.0.2"]);
  const { Socket, TookMs } = await connectTo(server.Port);
  expect(Socket?.remoteAddress).toBe("127.0.0.2");
  expect(TookMs).toBeGreaterThanOrEqual(Limits.connectStaggerMs - 5);
});

test("both families take turns, beginning with the resolver's first choice", async () => {
  // Only the last in the resolver's order answers; by turns it is second, so one stagger suffices.
  const server = await plainServer("::1");
  const silent = await SilentListener.Start("127.0.0.1", server.Port);
  endings.push(() => silent.Stop());
  resolveTo(["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"]);
  const { Socket, TookMs } = await connectTo(server.Port);
  expect(Socket?.remoteAddress).toBe("::1");
  expect(TookMs).toBeGreaterThanOrEqual(Limits.connectStaggerMs - 5);
});

test("one deadline covers the lookup and every address", async () => {
  const silent = await SilentListener.Start();
  endings.push(() => silent.Stop());
  resolveTo(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  const slow = await connectTo(silent.Port, { TimeoutMs: 60 });
  expect(slow.Failure).toBe(SocketError.TIMED_OUT);
  expect(slow.TookMs).toBeLessThan(Limits.connectStaggerMs);

  vi.mocked(LookUp).mockImplementation(() => undefined); // a resolver that never answers
  const mute = await connectTo(silent.Port, { TimeoutMs: 20 });
  expect(mute.Failure).toBe(SocketError.TIMED_OUT);
});

test("when all fail the caller hears why, and hears it once", async () => {
  const server = await plainServer();
  const port = server.Port;
  server.Stop();
  resolveTo(["127.0.0.1", "127.0.0.2"]);
  const { Failure } = await connectTo(port);
  expect(Failure).toBe(SocketError.CONNECTION_REFUSED);
});

test("a name without an answer is the resolver's failure", async () => {
  vi.mocked(LookUp).mockImplementation((_name, _family, handler) => {
    setImmediate(() => handler(SocketError.CANT_RESOLVE, []));
  });
  expect((await connectTo(1)).Failure).toBe(SocketError.CANT_RESOLVE);
});

test("addresses past the limit are not tried", async () => {
  const server = await plainServer("127.0.0.2");
  const dead = Array.from({ length: Limits.connectMaxAddresses }, () => "127.0.0.1");
  resolveTo([...dead.slice(1), "127.0.0.2"]);
  expect((await connectTo(server.Port)).Socket?.remoteAddress).toBe("127.0.0.2");
  resolveTo([...dead, "127.0.0.2"]);
  expect((await connectTo(server.Port)).Failure).toBe(SocketError.CONNECTION_REFUSED);
});

test("a source address is used for its own family only", async () => {
  const server = await plainServer("127.0.0.1");
  resolveTo(["::1", "127.0.0.1"]);
  const source = { Address: "127.0.0.9", Port: 0 };
  const { Socket } = await connectTo(server.Port, { Source: source });
  expect(Socket?.localAddress).toBe("127.0.0.9");
  expect(Socket?.remoteAddress).toBe("127.0.0.1");

  resolveTo(["::1"]);
  const none = await connectTo(server.Port, { Source: source });
  expect(none.Failure).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
});

test("a refusal of one family is not hidden by the source's mismatch with the other", async () => {
  const server = await plainServer();
  const port = server.Port;
  server.Stop();
  resolveTo(["::1", "127.0.0.1"]);
  const { Failure } = await connectTo(port, { Source: { Address: "127.0.0.1", Port: 0 } });
  expect(Failure).toBe(SocketError.CONNECTION_REFUSED);
});

test("after Cancel no handler is called", async () => {
  const server = await plainServer();
  let calls = 0;
  const options = {
    Host: "127.0.0.1",
    IsLiteral: true,
    Port: server.Port,
    TimeoutMs: 20,
    Source: null,
    Sink: { NextBuffer: () => null, Receive: () => true },
    OnConnected: () => calls++,
    OnFailed: () => calls++,
  };
  for (let i = 0; i < 5; i++) new Connector(options).Cancel();
  await NextRun(30); // past their deadline
  expect(calls).toBe(0);
  expect(server.Peers.filter((peer) => !peer.Closed)).toEqual([]);
});
