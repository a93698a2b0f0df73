import { expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { SilentListener } from "../../../Support/SilentListener.ts";
import {
  Pattern,
  ReadAll,
  UseNetwork,
  WaitAvailable,
  WaitStatus,
} from "../../../Support/Network.ts";
import { NextRun, WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();
const megabyte = 1_024 * 1_024;

test("a reader that does not read pushes back on the sender, and loses nothing", async () => {
  const { Stream, Plain } = await network.Pair();
  const sent = Pattern(16 * megabyte);
  Plain.Send(sent);
  await WaitAvailable(Stream, 65_536);
  // The system's buffers fill, then the sender's own: what it still holds stops shrinking.
  let held = Plain.Socket.writableLength;
  for (let still = 0; still < 30; await NextRun(1)) {
    still = Plain.Socket.writableLength === held ? still + 1 : 0;
    held = Plain.Socket.writableLength;
  }
  expect(held).toBeGreaterThan(megabyte);
  expect(Stream.GetAvailableBytes()).toBe(65_536);

  let read = 0;
  await WaitFor(() => {
    const bytes = ReadAll(Stream);
    if (Buffer.compare(bytes, sent.subarray(read, read + bytes.length)) !== 0) {
      throw new Error(`Wrong bytes after ${read}.`);
    }
    read += bytes.length;
    return read === sent.length;
  }, "all bytes");
  expect(Plain.Socket.writableLength).toBe(0);
});

test("a paused stream fills up again for whoever waits for more than half of it", async () => {
  const { Stream, Plain } = await network.Pair({ InboundBufferSize: 1_000 });
  const sent = Pattern(10_000);
  Plain.Send(sent);
  await WaitAvailable(Stream, 1_000);
  expect(Stream.GetData(new Uint8Array(100))).toBe(SocketError.SUCCESS);
  const most = new Uint8Array(1_000);
  await WaitFor(() => Stream.GetData(most) === SocketError.SUCCESS, "a full buffer");
  expect(most).toEqual(sent.subarray(100, 1_100));
});

test("small reads of any size drain a paused stream to its last byte", async () => {
  const { Stream, Plain } = await network.Pair({ InboundBufferSize: 300 });
  const sent = Pattern(5_000);
  Plain.Send(sent);
  Plain.Socket.end();
  const got: number[] = [];
  for (let size = 1; got.length < sent.length; size = (size % 300) + 1) {
    const piece = new Uint8Array(Math.min(size, sent.length - got.length));
    await WaitFor(() => Stream.GetData(piece) === SocketError.SUCCESS, `${piece.length} bytes`);
    got.push(...piece);
  }
  expect(Uint8Array.from(got)).toEqual(sent);
  await WaitStatus(Stream, Status.STATUS_NONE);
});

test("a slow peer keeps our bytes in our buffer, and gets them all when it reads", async () => {
  const { Stream, Plain } = await network.Pair({}, false);
  const sent = Pattern(16 * megabyte);
  let put = 0;
  for (let still = 0; still < 30; await NextRun(1)) {
    const { BytesSent } = Stream.PutPartialData(sent.subarray(put));
    still = BytesSent === 0 ? still + 1 : 0;
    put += BytesSent;
  }
  expect(put).toBeLessThan(sent.length);
  expect(Stream.GetOutboundBytes()).toBe(65_536);
  expect(Stream.PutData(Pattern(1))).toBe(SocketError.BUSY);

  Plain.Read();
  await WaitFor(() => {
    put += Stream.PutPartialData(sent.subarray(put)).BytesSent;
    return put === sent.length;
  }, "all bytes to be taken");
  await Plain.WaitReceived(sent.length);
  expect(Buffer.compare(Plain.Received, sent)).toBe(0);
  await WaitFor(() => Stream.GetOutboundBytes() === 0, "an empty buffer");
});

test("a connect that is given up at once is not carried on behind the owner's back", async () => {
  const silent = await SilentListener.Start();
  // Each run lists one socket while the thread may still be serving the run before.
  for (let i = 0; i < 50; i++) {
    const stream = network.Stream({ ConnectTimeout: 60_000 });
    stream.ConnectToHost("127.0.0.1", silent.Port);
    if (i % 2 === 0) stream.DisconnectFromHost();
    else stream.Abort();
    await NextRun();
  }
  const from = performance.now();
  await WaitFor(() => network.Backend.HeldCount() === 0, "the thread to let go");
  expect(performance.now() - from).toBeLessThan(5_000);
  await silent.Stop();
});

test("a request that overtakes its connect is seen when the connect arrives", async () => {
  const silent = await SilentListener.Start();
  const host = new IpAddress("127.0.0.1");
  const rings = { InboundBufferBytes: 1_024, OutboundBufferBytes: 1_024 };
  const options = { Host: host, Port: silent.Port, TimeoutMs: 60_000, Source: null };
  const [early, late] = [network.Backend.OpenSocket(rings), network.Backend.OpenSocket(rings)];
  early.Connect(options);
  // More than half a ring: the wake goes out now, ahead of the second connect.
  early.Outbound.Write(new Uint8Array(1_000));
  early.OutboundChanged();
  late.Connect(options);
  late.Abort();
  early.Abort();
  expect(network.Backend.Block(() => late.Phase() === SocketPhase.CLOSED, 5_000)).toBe(true);
  await WaitFor(() => network.Backend.HeldCount() === 0, "the thread to let go");
  await silent.Stop();
});

test("a peer that resets while we write harms nobody else", async () => {
  const server = network.Listening();
  for (let i = 0; i < 60; i++) {
    const plain = network.PlainClient(server.GetLocalPort());
    const taken = await network.Take(server);
    taken.PutData(Pattern(10));
    plain.Socket.resetAndDestroy();
    await WaitStatus(taken, Status.STATUS_ERROR);
    expect(taken.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  }
});

test("a reset right behind data is no clean end, and the data is there", async () => {
  const server = network.Listening();
  for (let i = 0; i < 30; i++) {
    const plain = network.PlainClient(server.GetLocalPort());
    const taken = await network.Take(server);
    plain.Send(Pattern(10));
    plain.Socket.resetAndDestroy();
    await WaitFor(() => taken.GetStatus() !== Status.STATUS_CONNECTED, "the reset");
    expect(taken.GetCloseReason()).toBe(CloseReason.RESET);
    expect(ReadAll(taken)).toEqual(Pattern(10));
  }
});

test("ids come back after many openings, ends of every kind and crashed peers", async () => {
  const server = network.Listening();
  for (let i = 0; i < 60; i++) {
    const plain = network.PlainClient(server.GetLocalPort());
    const taken = await network.Take(server);
    taken.PutData(Pattern(10));
    if (i % 5 === 0) plain.Socket.resetAndDestroy();
    else if (i % 5 === 1) plain.Socket.end();
    else if (i % 5 === 2) taken.Abort();
    else if (i % 5 === 3) taken.DisconnectFromHost();
    else plain.Socket.destroy();
    if (i % 5 < 2) await WaitFor(() => taken.GetStatus() !== Status.STATUS_CONNECTED, "an end");
    taken.DisconnectFromHost();
    plain.Socket.destroy();
  }
  server.Stop();
  await WaitFor(() => network.Backend.HeldCount() === 0, "every id");
  expect(server.GetDroppedConnections()).toBe(0);
});

test("200 connections at once exchange their bytes", async () => {
  const server = network.Listening({}, 256);
  const port = server.GetLocalPort();
  const clients = Array.from({ length: 200 }, (_, i) => {
    const client = network.Stream({ InboundBufferSize: 4_096, OutboundBufferSize: 4_096 });
    client.ConnectToHost(i % 2 === 0 ? "127.0.0.1" : "localhost", port);
    return client;
  });
  const waiting = new Set(clients.keys());
  const taken: StreamPeerTCP[] = [];
  network.Ending(() => {
    for (const peer of taken) peer.Abort();
  });
  const sent = new Set<number>();
  await WaitFor(() => {
    for (let peer = server.TakeConnection(); peer !== null; peer = server.TakeConnection()) {
      taken.push(peer);
    }
    for (const peer of taken) if (peer.GetAvailableBytes() === 4) peer.PutData(ReadAll(peer));
    for (const i of waiting) {
      const client = clients[i] as StreamPeerTCP;
      if (client.GetStatus() === Status.STATUS_CONNECTED && !sent.has(i)) {
        client.PutU32(i * 7);
        sent.add(i);
      }
      const answer = client.GetU32();
      if (answer === i * 7) waiting.delete(i);
    }
    return waiting.size === 0;
  }, "every client's answer");
  expect(taken).toHaveLength(200);
});
