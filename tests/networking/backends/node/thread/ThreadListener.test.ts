import type * as net from "node:net";
import { expect, test, vi } from "vitest";
import { SharedListener } from "../../../../../networking/backends/node/SharedListener.ts";
import { ThreadListener } from "../../../../../networking/backends/node/thread/ThreadListener.ts";
import { ListenerPhase } from "../../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { NextRun, WaitFor } from "../../../../Support/WaitFor.ts";

const servers: net.Server[] = [];
vi.mock("node:net", async (load) => {
  const real = await load<typeof net>();
  const createServer: typeof real.createServer = (...given: unknown[]) => {
    const server = Reflect.apply(real.createServer, null, given) as net.Server;
    servers.push(server);
    return server;
  };
  return { ...real, createServer };
});

function open(address: string, port = 0): { Listener: ThreadListener; Shared: SharedListener } {
  const shared = new SharedListener();
  const listener = new ThreadListener({
    Address: address,
    Port: port,
    Backlog: 4,
    Shared: shared,
    OnAccepted: () => true,
    OnChanged: () => undefined,
  });
  return { Listener: listener, Shared: shared };
}

test("a connection that the system could not give is counted, and the listener stands", async () => {
  const { Listener, Shared } = open("127.0.0.1");
  await WaitFor(() => Shared.Phase() === ListenerPhase.LISTENING, "a listener");
  const failure = Object.assign(new Error("accept EMFILE"), { code: "EMFILE" });
  servers.at(-1)?.emit("error", failure);
  expect(Shared.Phase()).toBe(ListenerPhase.LISTENING);
  expect(Shared.Dropped()).toBe(1);
  Listener.Close();
  expect(Shared.Phase()).toBe(ListenerPhase.CLOSED);
  expect(Shared.Failure()).toBe(SocketError.SUCCESS);
});

test("a machine without IPv6 gets all IPv4 addresses for the wildcard", async () => {
  const { Listener, Shared } = open("");
  process.nextTick(() => {
    const first = servers.at(-1);
    first?.close(); // stands for the system's refusal, which comes instead of "listening"
    first?.removeAllListeners("listening");
    first?.emit("error", Object.assign(new Error("listen"), { code: "EAFNOSUPPORT" }));
  });
  await WaitFor(() => Shared.Phase() === ListenerPhase.LISTENING, "a listener");
  expect(servers.at(-1)?.address()).toMatchObject({ address: "0.0.0.0", port: Shared.Port() });
  Listener.Close();
});

test("an address that is not this machine's closes it with the system's reason", async () => {
  const { Shared } = open("192.0.2.1");
  await WaitFor(() => Shared.Phase() === ListenerPhase.CLOSED, "a refusal");
  expect(Shared.Failure()).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
});

const moments: [string, (close: () => void) => void][] = [
  ["at once", (close) => close()],
  ["before the system is asked", (close) => process.nextTick(close)],
  ["when the system was asked", (close) => process.nextTick(() => process.nextTick(close))],
  ["a turn later", (close) => void setImmediate(close)],
];
test.each(moments)("closed %s, it leaves the port free", async (_when, later) => {
  const probe = open("127.0.0.1");
  await WaitFor(() => probe.Shared.Phase() === ListenerPhase.LISTENING, "a port");
  probe.Listener.Close();
  const asked = open("127.0.0.1", probe.Shared.Port());
  later(() => asked.Listener.Close());
  await NextRun();
  const next = open("127.0.0.1", probe.Shared.Port());
  await WaitFor(() => next.Shared.Phase() !== ListenerPhase.OPENING, "the system's answer");
  expect(next.Shared.Failure()).toBe(SocketError.SUCCESS);
  next.Listener.Close();
});

test("closed for a reason, it says so", () => {
  const { Listener, Shared } = open("127.0.0.1");
  Listener.Close(SocketError.UNAVAILABLE);
  expect(Shared.Failure()).toBe(SocketError.UNAVAILABLE);
});
