import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { FakeSocket } from "./DialBackend.ts";
import { DialBackend } from "./DialBackend.ts";
import { MwxClient, PlainClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
describe("a plain Wisp client", () => {
  test("v1: connects, sends at once, gets its answer, closes", async () => {
    const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
    const client = await PlainClient(bridge);
    expect(client.Packets[0]).toMatchObject({ Type: PacketType.CONTINUE, Stream: 0, Credit: 128 });
    client.Connect(0xdead_beef, target.Port);
    client.SendData(0xdead_beef, "early");
    const peer = await target.Peer();
    await peer.WaitReceived(5);
    peer.Send("answer");
    await client.WaitText(0xdead_beef, "answer");
    client.Send({ Type: PacketType.CLOSE, Stream: 0xdead_beef, Reason: 2, Code: null });
    await WaitFor(() => peer.Ended, "the target's end of stream");
    expect(client.Packets.every(({ Type }) => Type < PacketType.WINDOW)).toBe(true);
  });

  test("v2: INFO both ways, and CONTINUE confirms an open stream", async () => {
    const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
    const client = bridge.Client({ Protocols: ["wisp-v2"] });
    await client.WaitPacket(PacketType.INFO);
    expect(client.Of(PacketType.CONTINUE)).toEqual([]);
    client.SendInfo({ Id: ExtensionId.STREAM_OPEN, Metadata: new Uint8Array(0) });
    await client.WaitPacket(PacketType.CONTINUE);
    client.Connect(1, target.Port);
    await client.WaitPacket(PacketType.CONTINUE, 2);
    expect(client.Of(PacketType.CONTINUE)[1]).toMatchObject({ Stream: 1, Credit: 128 });
  });

  test("the target's end comes after its last byte, as CLOSE", async () => {
    const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
    const client = await PlainClient(bridge);
    client.Connect(1, target.Port);
    const peer = await target.Peer();
    peer.Socket.end("last words");
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Text(1)).toBe("last words");
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Reason: 2, Code: null });
  });

  test.each([
    ["denied", "8.8.8.8", 0x48],
    ["a name that is no host", "127.1", 0x48],
  ])("%s: the reason says so", async (_name, host, reason) => {
    const client = await PlainClient(await StartBridge(network));
    client.Connect(1, 80, host);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Reason: reason });
  });

  test("UDP is refused as invalid", async () => {
    const client = await PlainClient(await StartBridge(network));
    client.Send({ Type: PacketType.CONNECT, Stream: 1, StreamType: 2, Port: 1, Host: "127.0.0.1" });
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Reason: 0x41 });
  });

  test("closes its stream and leaves at once: the target still gets every byte", async () => {
    const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
    const client = await PlainClient(bridge);
    client.Connect(1, target.Port);
    const peer = await target.Peer();
    client.SendData(1, Pattern(1_000_000));
    client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: null });
    client.WebSocket.close();
    await WaitFor(() => peer.Ended, "the target's end of stream");
    expect([peer.Received.length, peer.Failure]).toEqual([1_000_000, ""]);
  });
});

describe("a plain client that closes a stream whose target takes nothing", () => {
  /** A stream that the client has closed while bytes wait for its target. */
  async function closed() {
    const backend = new DialBackend();
    const Limits = { plainWaitingBytes: 100_000 };
    const bridge = await StartBridge(network, { Dev: true, Backend: backend, Limits });
    const client = await PlainClient(bridge);
    client.Connect(1, 80);
    await WaitFor(() => backend.Sockets.length === 1, "the target's socket");
    const [target] = backend.Sockets as [FakeSocket];
    target.Succeed(new IpAddress("127.0.0.1"));
    for (const size of [65_536, 90_000]) client.SendData(1, new Uint8Array(size));
    client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: null });
    await WaitFor(() => backend.Timers.length === 1, "the deadline of the drain");
    return { backend, bridge, client, target };
  }

  test("has it reset after the drain time, and is read on", async () => {
    const { backend, bridge, client, target } = await closed();
    client.SendData(2, "for no stream");
    client.Connect(2, 80);
    await WaitFor(() => backend.Sockets.length === 2, "a second stream");
    expect([backend.Timers[0]?.DelayMs, target.Aborted]).toEqual([
      BridgeLimits.drainTimeoutMs,
      false,
    ]);
    backend.Timers[0]?.Handler();
    expect(target.Aborted).toBe(true);
    expect(bridge.LogLines.at(-1)).toMatchObject({ msg: "stream closed", code: "TIMED_OUT" });
  });

  test("has it drained in time, and no deadline is left", async () => {
    const { backend, target } = await closed();
    let taken = 0;
    for (let i = 0; i < 3; i++) {
      taken += target.Outbound.Used();
      target.Outbound.Clear();
      target.Notify();
    }
    expect([taken, target.LingerMs, target.Aborted]).toEqual([
      155_536,
      BridgeLimits.drainTimeoutMs,
      false,
    ]);
    expect(backend.Timers).toEqual([]);
  });

  test("frees what waits when the target resets", async () => {
    const { backend, target, bridge, client } = await closed();
    target.Fail(SocketError.CONNECTION_RESET);
    expect(bridge.LogLines.at(-1)).toMatchObject({
      msg: "stream closed",
      code: "CONNECTION_RESET",
    });
    expect(backend.Timers).toEqual([]);
    // As many bytes again: if the first still counted, the WebSocket would not be read any more.
    client.Connect(2, 80);
    await WaitFor(() => backend.Sockets.length === 2, "a second stream");
    client.SendData(2, new Uint8Array(90_000));
    client.Connect(3, 80);
    await WaitFor(() => backend.Sockets.length === 3, "a third stream");
  });
});

describe("a client that breaks the rules", () => {
  test("text is refused with 1003", async () => {
    const client = await PlainClient(await StartBridge(network));
    client.WebSocket.send("hello");
    await client.WaitClosed();
    expect(client.Closed).toBe(1003);
  });

  test("a packet that does not decode ends with 1002", async () => {
    const client = await PlainClient(await StartBridge(network));
    client.WebSocket.send(Uint8Array.of(1, 2));
    await client.WaitClosed();
    expect(client.Closed).toBe(1002);
  });

  test.each([
    ["MWX", ["mwx1"], MuxLimits.headerBytes + MuxLimits.frameBytes],
    ["plain", ["wisp-v2"], 1_048_576],
  ])("a %s message of one byte too many ends with 1009", async (_name, Protocols, most) => {
    const bridge = await StartBridge(network);
    const codes = [];
    for (const size of [most, most + 1]) {
      const client = bridge.Client({ Protocols });
      await client.WaitPacket(PacketType.INFO);
      const message = new Uint8Array(size);
      message.set([PacketType.DATA, 1]);
      client.WebSocket.send(message);
      await client.WaitClosed();
      codes.push(client.Closed);
    }
    expect(codes).toEqual([1002, 1009]);
  });

  test("no INFO in time ends with 1002", async () => {
    const Limits = { handshakeTimeoutMs: 60, sweepEveryMs: 20 };
    const client = (await StartBridge(network, { Dev: true, Limits })).Client({
      Protocols: ["mwx1"],
    });
    await client.WaitClosed();
    expect(client.Closed).toBe(1002);
  });

  test("one that does not answer pings is dead", async () => {
    const Limits = { pingEveryMs: 40, sweepEveryMs: 20 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    const [silent, lively] = [bridge.Client({ AutoPong: false }), bridge.Client()];
    await silent.WaitClosed();
    expect([silent.Closed, lively.Closed]).toEqual([1006, null]);
  });

  test("bytes beyond the window end with 1002, and the target is reset", async () => {
    const bridge = await StartBridge(network, { Dev: true, Limits: { sessionWindowBytes: 0 } });
    const target = await network.PlainServer();
    const client = await MwxClient(bridge);
    client.Connect(1, target.Port);
    await client.WaitPacket(PacketType.OPENED);
    const peer = await target.Peer();
    const offset = client.Of(PacketType.OPENED)[0]?.Offset ?? 0;
    client.SendData(1, new Uint8Array(offset + 1));
    await client.WaitClosed();
    await WaitFor(() => peer.Closed, "the target's end");
    expect([client.Closed, peer.Failure]).toEqual([1002, "ECONNRESET"]);
  });

  test("CONNECT faster than its rate is LIMIT_REACHED", async () => {
    const Limits = { connectsPerSecond: 0, connectsBurst: 2 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    const target = await network.PlainServer();
    const client = await MwxClient(bridge);
    for (const id of [1, 2, 3]) client.Connect(id, target.Port);
    await client.WaitPacket(PacketType.OPENED, 2);
    await client.WaitPacket(PacketType.CLOSE);
    const { LIMIT_REACHED } = SocketError;
    expect(client.Of(PacketType.CLOSE)).toMatchObject([{ Stream: 3, Code: LIMIT_REACHED }]);
  });

  test("streams beyond the limit are LIMIT_REACHED", async () => {
    const bridge = await StartBridge(network, { Dev: true, Limits: { maxStreams: 1 } });
    const target = await network.PlainServer();
    const client = await MwxClient(bridge);
    client.Connect(1, target.Port);
    client.Connect(2, target.Port);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Stream: 2, Reason: 0x49 });
  });

  test("streams beyond the process's memory are LIMIT_REACHED", async () => {
    const Limits = { processWindowBytes: 2 * 65_536 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    const target = await network.PlainServer();
    const client = await MwxClient(bridge);
    client.Connect(1, target.Port);
    await client.WaitPacket(PacketType.OPENED);
    client.Connect(2, target.Port);
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)[0]).toMatchObject({ Stream: 2, Reason: 0x49 });
    client.Send({ Type: PacketType.CLOSE, Stream: 1, Reason: 2, Code: 0 });
    client.Connect(3, target.Port);
    await client.WaitPacket(PacketType.OPENED, 2);
  });

  test("opening and closing in a loop ends with 1008", async () => {
    const Limits = { endsPerSecond: 0, endsBurst: 10 };
    const client = await MwxClient(await StartBridge(network, { Dev: true, Limits }));
    for (let id = 1; id <= 12; id++) client.Connect(id, 80, "8.8.8.8");
    await client.WaitClosed();
    expect(client.Closed).toBe(1008);
    expect(client.Of(PacketType.CLOSE).length).toBeLessThanOrEqual(10);
  });

  test("pings of the WebSocket are answered, in bounded number", async () => {
    const client = await PlainClient(await StartBridge(network));
    let pongs = 0;
    client.WebSocket.on("pong", () => pongs++);
    client.WebSocket.ping();
    await WaitFor(() => pongs > 0, "a pong");
    expect(pongs).toBe(1);
  });
});

test("when the WebSocket is lost the targets are reset", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  await client.WaitPacket(PacketType.OPENED);
  client.End();
  await WaitFor(() => peer.Closed, "the target's end");
  expect(peer.Failure).toBe("ECONNRESET");
});

test("a CONNECT that is given up in the middle leaves nothing behind", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  client.Send({ Type: PacketType.SOCKOPT, Stream: 1, Option: 2, Value: 1 });
  client.Send({ Type: PacketType.PING, Stream: 0, Value: 7n });
  await client.WaitPacket(PacketType.PONG);
  expect(client.Of(PacketType.OPENED)).toEqual([]);
});
