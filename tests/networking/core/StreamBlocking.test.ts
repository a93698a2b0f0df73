import { expect, test } from "vitest";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Pattern, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const log = CaptureNetLog();
const network = UseNetwork();

/** Two connected streams; a blocking call of one must not need our event loop, so both are ours. */
async function pair(
  options: { OutboundBufferSize?: number } = {},
): Promise<[StreamPeerTCP, StreamPeerTCP]> {
  const server = network.Listening(options);
  const client = network.Stream(options);
  client.ConnectToHost("127.0.0.1", server.GetLocalPort());
  const taken = await network.Take(server);
  await WaitStatus(client, Status.STATUS_CONNECTED);
  return [client, taken];
}

test("exact reads and getters wait for bytes that come in time", async () => {
  const [client, server] = await pair();
  client.BlockingTimeout = 5_000;
  server.PutUtf8String("hello");
  expect(client.GetUtf8String()).toBe("hello");
  server.PutData(Pattern(1_000));
  const data = new Uint8Array(1_000);
  expect(client.GetData(data)).toBe(SocketError.SUCCESS);
  expect(data).toEqual(Pattern(1_000));
  client.BlockingTimeout = Infinity;
  server.PutU64(5n);
  expect(client.GetU64()).toBe(5n);
});

test("a time-out consumes nothing", async () => {
  const [client, server] = await pair();
  client.BlockingTimeout = 30;
  server.PutU16(7);
  const from = performance.now();
  expect(client.GetU32()).toBeNull();
  expect(performance.now() - from).toBeGreaterThanOrEqual(29);
  expect(client.GetLastError()).toBe(SocketError.TIMED_OUT);
  expect(client.GetData(new Uint8Array(3))).toBe(SocketError.TIMED_OUT);
  expect(client.GetAvailableBytes()).toBe(2);
  expect(client.GetU16()).toBe(7);
  expect(client.GetStatus()).toBe(Status.STATUS_CONNECTED);
});

test("partial calls never wait", async () => {
  const [client] = await pair();
  client.BlockingTimeout = Infinity;
  expect(client.GetPartialData(new Uint8Array(4))).toEqual({ Result: 0, Received: 0 });
  expect(client.PutPartialData(Pattern(4)).BytesSent).toBe(4);
});

test("a wait ends at the peer's end, and at its reset", async () => {
  const [client, server] = await pair();
  client.BlockingTimeout = Infinity;
  server.PutU8(1);
  server.DisconnectFromHost();
  expect(client.GetU16()).toBeNull();
  expect(client.GetLastError()).toBe(SocketError.FILE_EOF);
  expect(client.GetU8()).toBe(1);

  const [other, resetting] = await pair();
  other.BlockingTimeout = Infinity;
  resetting.Abort();
  expect(other.GetU16()).toBeNull();
  expect(other.GetStatus()).toBe(Status.STATUS_ERROR);
  expect(other.GetLastError()).toBe(SocketError.CONNECTION_RESET);
});

test("a put waits for room; its time-out takes nothing", async () => {
  const { Stream, Plain } = await network.Pair({ OutboundBufferSize: 1_000 }, false);
  Stream.BlockingTimeout = 50;
  let put = 0;
  let code: SocketError = SocketError.SUCCESS;
  for (; code === SocketError.SUCCESS; put += code === SocketError.SUCCESS ? 1_000 : 0) {
    code = Stream.PutData(Pattern(1_000, put));
  }
  expect(code).toBe(SocketError.TIMED_OUT);
  expect(put).toBeGreaterThan(1_000);
  expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  Plain.Read();
  await Plain.WaitReceived(put);
  expect(Buffer.compare(Plain.Received, Pattern(put))).toBe(0);
});

test("a put larger than the buffer goes through piece by piece", async () => {
  const [client, server] = await pair({ OutboundBufferSize: 257 });
  client.BlockingTimeout = 5_000;
  expect(client.PutData(Pattern(60_000))).toBe(SocketError.SUCCESS);
  server.BlockingTimeout = 5_000;
  const data = new Uint8Array(60_000);
  expect(server.GetData(data)).toBe(SocketError.SUCCESS);
  expect(data).toEqual(Pattern(60_000));
});

test("a put that is half through when its time ends aborts the stream", async () => {
  const { Stream, Plain } = await network.Pair({ OutboundBufferSize: 1_000 }, false);
  Stream.BlockingTimeout = 80;
  const large = new Uint8Array(64 * 1_024 * 1_024);
  expect(Stream.PutData(large)).toBe(SocketError.TIMED_OUT);
  expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
  expect(Stream.GetLastError()).toBe(SocketError.TIMED_OUT);
  expect(Stream.GetCloseReason()).toBe(CloseReason.TIMEOUT);
  expect(Stream.ConnectToHost("127.0.0.1", 9)).toBe(SocketError.ALREADY_INIT);
  Plain.Read();
  // With bytes still unread Node tells the reset as an end at times; what was lost tells them
  // apart.
  await WaitFor(() => Plain.Closed || Plain.Ended, "the reset");
  expect(Plain.Received.length).toBeLessThan(large.length);
});

test("a put that waits hears the peer's reset", async () => {
  const [client, server] = await pair({ OutboundBufferSize: 1_000 });
  client.BlockingTimeout = 5_000;
  server.Abort();
  expect(client.PutData(new Uint8Array(1_000_000))).toBe(SocketError.CONNECTION_RESET);
});

test("a put that is larger than the buffer reaches a peer that has finished sending", async () => {
  const { Stream, Plain } = await network.Pair({ OutboundBufferSize: 1_000 });
  Plain.Socket.end();
  expect(await Stream.PutDataAsync(Pattern(100_000))).toBe(SocketError.SUCCESS);
  await WaitFor(() => Stream.GetStatus() === Status.STATUS_NONE, "the end");
  await WaitFor(() => Plain.Ended, "the end at the peer");
  expect(Plain.Received).toEqual(Buffer.from(Pattern(100_000)));
});

test("the property takes times only", () => {
  const stream = network.Stream();
  for (const wrong of [-1, Number.NaN, "5"]) {
    expect(() => (stream.BlockingTimeout = wrong as number)).toThrow(TypeError);
  }
  stream.BlockingTimeout = 5;
  expect(stream.BlockingTimeout).toBe(5);
  expect(log).toEqual([]);
});

test("where nothing can wait it is said once, and has no effect", () => {
  const page = { Capabilities: { Blocking: false } } as unknown as NetBackend;
  for (let i = 0; i < 2; i++) new StreamPeerTCP({ Backend: page }).BlockingTimeout = 10;
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(/^warn BlockingTimeout has no effect/);
});
