import { expect, test } from "vitest";
import { CloseReason } from "../../../networking/core/Status.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { UseStage } from "../../Support/Stage.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

const stage = UseStage();
const network = UseNetwork();

interface Scene {
  readonly Node: TCPServerNode;
  readonly Plain: PlainPeer;
  readonly Reasons: CloseReason[];
}

/** A server with one peer that does not read. */
async function scene(): Promise<Scene> {
  const node = new TCPServerNode();
  node.BindAddress = "127.0.0.1";
  node.SocketOptions = { Backend: network.Backend };
  const reasons: CloseReason[] = [];
  node.PeerDisconnected.Connect((_id, reason) => reasons.push(reason));
  stage.Add(node);
  const plain = network.PlainClient(node.GetLocalPort(), "127.0.0.1", false);
  await stage.Until(() => node.GetPeerCount() === 1, "a peer");
  return { Node: node, Plain: plain, Reasons: reasons };
}

/** Puts until neither the system nor our buffer takes more. @returns bytes taken */
async function fill(node: TCPServerNode): Promise<number> {
  let put = 0;
  for (let still = 0; still < 20; await NextRun(1)) {
    const taken = node.GetPeer(1)?.PutPartialData(Pattern(65_536, put)).BytesSent ?? 0;
    still = taken === 0 ? still + 1 : 0;
    put += taken;
  }
  return put;
}

test("with nothing to send everybody leaves at once", async () => {
  const { Node, Plain, Reasons } = await scene();
  await Node.Shutdown();
  expect(Node.IsListening()).toBe(false);
  expect(Node.GetPeerCount()).toBe(0);
  expect(Reasons).toEqual([CloseReason.LOCAL]);
  Plain.Read();
  await WaitFor(() => Plain.Ended, "the end");
});

test("a reader gets everything within the grace", async () => {
  const { Node, Plain, Reasons } = await scene();
  const put = await fill(Node);
  let done = false;
  const shutdown = Node.Shutdown(1_000).then(() => (done = true));
  stage.Tick(0.5);
  await NextRun();
  expect(done).toBe(false);
  expect(Node.GetPeerCount()).toBe(1);
  Plain.Read();
  await stage.Until(() => done, "the shutdown");
  await shutdown;
  await WaitFor(() => Plain.Ended, "the end");
  expect(Plain.Received).toHaveLength(put);
  expect(Plain.Failure).toBe("");
  expect(Reasons).toEqual([CloseReason.LOCAL]);
});

test("who does not read is reset when the grace is over, counted in ticks", async () => {
  const { Node, Plain, Reasons } = await scene();
  const put = await fill(Node);
  const shutdown = Node.Shutdown(1_000);
  stage.Tick(0.9);
  expect(Reasons).toEqual([]);
  stage.Tick(0.2);
  await shutdown;
  expect(Reasons).toEqual([CloseReason.LOCAL]);
  Plain.Read();
  // With bytes still unread Node tells the reset as an end at times; what was lost tells them
  // apart.
  await WaitFor(() => Plain.Closed || Plain.Ended, "the reset");
  expect(Plain.Received.length).toBeLessThan(put);
});

test("a goodbye that was put just before is sent", async () => {
  const { Node, Plain } = await scene();
  Node.Broadcast(Pattern(60_000));
  const shutdown = Node.Shutdown();
  Plain.Read();
  await stage.Until(() => Node.GetPeerCount() === 0, "everybody to leave");
  await shutdown;
  await WaitFor(() => Plain.Ended, "the end");
  expect(Plain.Received).toHaveLength(60_000);
});

test("a finished peer whose last bytes nobody reads keeps its place for five seconds", async () => {
  const { Node, Plain, Reasons } = await scene();
  Plain.Socket.end("half a mess");
  await stage.Until(() => Node.GetPeer(1)?.IsPeerFinished() === true, "the peer's end");
  stage.Tick(0);
  stage.Tick(4.9);
  expect(Reasons).toEqual([]);
  stage.Tick(0.2);
  expect(Reasons).toEqual([CloseReason.PEER]);
});

test("leaving the tree ends a shutdown under way", async () => {
  const { Node, Reasons } = await scene();
  await fill(Node);
  const shutdown = Node.Shutdown(60_000);
  stage.Tree.Root.RemoveChild(Node);
  await shutdown;
  expect(Reasons).toEqual([CloseReason.LOCAL]);
});

test("the time is checked", async () => {
  const { Node } = await scene();
  expect(() => Node.Shutdown(-1)).toThrow(TypeError);
  expect(() => Node.Shutdown(Number.NaN)).toThrow(TypeError);
  expect(Node.IsListening()).toBe(true);
});
