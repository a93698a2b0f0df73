import { afterAll, expect, test } from "vitest";
import { ProcessMode } from "../../../engine/index.ts";
import { NodeBackend } from "../../../networking/backends/node/NodeBackend.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Pattern, ReadAll, UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { UseStage } from "../../Support/Stage.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const log = CaptureNetLog();
const stage = UseStage();
const network = UseNetwork();

/** A server node that writes a diary: "+1", "data 1 text", "-1 2". */
class DiaryServer extends TCPServerNode {
  readonly Diary: string[] = [];
  /** Whether DataReceived reads what is there. */
  Reads = true;

  constructor() {
    super();
    this.BindAddress = "127.0.0.1";
    this.SocketOptions = { Backend: network.Backend };
    this.PeerConnected.Connect((_peer, id) => this.Diary.push(`+${id}`));
    this.PeerDisconnected.Connect((id, reason) => this.Diary.push(`-${id} ${reason}`));
    this.DataReceived.Connect((peer, id) => {
      if (this.Reads) this.Diary.push(`data ${id} ${Buffer.from(ReadAll(peer)).toString()}`);
    });
  }
}

function server(change: (node: DiaryServer) => void = () => undefined): DiaryServer {
  const node = new DiaryServer();
  change(node);
  return stage.Add(node);
}

/** Connects `count` clients and waits until the node has them. */
async function join(node: TCPServerNode, count = 1): Promise<PlainPeer[]> {
  const before = node.GetPeerCount();
  const plains = Array.from({ length: count }, () => network.PlainClient(node.GetLocalPort()));
  await stage.Until(() => node.GetPeerCount() === before + count, `${count} peers`);
  return plains;
}

test("it listens when ready, and tells of a peer's coming, data and going in this order", async () => {
  const node = server();
  expect(node.IsListening()).toBe(true);
  expect(node.StartListening()).toBe(SocketError.ALREADY_INIT);
  const plain = network.PlainClient(node.GetLocalPort());
  plain.Socket.end("hello");
  await stage.Until(() => node.Diary.length === 3, "its diary");
  expect(node.Diary).toEqual(["+1", "data 1 hello", `-1 ${CloseReason.PEER}`]);
  expect(node.GetPeerCount()).toBe(0);
  expect(node.GetPeer(1)).toBeNull();
});

test("ids count up and never come again", async () => {
  const node = server();
  await join(node, 2);
  expect(node.GetPeerIds()).toEqual([1, 2]);
  expect(node.DisconnectPeer(1)).toBe(true);
  expect(node.DisconnectPeer(1)).toBe(false);
  await join(node);
  expect(node.GetPeerIds()).toEqual([2, 3]);
  expect(node.GetPeer(3)?.GetConnectedPort()).toBeGreaterThan(0);
});

test("every way to leave is told once, with its reason", async () => {
  const node = server();
  const [closing, resetting] = await join(node, 2);
  closing?.Socket.end();
  await stage.Until(() => node.GetPeerCount() === 1, "the close");
  resetting?.Socket.resetAndDestroy();
  await stage.Until(() => node.GetPeerCount() === 0, "the reset");
  await join(node, 2);
  node.DisconnectPeer(3);
  node.GetPeer(4)?.Abort();
  stage.Tick();
  const left = node.Diary.filter((line) => line.startsWith("-"));
  expect(left.map((line) => Number(line.split(" ")[1]))).toEqual([
    CloseReason.PEER,
    CloseReason.RESET,
    CloseReason.LOCAL,
    CloseReason.LOCAL,
  ]);
  expect(new Set(left).size).toBe(4);
});

test("data that is left unread is told again each tick", async () => {
  const node = server((made) => (made.Reads = false));
  let told = 0;
  node.DataReceived.Connect(() => told++);
  const [plain] = await join(node);
  plain?.Send("x");
  await stage.Until(() => told === 3, "three tellings");
  node.Reads = true;
  stage.Tick();
  told = 0;
  stage.Tick();
  expect(told).toBe(0);
});

test("at MaxConnections the next waits, and gets in when one leaves", async () => {
  const node = server((made) => (made.MaxConnections = 2));
  await join(node, 2);
  const waiting = network.PlainClient(node.GetLocalPort());
  waiting.Send("patient");
  await WaitFor(() => !waiting.Socket.connecting, "a connection");
  for (let i = 0; i < 5; i++) stage.Tick();
  expect(node.GetPeerCount()).toBe(2);
  expect(waiting.Closed).toBe(false);
  node.DisconnectPeer(1);
  await stage.Until(() => node.Diary.includes("data 3 patient"), "the third");
  expect(node.GetPeerIds()).toEqual([2, 3]);
});

test("one tick takes a bounded number of connections", async () => {
  const node = server((made) => (made.Backlog = 1_024));
  const count = Limits.acceptsPerTick + 6;
  const plains = Array.from({ length: count }, () => network.PlainClient(node.GetLocalPort()));
  await WaitFor(() => plains.every((plain) => !plain.Socket.connecting), "the flood");
  await WaitFor(() => network.Backend.HeldCount() > count, "the thread's announcements");
  stage.Tick();
  expect(node.GetPeerCount()).toBe(Limits.acceptsPerTick);
  stage.Tick();
  expect(node.GetPeerCount()).toBe(count);
});

test("IdleTimeout ends who sends nothing, not who sends", async () => {
  const node = server((made) => (made.IdleTimeout = 1_000));
  const [, active] = await join(node, 2);
  stage.Tick(0.6);
  active?.Send("x");
  await stage.Until(() => node.Diary.includes("data 2 x"), "the byte");
  stage.Tick(0.4);
  expect(node.GetPeerIds()).toEqual([1, 2]);
  stage.Tick(0.1);
  expect(node.GetPeerIds()).toEqual([2]);
  expect(node.Diary.at(-1)).toBe(`-1 ${CloseReason.TIMEOUT}`);
});

test("bytes that nobody reads do not keep a silent peer", async () => {
  const node = server((made) => {
    made.IdleTimeout = 1_000;
    made.Reads = false;
  });
  const [plain] = await join(node);
  plain?.Send("par");
  await stage.Until(() => node.GetPeer(1)?.GetAvailableBytes() === 3, "a part of a message");
  stage.Tick(0.9);
  plain?.Send("t");
  await stage.Until(() => node.GetPeer(1)?.GetAvailableBytes() === 4, "one byte more");
  stage.Tick();
  stage.Tick(0.9);
  expect(node.GetPeerCount()).toBe(1);
  stage.Tick(0.2);
  expect(node.Diary).toEqual(["+1", `-1 ${CloseReason.TIMEOUT}`]);
});

test("Broadcast reaches everybody with room, and says how many", async () => {
  const node = server((made) => {
    made.SocketOptions = { Backend: network.Backend, OutboundBufferSize: 256 };
  });
  expect(node.Broadcast(Pattern(4))).toBe(0);
  const plains = await join(node, 3);
  expect(node.Broadcast(Pattern(4))).toBe(3);
  for (const plain of plains) await plain.WaitReceived(4);
  await WaitFor(() => node.GetPeer(1)?.GetOutboundBytes() === 0, "an empty buffer");
  // The oldest is asked first, before anything of this run can have left its buffer.
  node.GetPeer(1)?.PutData(Pattern(100));
  expect(node.Broadcast(Pattern(200))).toBe(2);
});

test("handlers may disconnect anybody, and nothing is told twice or of the gone", async () => {
  const node = server();
  node.PeerConnected.Connect((_peer, id) => {
    if (id === 3) node.DisconnectPeer(3);
  });
  const everyone = await join(node, 2);
  network.PlainClient(node.GetLocalPort());
  await stage.Until(() => node.Diary.some((line) => line.startsWith("-3")), "the third's end");

  let told = 0;
  node.DataReceived.Connect(() => {
    told++;
    node.DisconnectPeer(1);
    node.DisconnectPeer(2);
  });
  for (const plain of everyone) plain.Send("x");
  const peers = [1, 2].map((id) => node.GetPeer(id) as StreamPeerTCP);
  await WaitFor(() => peers.every((peer) => peer.GetAvailableBytes() > 0), "both bytes");
  stage.Tick();
  expect(told).toBe(1);
  expect(node.GetPeerCount()).toBe(0);
  const left = node.Diary.filter((line) => line.startsWith("-"));
  expect(left).toHaveLength(3);
});

test("a port in use is told by ListenFailed, and can be tried again", () => {
  const first = server();
  const codes: SocketError[] = [];
  const second = new DiaryServer();
  second.Port = first.GetLocalPort();
  second.ListenFailed.Connect((code) => codes.push(code));
  stage.Add(second);
  expect(codes).toEqual([SocketError.ADDRESS_IN_USE]);
  expect(second.IsListening()).toBe(false);
  first.StopListening();
  expect(second.StartListening()).toBe(SocketError.SUCCESS);
});

test("without Autostart it waits to be told", () => {
  const node = server((made) => (made.Autostart = false));
  expect(node.IsListening()).toBe(false);
  expect(node.GetLocalPort()).toBe(0);
  expect(node.StartListening()).toBe(SocketError.SUCCESS);
});

test("StopListening keeps who is in", async () => {
  const node = server();
  const [plain] = await join(node);
  node.StopListening();
  plain?.Send("still");
  await stage.Until(() => node.Diary.includes("data 1 still"), "its data");
});

test("a paused node keeps its sockets and hears everything later", async () => {
  const node = server((made) => (made.ProcessMode = ProcessMode.DISABLED));
  const plain = network.PlainClient(node.GetLocalPort());
  plain.Send("while paused");
  await WaitFor(() => !plain.Socket.connecting, "a connection");
  for (let i = 0; i < 5; i++) stage.Tick(1);
  expect(node.Diary).toEqual([]);
  expect(plain.Closed).toBe(false);
  node.ProcessMode = ProcessMode.INHERIT;
  await stage.Until(() => node.Diary.length === 2, "its diary");
  expect(node.Diary).toEqual(["+1", "data 1 while paused"]);
});

test("leaving the tree frees the port and sends what was put", async () => {
  const node = server();
  const port = node.GetLocalPort();
  const [plain] = await join(node);
  node.GetPeer(1)?.PutData(Pattern(1_000));
  stage.Tree.Root.RemoveChild(node);
  expect(node.Diary).toEqual(["+1", `-1 ${CloseReason.LOCAL}`]);
  await WaitFor(() => plain?.Ended === true, "the end");
  expect(plain?.Received).toHaveLength(1_000);
  expect(network.Server().Listen(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
});

const doomed = new NodeBackend();
afterAll(() => doomed.Terminate());

test("a network thread that dies is told by ListenFailed, and peers end in error", async () => {
  const node = server((made) => (made.SocketOptions = { Backend: doomed }));
  const codes: SocketError[] = [];
  node.ListenFailed.Connect((code) => codes.push(code));
  await join(node);
  await doomed.Terminate();
  await stage.Until(() => node.GetPeerCount() === 0 && codes.length > 0, "the news");
  expect(codes).toEqual([SocketError.UNAVAILABLE]);
  expect(log).toHaveLength(1);
  expect(node.Diary.at(-1)).toBe(`-1 ${CloseReason.ERROR}`);
  expect(node.StartListening()).toBe(SocketError.SUCCESS);
  await join(node);
});
