import { Socket, createSocket } from "node:dgram";
import { afterEach, expect, test, vi } from "vitest";
import { SharedControl } from "../../../../../networking/backends/node/SharedControl.ts";
import { SharedDatagram } from "../../../../../networking/backends/node/SharedDatagram.ts";
import { Outbox } from "../../../../../networking/backends/node/thread/Outbox.ts";
import { ThreadDatagram } from "../../../../../networking/backends/node/thread/ThreadDatagram.ts";
import { IpAddress } from "../../../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { WaitFor } from "../../../../Support/WaitFor.ts";

interface Far {
  readonly Port: number;
  /** What it received, as text. */
  readonly Heard: string[];
  readonly Socket: Socket;
}

interface Opened {
  readonly Shared: SharedDatagram;
  readonly Thread: ThreadDatagram;
  readonly Ended: number[];
}

const endings: (() => void)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const end of endings.splice(0)) end();
});

const here = new IpAddress("127.0.0.1").ToBytes();

/** A thread socket in this very thread. */
function open(address = "127.0.0.1", port = 0, bytes = 65_536): Opened {
  const shared = SharedDatagram.Create(bytes, bytes);
  const ended: number[] = [];
  const thread = new ThreadDatagram({
    Id: 2,
    Address: address,
    Port: port,
    ReuseAddress: false,
    Broadcast: false,
    Shared: shared,
    Outbox: new Outbox(new SharedControl(), () => undefined),
    OnEnded: (id) => ended.push(id),
  });
  endings.push(() => thread.Fail(SocketError.SUCCESS));
  thread.Bind();
  return { Shared: shared, Thread: thread, Ended: ended };
}

async function far(address = "127.0.0.1"): Promise<Far> {
  const socket = createSocket("udp4");
  const heard: string[] = [];
  socket.on("message", (bytes) => heard.push(bytes.toString()));
  endings.push(() => socket.close());
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return { Port: socket.address().port, Heard: heard, Socket: socket };
}

function put(it: Opened, text: string, port: number): void {
  expect(it.Shared.Outbound.Put(Buffer.from(text), here, port)).toBe(true);
}

test("binding is answered at once, with the port or the system's reason", () => {
  const first = open();
  expect([first.Shared.Answered(), first.Shared.Result()]).toEqual([1, SocketError.SUCCESS]);
  const port = first.Shared.Local()?.Port ?? 0;
  expect(port).toBeGreaterThan(0);
  const second = open("127.0.0.1", port);
  expect([second.Shared.Answered(), second.Shared.Result()]).toEqual([
    1,
    SocketError.ADDRESS_IN_USE,
  ]);
  expect(second.Shared.Failure()).toBe(SocketError.ADDRESS_IN_USE);
  expect(second.Ended).toEqual([2]);
  const third = open("192.0.2.77");
  expect(third.Shared.Result()).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
});

test("a machine without IPv6 gets all IPv4 addresses for the wildcard", () => {
  const bind = vi.spyOn(Socket.prototype, "bind");
  bind.mockImplementationOnce(function (this: Socket) {
    this.emit("error", Object.assign(new Error("bind"), { code: "EAFNOSUPPORT" }));
    return this;
  });
  const it = open("");
  const asked = bind.mock.calls.map(([options]) => options as unknown as { address: string });
  expect(asked.map(({ address }) => address)).toEqual(["::", "0.0.0.0"]);
  expect([it.Shared.Answered(), it.Shared.Result()]).toEqual([1, SocketError.SUCCESS]);
});

test("what is in the ring is sent in one go, each to its own end", async () => {
  const it = open();
  const [a, b] = [await far(), await far()];
  put(it, "one", a.Port);
  put(it, "two", b.Port);
  put(it, "", a.Port);
  it.Thread.Serve();
  expect(it.Shared.Outbound.Count()).toBe(0);
  await WaitFor(() => a.Heard.length === 2 && b.Heard.length === 1, "three datagrams");
  expect([a.Heard, b.Heard]).toEqual([["one", ""], ["two"]]);
});

test("a datagram that the system cannot take at once waits, and the others behind it", async () => {
  const it = open();
  const target = await far();
  const queued = vi.spyOn(Socket.prototype, "getSendQueueCount").mockReturnValue(1);
  for (const text of ["one", "two", "three"]) put(it, text, target.Port);
  it.Thread.Serve();
  it.Thread.Serve();
  expect(it.Shared.Outbound.Count()).toBe(2);
  queued.mockReturnValue(0);
  await WaitFor(() => target.Heard.length === 3, "three datagrams");
  expect(target.Heard).toEqual(["one", "two", "three"]);
});

test("what finds no room is dropped and counted, and what comes after it is not", async () => {
  const it = open("127.0.0.1", 0, 256);
  const source = await far();
  const port = it.Shared.Local()?.Port ?? 0;
  const send = (bytes: number): void => source.Socket.send(Buffer.alloc(bytes), port, "127.0.0.1");
  for (const bytes of [237, 236]) send(bytes);
  await WaitFor(() => it.Shared.Inbound.Count() === 1, "the one that fits");
  for (let i = 0; i < 10; i++) send(i);
  await WaitFor(() => it.Shared.Dropped() === 11, "the others");
  it.Shared.Inbound.Clear();
  send(1);
  await WaitFor(() => it.Shared.Inbound.Count() === 1, "one more");
});

test("a connected socket hears its peer only, also of what the system held before", async () => {
  const it = open();
  const [peer, stranger] = [await far(), await far()];
  const port = it.Shared.Local()?.Port ?? 0;
  stranger.Socket.send("early", port, "127.0.0.1"); // in the system's buffer at the connect
  it.Thread.Change({ Kind: "connect", Remote: { Address: "127.0.0.1", Port: peer.Port } });
  await WaitFor(() => it.Shared.Answered() === 2, "the answer");
  expect(it.Shared.Result()).toBe(SocketError.SUCCESS);
  expect(it.Shared.Remote()?.Port).toBe(peer.Port);
  stranger.Socket.send("late", port, "127.0.0.1");
  peer.Socket.send("peer", port, "127.0.0.1");
  await WaitFor(() => it.Shared.Inbound.Count() > 0, "the peer's datagram");
  const into = new Uint8Array(8);
  it.Shared.Inbound.Next();
  expect([it.Shared.Inbound.Port, it.Shared.Inbound.Take(into)]).toEqual([peer.Port, 4]);
  expect(it.Shared.Inbound.Count()).toBe(0);
  put(it, "answer", 0);
  it.Thread.Serve();
  await WaitFor(() => peer.Heard.length > 0, "the answer");
});

test("an end that has become impossible is refused and counted, not thrown", async () => {
  const it = open();
  const peer = await far();
  put(it, "nobody is connected", 0);
  it.Thread.Serve();
  expect(it.Shared.Refused()).toBe(1);
  it.Thread.Change({ Kind: "connect", Remote: { Address: "127.0.0.1", Port: peer.Port } });
  await WaitFor(() => it.Shared.Answered() === 2, "the answer");
  put(it, "to another end", peer.Port);
  it.Thread.Serve();
  expect(it.Shared.Refused()).toBe(2);
});

test("what the system refuses is counted and complained of, and the socket goes on", async () => {
  const it = open();
  const target = await far();
  it.Shared.Outbound.Put(Buffer.from("x"), new IpAddress("255.255.255.255").ToBytes(), 9);
  it.Thread.Serve();
  await WaitFor(() => it.Shared.Refused() === 1, "the refusal");
  expect(it.Shared.TakeComplaint()).toBe(SocketError.PERMISSION_DENIED);
  put(it, "next", target.Port);
  it.Thread.Serve();
  await WaitFor(() => target.Heard.length === 1, "the next one");
});

test("nobody at the peer's port is a complaint, and the peer is heard once it is there", async () => {
  const it = open();
  const gone = await far();
  await new Promise<void>((resolve) => gone.Socket.once("close", resolve).close());
  endings.pop();
  it.Thread.Change({ Kind: "connect", Remote: { Address: "127.0.0.1", Port: gone.Port } });
  await WaitFor(() => it.Shared.Answered() === 2, "the answer");
  put(it, "anybody?", 0);
  it.Thread.Serve();
  await WaitFor(() => it.Shared.TakeComplaint() === SocketError.CONNECTION_REFUSED, "a complaint");
  expect(it.Shared.IsClosed()).toBe(false);

  const back = createSocket("udp4");
  endings.push(() => back.close());
  await new Promise<void>((resolve) => back.bind(gone.Port, "127.0.0.1", resolve));
  back.send("here", it.Shared.Local()?.Port ?? 0, "127.0.0.1");
  await WaitFor(() => it.Shared.Inbound.Count() === 1, "the peer");
});

test("options are answered with what the system says", () => {
  const it = open();
  const ask = (change: Parameters<ThreadDatagram["Change"]>[0]): SocketError => {
    it.Thread.Change(change);
    return it.Shared.Result();
  };
  const group = (text: string, where: string, member: boolean): SocketError =>
    ask({ Kind: "membership", Group: text, Interface: where, Member: member });
  expect(ask({ Kind: "broadcast", Enabled: true })).toBe(SocketError.SUCCESS);
  expect(group("127.0.0.1", "127.0.0.1", true)).toBe(SocketError.INVALID_PARAMETER);
  expect(group("239.1.2.3", "no such interface", true)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(group("239.1.2.3", "127.0.0.1", false)).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
  expect(it.Shared.Answered()).toBe(5);
});

test("CLOSE sends what is in the ring, then is over at once", async () => {
  const it = open();
  const target = await far();
  for (let i = 0; i < 100; i++) put(it, `${i}`, target.Port);
  it.Shared.RequestClose(5_000);
  it.Thread.Serve();
  it.Thread.Serve();
  expect([it.Ended, it.Shared.IsClosed(), it.Shared.Failure()]).toEqual([[2], true, 0]);
  await WaitFor(() => target.Heard.length === 100, "all datagrams");
});

test("a CLOSE that the system holds up ends with its time, one without time at once", async () => {
  vi.spyOn(Socket.prototype, "getSendQueueCount").mockReturnValue(1);
  const target = await far();
  const slow = open();
  put(slow, "one", target.Port);
  put(slow, "two", target.Port);
  slow.Shared.RequestClose(20);
  slow.Thread.Serve();
  expect(slow.Ended).toEqual([]);
  await WaitFor(() => slow.Ended.length > 0, "the end of the time");
  expect(slow.Shared.Outbound.Count()).toBe(1);

  const quick = open();
  put(quick, "one", target.Port);
  quick.Shared.RequestClose(0);
  quick.Thread.Serve();
  expect([quick.Ended, quick.Shared.Outbound.Count()]).toEqual([[2], 1]);
});
