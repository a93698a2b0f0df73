import { expect, test } from "vitest";
import { ProcessMode } from "../../../engine/index.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { TCPClientNode } from "../../../networking/nodes/TCPClientNode.ts";
import { ReadAll, UseNetwork } from "../../Support/Network.ts";
import { SilentListener } from "../../Support/SilentListener.ts";
import { UseStage } from "../../Support/Stage.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const stage = UseStage();
const network = UseNetwork();

class DiaryClient extends TCPClientNode {
  readonly Diary: string[] = [];

  constructor(port: number) {
    super();
    this.Port = port;
    this.SocketOptions = { Backend: network.Backend };
    this.Connected.Connect(() => this.Diary.push("connected"));
    this.Disconnected.Connect((reason) => this.Diary.push(`disconnected ${reason}`));
    this.ConnectFailed.Connect((code) => this.Diary.push(`failed ${code}`));
    this.Reconnecting.Connect((_delayMs, attempt) => this.Diary.push(`again ${attempt}`));
    this.DataReceived.Connect((peer) => {
      this.Diary.push(`data ${Buffer.from(ReadAll(peer)).toString()}`);
    });
  }

  /** How often a line stands in the diary. */
  Count(line: string): number {
    return this.Diary.filter((each) => each === line).length;
  }
}

function client(port: number, change: (node: DiaryClient) => void = () => undefined): DiaryClient {
  const node = new DiaryClient(port);
  change(node);
  return stage.Add(node);
}

test("it connects when ready, and tells of data and of the end in this order", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port, (made) => (made.Reconnect = false));
  expect(node.GetStatus()).toBe(Status.STATUS_CONNECTING);
  expect(node.GetPeer()).toBeNull();
  await stage.Until(() => node.IsConnected(), "a connection");
  expect(node.Connect()).toBe(SocketError.ALREADY_INIT);
  node.GetPeer()?.PutData(Buffer.from("hi"));
  const plain = await server.Peer();
  await plain.WaitReceived(2);
  plain.Socket.end("bye");
  await stage.Until(() => node.Diary.length === 3, "the end");
  expect(node.Diary).toEqual(["connected", "data bye", `disconnected ${CloseReason.PEER}`]);
  expect(node.GetPeer()).toBeNull();
  expect(node.IsConnected()).toBe(false);
});

test("without Reconnect a loss and a failure are final", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port, (made) => (made.Reconnect = false));
  await stage.Until(() => node.IsConnected(), "a connection");
  (await server.Peer()).Socket.resetAndDestroy();
  await stage.Until(() => !node.IsConnected(), "the loss");
  server.Stop();
  for (let i = 0; i < 5; i++) stage.Tick(100);
  expect(node.Diary).toEqual(["connected", `disconnected ${CloseReason.RESET}`]);
  expect(node.GetRetryDelay()).toBe(0);

  expect(node.Connect()).toBe(SocketError.SUCCESS);
  await stage.Until(() => node.Diary.length === 3, "the failure");
  for (let i = 0; i < 5; i++) stage.Tick(100);
  expect(node.Diary.at(-1)).toBe(`failed ${SocketError.CONNECTION_REFUSED}`);
  expect(node.GetStatus()).toBe(Status.STATUS_ERROR);
});

test("it comes back after the server restarted, with growing pauses between", async () => {
  const first = network.Listening();
  const port = first.GetLocalPort();
  const node = client(port);
  await stage.Until(() => node.IsConnected(), "a connection");
  first.Stop();
  await stage.Until(() => node.Count("again 1") === 1, "the loss");
  expect(node.GetRetryDelay()).toBeGreaterThanOrEqual(node.ReconnectMinDelay / 2);
  expect(node.GetRetryDelay()).toBeLessThanOrEqual(node.ReconnectMinDelay);

  const refused = `failed ${SocketError.CONNECTION_REFUSED}`;
  await stage.Until(() => node.Count(refused) === 3, "three refusals", 0.05);
  expect(node.Count("again 4")).toBe(1);

  const second = network.Server();
  expect(second.Listen(port, "127.0.0.1")).toBe(SocketError.SUCCESS);
  await stage.Until(() => node.Count("connected") === 2, "the return", 0.05);
  second.Stop();
  await stage.Until(() => node.Count("again 1") === 2, "counting from one again");
});

test("the pause is counted in game time, and none is longer than the limit", async () => {
  const server = await network.PlainServer();
  server.Stop();
  const delays: number[] = [];
  const node = client(server.Port, (made) => {
    made.ReconnectMinDelay = 100;
    made.ReconnectMaxDelay = 300;
    made.Reconnecting.Connect((delayMs) => delays.push(delayMs));
  });
  await stage.Until(() => delays.length === 1, "a refusal");
  const planned = node.GetRetryDelay();
  stage.Tick((planned - 1) / 1_000);
  expect(node.GetRetryDelay()).toBeCloseTo(1);
  await stage.Until(() => delays.length === 12, "more refusals", 0.3);
  expect(Math.max(...delays)).toBeLessThanOrEqual(300);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
});

test("Disconnect sends what was put, tells so, and stays away", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port);
  await stage.Until(() => node.IsConnected(), "a connection");
  node.GetPeer()?.PutData(Buffer.from("last words"));
  node.Disconnect();
  node.Disconnect();
  expect(node.Diary).toEqual(["connected", `disconnected ${CloseReason.LOCAL}`]);
  const plain = await server.Peer();
  await WaitFor(() => plain.Ended, "the end");
  expect(plain.Text()).toBe("last words");
  for (let i = 0; i < 5; i++) stage.Tick(100);
  expect(server.Peers).toHaveLength(1);
  expect(node.GetStatus()).toBe(Status.STATUS_NONE);
});

test("Disconnect inside any handler is final", async () => {
  const server = await network.PlainServer();
  const inConnected = client(server.Port, (made) => {
    made.Connected.Connect(() => made.Disconnect());
  });
  const ended = `disconnected ${CloseReason.LOCAL}`;
  await stage.Until(() => inConnected.Diary.length === 2, "the end in Connected");

  const inData = client(server.Port, (made) => {
    made.DataReceived.Connect(() => made.Disconnect());
  });
  await stage.Until(() => inData.IsConnected(), "a connection");
  (await server.Peer(1)).Socket.end("x");
  await stage.Until(() => inData.Diary.length === 3, "the end in DataReceived");

  const inDisconnected = client(server.Port, (made) => {
    made.Disconnected.Connect(() => made.Disconnect());
  });
  await stage.Until(() => inDisconnected.IsConnected(), "a connection");
  (await server.Peer(2)).Socket.destroy();
  await stage.Until(() => inDisconnected.Diary.length === 2, "the end in Disconnected");

  server.Stop();
  const inFailed = client(server.Port, (made) => {
    made.ConnectFailed.Connect(() => made.Disconnect());
  });
  await stage.Until(() => inFailed.Diary.length === 1, "the end in ConnectFailed");

  for (let i = 0; i < 5; i++) stage.Tick(100);
  expect(inConnected.Diary).toEqual(["connected", ended]);
  expect(inData.Diary).toEqual(["connected", "data x", ended]);
  expect(inDisconnected.Diary).toEqual(["connected", `disconnected ${CloseReason.PEER}`]);
  expect(inFailed.Diary).toEqual([`failed ${SocketError.CONNECTION_REFUSED}`]);
});

test("Connect inside Disconnected begins at once, without a pause", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port, (made) => {
    made.Disconnected.Connect(() => void made.Connect());
  });
  await stage.Until(() => node.IsConnected(), "a connection");
  (await server.Peer()).Socket.destroy();
  await stage.Until(() => node.Count("connected") === 2, "the second");
  expect(node.Diary.some((line) => line.startsWith("again"))).toBe(false);
});

test("Connect while connecting begins afresh with the properties as they are now", async () => {
  const silent = await SilentListener.Start();
  const server = await network.PlainServer();
  const node = client(silent.Port);
  stage.Tick();
  node.Port = server.Port;
  expect(node.Connect()).toBe(SocketError.SUCCESS);
  await stage.Until(() => node.IsConnected(), "the other server");
  await silent.Stop();
});

test("what can never work is told once and not tried again", () => {
  const node = client(0);
  for (let i = 0; i < 5; i++) stage.Tick(100);
  expect(node.Diary).toEqual([`failed ${SocketError.INVALID_PARAMETER}`]);
  expect(node.Connect()).toBe(SocketError.INVALID_PARAMETER);
});

test("without Autostart it waits to be told", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port, (made) => (made.Autostart = false));
  stage.Tick();
  expect(node.GetStatus()).toBe(Status.STATUS_NONE);
  node.Connect();
  await stage.Until(() => node.IsConnected(), "a connection");
});

test("a paused node keeps its connection and hears everything later", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port);
  await stage.Until(() => node.IsConnected(), "a connection");
  node.ProcessMode = ProcessMode.DISABLED;
  const plain = await server.Peer();
  plain.Send("while paused");
  await WaitFor(() => node.GetPeer()?.GetAvailableBytes() === 12, "its data");
  for (let i = 0; i < 5; i++) stage.Tick(1);
  expect(node.Diary).toEqual(["connected"]);
  expect(plain.Ended).toBe(false);
  node.ProcessMode = ProcessMode.INHERIT;
  stage.Tick();
  expect(node.Diary).toEqual(["connected", "data while paused"]);
});

test("leaving the tree ends the connection", async () => {
  const server = await network.PlainServer();
  const node = client(server.Port);
  await stage.Until(() => node.IsConnected(), "a connection");
  stage.Tree.Root.RemoveChild(node);
  expect(node.Diary.at(-1)).toBe(`disconnected ${CloseReason.LOCAL}`);
  const plain = await server.Peer();
  await WaitFor(() => plain.Ended, "the end");
});
