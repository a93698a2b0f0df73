/** Peers that are connected and silent: what a tick may do for each, counted. */
import { afterEach, expect, test, vi } from "vitest";
import { SharedControl } from "../../../networking/backends/node/SharedControl.ts";
import { SharedSocket } from "../../../networking/backends/node/SharedSocket.ts";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { UseStage } from "../../Support/Stage.ts";
import { NextRun } from "../../Support/WaitFor.ts";

const peers = 1_000;
const ticks = 60;
const joinAtOnce = 100;

const stage = UseStage();
const network = UseNetwork();
afterEach(() => vi.restoreAllMocks());

async function crowd(): Promise<TCPServerNode> {
  const node = new TCPServerNode();
  node.BindAddress = "127.0.0.1";
  node.SocketOptions = { Backend: network.Backend };
  stage.Add(node);
  while (node.GetPeerCount() < peers) {
    const wanted = node.GetPeerCount() + joinAtOnce;
    for (let i = 0; i < joinAtOnce; i++) network.PlainClient(node.GetLocalPort());
    await stage.Until(() => node.GetPeerCount() === wanted, `${wanted} peers`);
  }
  return node;
}

/** What the thread has recorded, and posted, so far. */
function threadWork(): readonly number[] {
  const posted = vi.spyOn(SharedControl.prototype, "Posted");
  network.Backend.HeldCount();
  const control = posted.mock.contexts.at(-1) as SharedControl;
  posted.mockRestore();
  return [control.Sequence(), control.Posted()];
}

test("1,000 silent peers wake nobody, and each costs one look at its words", async () => {
  const node = await crowd();
  let heard = 0;
  node.DataReceived.Connect(() => heard++);
  const before = threadWork();
  const count = {
    Dirty: vi.spyOn(SharedControl.prototype, "Push"),
    Wakes: vi.spyOn(SharedControl.prototype, "ClaimWake"),
    Phases: vi.spyOn(SharedSocket.prototype, "Phase"),
    Fills: vi.spyOn(ByteRing.prototype, "Used"),
    Frees: vi.spyOn(ByteRing.prototype, "Free"),
  };
  for (let tick = 0; tick < ticks; tick++) {
    stage.Tick(1 / 60);
    await NextRun();
  }
  const calls = Object.entries(count).map(([what, spy]) => [what, spy.mock.calls.length / ticks]);
  expect(Object.fromEntries(calls)).toEqual({
    Dirty: 0,
    Wakes: 0,
    Phases: peers,
    Fills: peers,
    Frees: 0,
  });
  expect(threadWork()).toEqual(before);
  expect([heard, node.GetPeerCount()]).toEqual([0, peers]);
});
