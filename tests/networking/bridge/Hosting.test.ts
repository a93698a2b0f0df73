/** Hosting in a page, end to end: a page's servers, a real bridge, and players from Node.js. */
import { describe, expect, test } from "vitest";
import type { WebBackend } from "../../../networking/backends/web/WebBackend.ts";
import type { BridgeServerOptions } from "../../../networking/bridge/index.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { TCPServer } from "../../../networking/core/TCPServer.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { Pattern, ReadAll, Succeed, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { UseStage } from "../../Support/Stage.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { StartBridge } from "./UseBridge.ts";
import type { TestBridge } from "./UseBridge.ts";

const network = UseNetwork();
const stage = UseStage();
const home = "127.0.0.1";

function startBridge(options: BridgeServerOptions = {}): Promise<TestBridge> {
  return StartBridge(network, { Dev: true, ListenPorts: "20000-29999", ...options });
}

/** A page's server that the bridge has granted. */
async function hosting(page: WebBackend, port = 0): Promise<TCPServer> {
  const server = new TCPServer({ Backend: page });
  network.Ending(() => server.Stop());
  Succeed(server.Listen(port));
  await WaitFor(() => server.IsListening(), "the bridge's grant");
  return server;
}

/** A player's stream that is connected to the page. */
async function join(server: TCPServer): Promise<{ player: StreamPeerTCP; peer: StreamPeerTCP }> {
  const player = network.Stream();
  Succeed(player.ConnectToHost(home, server.GetLocalPort()));
  const peer = await network.Take(server);
  await WaitStatus(player, Status.STATUS_CONNECTED);
  return { player, peer };
}

async function put(stream: StreamPeerTCP, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 32_768) {
    Succeed(await stream.PutDataAsync(bytes.subarray(at, at + 32_768)));
  }
}

async function expectBytes(stream: StreamPeerTCP, bytes: Uint8Array): Promise<void> {
  let same = true;
  for (let at = 0; at < bytes.length; at += 32_768) {
    const part = bytes.subarray(at, at + 32_768);
    const { Data } = await stream.GetDataAsync(part.length);
    if (Buffer.compare(Data, part) !== 0) same = false;
  }
  expect(same).toBe(true);
}

describe("a server in a page", () => {
  test("moves a megabyte each way at once, whole", async () => {
    const { player, peer } = await join(await hosting((await startBridge()).Page()));
    const bytes = Pattern(1_048_576);
    await Promise.all([
      put(peer, bytes),
      put(player, bytes),
      expectBytes(player, bytes),
      expectBytes(peer, bytes),
    ]);
  });

  test("that does not read stops its player, and reads everything later", async () => {
    const { player, peer } = await join(await hosting((await startBridge()).Page()));
    const bytes = Pattern(60_000);
    let sent = 0;
    let still = 0;
    await WaitFor(() => {
      const { BytesSent } = player.PutPartialData(bytes.subarray(sent % 251));
      sent += BytesSent;
      still = BytesSent === 0 ? still + 1 : 0;
      return still > 20;
    }, "everything to be full");
    let [got, wrong] = [0, 0];
    await WaitFor(() => {
      for (const byte of ReadAll(peer)) if (byte !== got++ % 251) wrong++;
      return got === sent;
    }, "every byte");
    expect(wrong).toBe(0);
  });

  test("hears a half close, answers, and closes in order", async () => {
    const { player, peer } = await join(await hosting((await startBridge()).Page()));
    player.PutUtf8String("question");
    player.Shutdown();
    await WaitFor(() => peer.Poll() === SocketError.SUCCESS && peer.IsPeerFinished(), "half close");
    expect(peer.GetUtf8String()).toBe("question");
    peer.PutUtf8String("answer");
    peer.DisconnectFromHost();
    await WaitFor(() => player.GetAvailableBytes() >= 10, "the answer");
    expect(player.GetUtf8String()).toBe("answer");
    await WaitStatus(player, Status.STATUS_NONE);
    expect(player.GetCloseReason()).toBe(CloseReason.PEER);
  });

  test("takes pages as players, too", async () => {
    const bridge = await startBridge();
    const server = await hosting(bridge.Page());
    const player = bridge.PageStream();
    Succeed(player.ConnectToHost(home, server.GetLocalPort()));
    const peer = await network.Take(server);
    await WaitStatus(player, Status.STATUS_CONNECTED);
    player.PutUtf8String("from page to page");
    await WaitFor(() => peer.GetAvailableBytes() >= 21, "the text");
    expect(peer.GetUtf8String()).toBe("from page to page");
  });
});

describe("a TCPServerNode in a page", () => {
  test("listens when granted, tells who comes and goes, and broadcasts", async () => {
    const bridge = await startBridge();
    const node = new TCPServerNode();
    node.SocketOptions = { Backend: bridge.Page() };
    const log: string[] = [];
    node.PeerConnected.Connect((_peer, id) => log.push(`+${id}`));
    node.PeerDisconnected.Connect((id, reason) => log.push(`-${id} ${reason}`));
    node.DataReceived.Connect((peer) => log.push(peer.GetUtf8String() ?? ""));
    stage.Add(node);
    expect(node.IsListening()).toBe(false);
    await stage.Until(() => node.IsListening(), "the grant");
    const player = network.Stream();
    Succeed(player.ConnectToHost(home, node.GetLocalPort()));
    await stage.Until(() => node.GetPeerCount() === 1, "the player");
    await WaitStatus(player, Status.STATUS_CONNECTED);
    player.PutUtf8String("hello");
    await stage.Until(() => log.includes("hello"), "the text");
    expect(node.Broadcast(Uint8Array.of(1, 2))).toBe(1);
    await stage.Until(() => player.GetAvailableBytes() === 2, "the broadcast");
    player.Abort();
    await stage.Until(() => node.GetPeerCount() === 0, "the loss");
    expect(log).toEqual(["+1", "hello", `-1 ${CloseReason.RESET}`]);
  });

  test.each([
    ["a port that is not for pages", { Port: 80 }, {}, SocketError.POLICY_DENIED],
    ["a bridge that listens for nobody", {}, { none: true }, SocketError.UNAVAILABLE],
  ])("says why it may not: %s", async (_name, properties, options, code) => {
    const none = "none" in options;
    const bridge = none ? await StartBridge(network, { Dev: true }) : await startBridge();
    const node = Object.assign(new TCPServerNode(), properties);
    node.SocketOptions = { Backend: bridge.Page() };
    const failures: SocketError[] = [];
    node.ListenFailed.Connect((failure) => failures.push(failure));
    stage.Add(node);
    await stage.Until(() => failures.length > 0, "the refusal");
    expect(failures).toEqual([code]);
  });
});

describe("when the link is lost", () => {
  test("connections end, and the server listens again at the port that it had", async () => {
    const bridge = await startBridge();
    const page = bridge.Page();
    const server = await hosting(page);
    const port = server.GetLocalPort();
    const { player, peer } = await join(server);
    page.Disconnect();
    await WaitStatus(peer, Status.STATUS_ERROR);
    await WaitStatus(player, Status.STATUS_ERROR);
    expect([server.IsListening(), server.Poll()]).toEqual([false, SocketError.SUCCESS]);
    await WaitFor(() => server.IsListening(), "the next grant");
    expect(server.GetLocalPort()).toBe(port);
    await join(server);
  });

  test("a page that is gone for good leaves no port behind", async () => {
    const bridge = await startBridge();
    const page = bridge.Page();
    const server = await hosting(page);
    const port = server.GetLocalPort();
    server.Stop();
    page.Disconnect();
    await WaitFor(() => {
      const probe = network.Server();
      const code = probe.Listen(port, home);
      probe.Stop();
      return code === SocketError.SUCCESS;
    }, "the port to be free");
    await WaitFor(() => bridge.Server.SessionCount() === 0, "the session's end");
  });
});

test("a bridge that goes lets connections finish, and a new one takes over the port", async () => {
  const bridge = await startBridge();
  const page = bridge.Page();
  const server = await hosting(page);
  const { player, peer } = await join(server);
  const port = server.GetLocalPort();
  const drained = bridge.Server.Drain(10_000);
  await WaitFor(() => !server.IsListening(), "the withdrawal");
  const next = await startBridge();
  page.SetBridgeUrl(next.Url);
  await WaitFor(() => server.IsListening(), "the next bridge's grant");
  expect(server.GetLocalPort()).toBe(port);
  player.Abort();
  await WaitStatus(peer, Status.STATUS_ERROR);
  await drained;
  await join(server);
});
