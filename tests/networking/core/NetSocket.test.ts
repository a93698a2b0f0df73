import { expect, test } from "vitest";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketPhase } from "../../../networking/core/NetBackend.ts";
import { NetSocket } from "../../../networking/core/NetSocket.ts";
import { Protocol } from "../../../networking/core/NetSocketOptions.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

function socket(): NetSocket {
  const made = new NetSocket({ Backend: network.Backend });
  network.Ending(() => made.Destroy());
  return made;
}

async function accepted(listener: NetSocket): Promise<NetSocket> {
  await WaitFor(() => listener.GetPendingConnections() > 0, "a connection");
  const taken = listener.Accept();
  if (taken === null) throw new Error("A connection was pending and none was given.");
  network.Ending(() => taken.Destroy());
  return taken;
}

test("a socket opens once", () => {
  const made = socket();
  expect(made.IsOpen()).toBe(false);
  expect(made.Poll()).toBe(SocketError.SOCKET_INVALID);
  expect(made.Open(Protocol.TCP)).toBe(SocketError.SUCCESS);
  expect(made.Open()).toBe(SocketError.ALREADY_INIT);
  expect(made.IsOpen()).toBe(true);
  expect(made.Poll()).toBe(SocketError.SUCCESS);
  made.Close();
  expect(made.IsOpen()).toBe(false);
  expect(() => made.Open(2 as Protocol)).toThrow(TypeError);
});

test("Listen needs a Bind, which happens once", () => {
  const made = socket();
  expect(made.Listen()).toBe(SocketError.SOCKET_INVALID);
  expect(made.Bind(0, "127.0.0.1")).toBe(SocketError.SUCCESS);
  expect(made.Bind(0, "127.0.0.1")).toBe(SocketError.ALREADY_INIT);
  expect(made.GetLocalAddress().ToString()).toBe("127.0.0.1");
  expect(made.Listen()).toBe(SocketError.SUCCESS);
  expect(made.Listen()).toBe(SocketError.ALREADY_INIT);
  expect(made.Bind(0)).toBe(SocketError.ALREADY_INIT);
  expect(made.ConnectToHost("127.0.0.1", 9)).toBe(SocketError.ALREADY_INIT);
  expect(made.GetLocalPort()).toBeGreaterThan(0);
  made.Close();
  expect(made.Listen()).toBe(SocketError.SOCKET_INVALID);
});

test("Bind refuses what is no address or port", () => {
  expect(socket().Bind(0, "nowhere")).toBe(SocketError.INVALID_IP_ADDRESS);
  expect(socket().Bind(65_536)).toBe(SocketError.INVALID_PARAMETER);
});

test("options that TCP does not have are answered truly", () => {
  const made = socket();
  expect(made.SetNoDelay(true)).toBe(SocketError.SOCKET_INVALID);
  expect(made.SetKeepAlive(true)).toBe(SocketError.SOCKET_INVALID);
  expect(made.SetReuseAddress(true)).toBe(SocketError.SUCCESS);
  expect(made.SetReuseAddress(false)).toBe(SocketError.UNAVAILABLE);
  expect(made.SetBroadcast(false)).toBe(SocketError.SUCCESS);
  expect(made.SetBroadcast(true)).toBe(SocketError.UNAVAILABLE);
});

test("two sockets talk: connect, accept, send, receive, end", async () => {
  const listener = socket();
  listener.Bind(0, "127.0.0.1");
  listener.Listen(5);
  expect(listener.Accept()).toBeNull();
  const client = socket();
  expect(client.ConnectToHost("127.0.0.1", listener.GetLocalPort())).toBe(SocketError.SUCCESS);
  expect(client.GetPhase()).toBe(SocketPhase.CONNECTING);
  expect(client.Send(Uint8Array.of(1))).toEqual({ Result: SocketError.BUSY, BytesSent: 0 });
  const server = await accepted(listener);
  await WaitFor(() => client.Poll() === 0 && client.GetPhase() === SocketPhase.OPEN, "the client");
  expect(client.GetRemoteAddress().ToString()).toBe("127.0.0.1");
  expect(client.GetRemotePort()).toBe(listener.GetLocalPort());
  expect(server.GetRemotePort()).toBe(client.GetLocalPort());
  expect(client.SetNoDelay(false)).toBe(SocketError.SUCCESS);

  expect(client.Send(Uint8Array.of(1, 2, 3))).toEqual({ Result: 0, BytesSent: 3 });
  await WaitFor(() => server.GetAvailableBytes() === 3, "three bytes");
  const buffer = new Uint8Array(8);
  expect(server.Peek(buffer)).toBe(3);
  expect(server.Receive(buffer)).toEqual({ Result: 0, Received: 3 });
  expect(server.Receive(buffer)).toEqual({ Result: SocketError.BUSY, Received: 0 });
  expect(server.Receive(new Uint8Array(0))).toEqual({ Result: 0, Received: 0 });

  expect(client.Shutdown()).toBe(SocketError.SUCCESS);
  expect(client.Send(buffer).Result).toBe(SocketError.CONNECTION_CLOSED);
  await WaitFor(() => server.Poll() === 0 && server.IsPeerFinished(), "the end");
  expect(server.Receive(buffer).Result).toBe(SocketError.FILE_EOF);
  expect(server.IsAtEnd()).toBe(true);
  server.Close();
  expect(server.Receive(buffer).Result).toBe(SocketError.SOCKET_INVALID);
  expect(server.Send(buffer).Result).toBe(SocketError.SOCKET_INVALID);
});

test("a full ring takes nothing more: BUSY", async () => {
  const server = await network.PlainServer("127.0.0.1", false);
  const made = socket();
  made.ConnectToHost("127.0.0.1", server.Port);
  await WaitFor(() => made.Poll() === 0 && made.GetPhase() === SocketPhase.OPEN, "a connection");
  const data = new Uint8Array(70_000);
  expect(made.Send(data)).toEqual({ Result: 0, BytesSent: 65_536 });
  expect(made.Send(new Uint8Array(0))).toEqual({ Result: 0, BytesSent: 0 });
  await WaitFor(() => made.Send(data).Result === SocketError.BUSY, "a full ring");
  expect(made.GetSendSpace()).toBeLessThanOrEqual(65_536);
});

test("how a connection ended is not seen before Poll", async () => {
  const server = await network.PlainServer();
  const made = socket();
  made.ConnectToHost("127.0.0.1", server.Port);
  await WaitFor(() => made.Poll() === 0 && made.GetPhase() === SocketPhase.OPEN, "a connection");
  const plain = await server.Peer();
  plain.Socket.resetAndDestroy();
  let told = false;
  made.OnActivity(() => (told = true));
  await WaitFor(() => told && network.Backend.HeldCount() === 0, "the reset");
  expect(made.GetPhase()).toBe(SocketPhase.OPEN);
  expect(made.GetFailure()).toBe(SocketError.SUCCESS);
  expect(made.GetCloseReason()).toBe(0);
  expect(made.Poll()).toBe(SocketError.CONNECTION_RESET);
  expect(made.GetFailure()).toBe(SocketError.CONNECTION_RESET);
  expect(made.Send(Uint8Array.of(1)).Result).toBe(SocketError.CONNECTION_CLOSED);
  expect(made.Receive(new Uint8Array(1)).Result).toBe(SocketError.CONNECTION_RESET);
});

test("a backend that cannot listen or bind says so", () => {
  const page = {
    Capabilities: { Listen: false, Bind: false },
  } as unknown as NetBackend;
  const made = new NetSocket({ Backend: page });
  made.Bind(0, "127.0.0.1");
  expect(made.Listen()).toBe(SocketError.UNAVAILABLE);
  expect(made.ConnectToHost("127.0.0.1", 9)).toBe(SocketError.UNAVAILABLE);
});
