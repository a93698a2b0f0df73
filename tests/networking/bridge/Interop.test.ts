/**
 * Against another implementation of Wisp, wisp-js: our page at its server, its client at our
 * bridge, and a server that says CONTINUE before INFO.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { client as wispClient } from "@mercuryworkshop/wisp-js/client";
import type { ClientConnection, ClientStream } from "@mercuryworkshop/wisp-js/client";
import { logging, server as wispServer } from "@mercuryworkshop/wisp-js/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocketConstructor } from "../../../networking/backends/web/BridgeLink.ts";
import { WebBackend } from "../../../networking/backends/web/WebBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { Succeed, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import type { PlainPeer, PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { OriginRelay } from "./OriginRelay.ts";
import { NewPage, PageSocket, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const tenMiB = 10 * 1_048_576;
const part = 32_768;

logging.set_level(logging.NONE);
beforeEach(() => void (wispServer.options.allow_loopback_ips = true));
afterEach(() => void (wispServer.options.allow_loopback_ips = false));

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** A browser's WebSocket that offers no subprotocol, which is Wisp v1. */
const WithoutProtocols = class {
  constructor(url: string) {
    return new PageSocket(url);
  }
} as unknown as WebSocketConstructor;

/** A wisp-js server. @returns its URL. */
async function startWispServer(): Promise<string> {
  const server = createServer();
  server.on("upgrade", (request, socket, head) => wispServer.routeRequest(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  network.Ending(() => {
    server.close();
    server.closeAllConnections();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A target that sends every byte back. */
async function echo(): Promise<PlainServer> {
  const server = await network.PlainServer("127.0.0.1", false);
  const join = ({ Socket }: PlainPeer): void => void Socket.pipe(Socket);
  server.Peer().then(join, () => undefined);
  return server;
}

describe.each([
  ["v2", PageSocket],
  ["v1", WithoutProtocols],
])("our page at the server of wisp-js, %s", (_name, WebSocket) => {
  async function connect(port: number): Promise<StreamPeerTCP> {
    const page = new WebBackend({ Url: await startWispServer(), WebSocket });
    network.Ending(() => page.Disconnect());
    const stream = network.Stream({ Backend: page });
    Succeed(stream.ConnectToHost("127.0.0.1", port));
    await WaitStatus(stream, Status.STATUS_CONNECTED);
    return stream;
  }

  test("sends and gets back, byte for byte", async () => {
    const stream = await connect((await echo()).Port);
    Succeed(stream.PutUtf8String("Hello, moon"));
    await WaitFor(() => stream.GetAvailableBytes() >= 15, "the echo");
    expect(stream.GetUtf8String()).toBe("Hello, moon");
  });

  test("10 MiB come back as they went", async () => {
    const stream = await connect((await echo()).Port);
    const bytes = randomBytes(tenMiB);
    const sending = (async () => {
      for (let at = 0; at < tenMiB; at += part) {
        Succeed(await stream.PutDataAsync(bytes.subarray(at, at + part)));
      }
    })();
    const got = createHash("sha256");
    for (let at = 0; at < tenMiB; at += part) got.update((await stream.GetDataAsync(part)).Data);
    await sending;
    expect(got.digest("hex")).toBe(sha256(bytes));
  });

  test("hears the target's end after its last byte", async () => {
    const server = await network.PlainServer();
    const stream = await connect(server.Port);
    (await server.Peer()).Socket.end("last words");
    await WaitFor(() => stream.GetAvailableBytes() >= 10, "the last words");
    expect(stream.GetRawText(10)).toBe("last words");
    await WaitStatus(stream, Status.STATUS_NONE);
    expect(stream.GetCloseReason()).toBe(CloseReason.PEER);
  });

  test("leaves no connection behind when it disconnects", async () => {
    const server = await network.PlainServer();
    const stream = await connect(server.Port);
    const peer = await server.Peer();
    stream.PutData(Uint8Array.of(1, 2, 3));
    stream.DisconnectFromHost();
    await WaitFor(() => peer.Ended || peer.Closed, "the end at the target");
    expect([...peer.Received]).toEqual([1, 2, 3]);
  });

  test.each([
    ["refused by its target", true, SocketError.CONNECTION_RESET],
    ["forbidden by the server", false, SocketError.POLICY_DENIED],
  ])("%s ends in ERROR", async (_what, allowed, code) => {
    wispServer.options.allow_loopback_ips = allowed;
    const dead = await network.PlainServer();
    dead.Stop();
    const page = new WebBackend({ Url: await startWispServer(), WebSocket });
    network.Ending(() => page.Disconnect());
    const stream = network.Stream({ Backend: page });
    stream.ConnectToHost("127.0.0.1", dead.Port);
    await WaitStatus(stream, Status.STATUS_ERROR);
    expect(stream.GetLastError()).toBe(code);
  });

  test("has no lookups and no listeners, and says so", async () => {
    const page = new WebBackend({ Url: await startWispServer(), WebSocket });
    network.Ending(() => page.Disconnect());
    const lookup = page.Lookup("localhost", 0);
    await WaitFor(() => lookup.Done(), "an answer");
    expect([lookup.Failure(), page.Capabilities.Listen]).toEqual([SocketError.UNAVAILABLE, false]);
  });
});

describe.each([2, 1] as const)("the client of wisp-js at our bridge, v%d", (version) => {
  async function connect(): Promise<ClientConnection> {
    const bridge = await StartBridge(network);
    const relay = await OriginRelay.Start(bridge.Server.Port());
    const url = `ws://127.0.0.1:${relay.Port}/bridge/`;
    const connection = new wispClient.ClientConnection(url, { wisp_version: version });
    network.Ending(() => {
      connection.close();
      relay.Stop();
    });
    await new Promise<void>((resolve, reject) => {
      connection.onopen = resolve;
      connection.onerror = () => reject(new Error("The bridge did not take wisp-js."));
    });
    expect(connection.wisp_version).toBe(version);
    return connection;
  }

  /** What a stream hears. */
  function listenTo(stream: ClientStream) {
    const heard = { Bytes: 0, Hash: createHash("sha256"), Text: "", Reason: 0 };
    stream.onmessage = (bytes) => {
      heard.Bytes += bytes.length;
      heard.Hash.update(bytes);
      if (heard.Bytes < 100) heard.Text += Buffer.from(bytes).toString();
    };
    stream.onclose = (reason) => (heard.Reason = reason);
    return heard;
  }

  test("sends and gets back, byte for byte", async () => {
    const stream = (await connect()).create_stream("127.0.0.1", (await echo()).Port);
    const heard = listenTo(stream);
    stream.send(new TextEncoder().encode("Hello, moon"));
    await WaitFor(() => heard.Text === "Hello, moon", "the echo");
  });

  test("10 MiB come back as they went", async () => {
    const stream = (await connect()).create_stream("127.0.0.1", (await echo()).Port);
    const heard = listenTo(stream);
    const bytes = randomBytes(tenMiB);
    for (let at = 0; at < tenMiB; at += part) stream.send(bytes.subarray(at, at + part));
    for (let at = 0; at <= tenMiB; at += 1_048_576) {
      await WaitFor(() => heard.Bytes >= at, "the next MiB");
    }
    expect(heard.Hash.digest("hex")).toBe(sha256(bytes));
  });

  test("hears why a stream ended", async () => {
    const connection = await connect();
    const [open, dead] = [await network.PlainServer(), await network.PlainServer()];
    dead.Stop();
    const ended = listenTo(connection.create_stream("127.0.0.1", open.Port));
    const refused = listenTo(connection.create_stream("127.0.0.1", dead.Port));
    const denied = listenTo(connection.create_stream("8.8.8.8", 80));
    (await open.Peer()).Socket.end("bye");
    await WaitFor(() => ended.Reason * refused.Reason * denied.Reason > 0, "three reasons");
    expect([ended.Reason, refused.Reason, denied.Reason]).toEqual([0x02, 0x44, 0x48]);
    expect(ended.Text).toBe("bye");
  });

  test("closes a stream, and the target hears it", async () => {
    const server = await network.PlainServer();
    const stream = (await connect()).create_stream("127.0.0.1", server.Port);
    const peer = await server.Peer();
    stream.send(Uint8Array.of(1, 2, 3));
    stream.close(0x02);
    await WaitFor(() => peer.Ended, "the end at the target");
    expect([...peer.Received]).toEqual([1, 2, 3]);
  });
});

test("our page at a wisp-js server that takes any subprotocol and speaks v1", async () => {
  wispServer.options.wisp_version = 1;
  network.Ending(() => (wispServer.options.wisp_version = 2));
  const stream = network.Stream({ Backend: NewPage(network, await startWispServer()) });
  stream.ConnectToHost("127.0.0.1", (await echo()).Port);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  Succeed(stream.PutUtf8String("Hello, moon"));
  await WaitFor(() => stream.GetAvailableBytes() >= 15, "the echo");
  expect(stream.GetUtf8String()).toBe("Hello, moon");
});

test("a server that says CONTINUE before INFO is understood", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  network.Ending(() => server.close());
  const heard: Buffer[] = [];
  server.on("connection", (webSocket) => {
    webSocket.on("message", (message: Buffer) => heard.push(message));
    const packets = [
      { Type: PacketType.CONTINUE, Stream: 0, Credit: 8 },
      { Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions: [] },
    ] as const;
    for (const packet of packets) webSocket.send(EncodePacket(packet));
  });
  const { port } = server.address() as AddressInfo;
  const stream = network.Stream({ Backend: NewPage(network, `ws://127.0.0.1:${port}/`) });
  stream.ConnectToHost("127.0.0.1", 80);
  await WaitStatus(stream, Status.STATUS_CONNECTED);
  await WaitFor(() => heard.length === 2, "INFO and CONNECT");
  expect(heard.map(([type]) => type)).toEqual([PacketType.INFO, PacketType.CONNECT]);
});
