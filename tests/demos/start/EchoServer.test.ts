import { MainLoop, SceneTree, TimerClock } from "moonwire/engine";
import { SocketError, Status, StreamPeerTCP } from "moonwire/networking";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EchoServer } from "../../../demos/start/EchoServer.ts";

const loopback = "127.0.0.1";
const ceilingMs = 8_000;
let server: EchoServer;
let loop: MainLoop;

beforeEach(() => {
  const tree = new SceneTree({ RethrowErrors: true });
  server = new EchoServer();
  server.Net.BindAddress = loopback;
  tree.Root.AddChild(server);
  loop = new MainLoop(tree, new TimerClock(240));
  loop.Start();
});

afterEach(async () => {
  loop.Tree.Quit();
  await loop.Finished;
});

async function connected(): Promise<StreamPeerTCP> {
  const peer = new StreamPeerTCP();
  peer.ConnectToHost(loopback, server.Net.GetLocalPort());
  expect(await peer.WaitStatus(Status.STATUS_CONNECTED, ceilingMs)).toBe(SocketError.SUCCESS);
  return peer;
}

test("every byte comes back, also far more than one buffer holds", async () => {
  const peer = await connected();
  const sent = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 31) & 0xff);
  const putting = peer.PutDataAsync(sent);
  for (let at = 0; at < sent.length; at += 40_000) {
    const { Result, Data } = await peer.GetDataAsync(40_000);
    expect(Result).toBe(SocketError.SUCCESS);
    expect(Data).toEqual(sent.subarray(at, at + 40_000));
  }
  expect(await putting).toBe(SocketError.SUCCESS);
});

test("a peer that does not read its answers holds up nobody else", async () => {
  const silent = await connected();
  const chunk = new Uint8Array(60_000);
  while (silent.PutPartialData(chunk).BytesSent > 0);
  const other = await connected();
  other.PutData(new Uint8Array([1, 2, 3]));
  expect((await other.GetDataAsync(3)).Data).toEqual(new Uint8Array([1, 2, 3]));
});
