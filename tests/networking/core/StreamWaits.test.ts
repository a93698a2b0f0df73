import { expect, test } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Status } from "../../../networking/core/Status.ts";
import { Pattern, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

test("WaitStatus tells of a connection, of a time-out, and of another end", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  stream.ConnectToHost("127.0.0.1", server.Port);
  expect(await stream.WaitStatus(Status.STATUS_CONNECTED, 5_000)).toBe(SocketError.SUCCESS);
  expect(await stream.WaitStatus(Status.STATUS_CONNECTED, 0)).toBe(SocketError.SUCCESS);
  expect(await stream.WaitStatus(Status.STATUS_ERROR, 5)).toBe(SocketError.TIMED_OUT);

  const waiting = stream.WaitStatus(Status.STATUS_ERROR, Infinity);
  stream.DisconnectFromHost();
  expect(await waiting).toBe(SocketError.FAILED);
  expect(await stream.WaitStatus(Status.STATUS_CONNECTED, 5_000)).toBe(SocketError.FAILED);
  expect(await stream.WaitStatus(Status.STATUS_NONE, 5_000)).toBe(SocketError.SUCCESS);
});

test("WaitStatus(NONE) hears the peer's close", async () => {
  const { Stream, Plain } = await network.Pair();
  const waiting = Stream.WaitStatus(Status.STATUS_NONE, 5_000);
  Plain.Socket.end();
  expect(await waiting).toBe(SocketError.SUCCESS);
});

test("arguments of wrong types are programmer mistakes", () => {
  const stream = network.Stream();
  expect(() => stream.WaitStatus(Status.STATUS_NONE, -1)).toThrow(TypeError);
  expect(() => stream.WaitStatus(Status.STATUS_NONE, Number.NaN)).toThrow(TypeError);
  expect(() => stream.GetDataAsync(-1)).toThrow(TypeError);
  expect(() => stream.GetDataAsync(1.5)).toThrow(TypeError);
  expect(() => stream.GetDataAsync(2 ** 28 + 1)).toThrow(TypeError);
  expect(() => stream.PutDataAsync("text" as unknown as Uint8Array)).toThrow(TypeError);
});

test("reads are served in the order of their calls, whatever their sizes", async () => {
  const { Stream, Plain } = await network.Pair();
  const reads = [5, 1, 0, 3].map((count) => Stream.GetDataAsync(count));
  const order: number[] = [];
  reads.forEach((read, i) => void read.then(() => order.push(i)));
  Plain.Send("ab");
  await WaitFor(() => Stream.GetAvailableBytes() === 0, "the first read to take its part");
  expect(order).toEqual([]);
  Plain.Send("cdefghi");
  const got = await Promise.all(reads);
  expect(got.map((result) => result.Result)).toEqual([0, 0, 0, 0]);
  expect(got.map((result) => Buffer.from(result.Data).toString())).toEqual([
    "abcde",
    "f",
    "",
    "ghi",
  ]);
  expect(order).toEqual([0, 1, 2, 3]);
});

test("a read longer than the buffer is served piece by piece", async () => {
  const { Stream, Plain } = await network.Pair({ InboundBufferSize: 1_000 });
  const sent = Pattern(200_000);
  const read = Stream.GetDataAsync(sent.length);
  Plain.Send(sent);
  const got = await read;
  expect(got.Result).toBe(SocketError.SUCCESS);
  expect(Buffer.compare(got.Data, sent)).toBe(0);
});

test("writes longer than the buffer go out piece by piece, in the order of their calls", async () => {
  const { Stream, Plain } = await network.Pair({ OutboundBufferSize: 1_000 });
  const first = Pattern(100_000);
  const second = Pattern(50_000, 7);
  const codes = await Promise.all([
    Stream.PutDataAsync(first),
    Stream.PutDataAsync(second),
    Stream.PutDataAsync(new Uint8Array(0)),
  ]);
  expect(codes).toEqual([0, 0, 0]);
  await Plain.WaitReceived(first.length + second.length);
  expect(Buffer.compare(Plain.Received, Buffer.concat([first, second]))).toBe(0);
});

test("at the end a read gives FILE_EOF and what came before it", async () => {
  const { Stream, Plain } = await network.Pair();
  const reads = [Stream.GetDataAsync(4), Stream.GetDataAsync(4), Stream.GetDataAsync(1)];
  Plain.Socket.end("abcdef");
  const [whole, part, none] = await Promise.all(reads);
  expect(whole?.Result).toBe(SocketError.SUCCESS);
  expect(part?.Result).toBe(SocketError.FILE_EOF);
  expect(Buffer.from(part?.Data ?? []).toString()).toBe("ef");
  expect(none?.Result).toBe(SocketError.FILE_EOF);
  expect((await Stream.GetDataAsync(1)).Result).toBe(SocketError.FILE_EOF);
});

test("a reset is a failure, not the end of the data", async () => {
  const { Stream, Plain } = await network.Pair();
  const read = Stream.GetDataAsync(4);
  Plain.Socket.resetAndDestroy();
  expect(await read).toEqual({ Result: SocketError.FAILED, Data: new Uint8Array(0) });
  expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  expect(await Stream.PutDataAsync(Pattern(1))).toBe(SocketError.FAILED);
});

test("a disconnect settles who waits", async () => {
  const { Stream } = await network.Pair({ OutboundBufferSize: 256 }, false);
  const read = Stream.GetDataAsync(4);
  const write = Stream.PutDataAsync(new Uint8Array(64 * 1_024 * 1_024));
  Stream.DisconnectFromHost();
  expect((await read).Result).toBe(SocketError.FAILED);
  expect(await write).toBe(SocketError.FAILED);
});

test("a stream that is not connected fails at once", async () => {
  const stream = network.Stream();
  expect((await stream.GetDataAsync(1)).Result).toBe(SocketError.FAILED);
  expect(await stream.PutDataAsync(Pattern(1))).toBe(SocketError.FAILED);
});

test("one waiter over the limit is LIMIT_REACHED, and the others are served", async () => {
  const { Stream, Plain } = await network.Pair();
  const reads = Array.from({ length: Limits.maxWaiters }, () => Stream.GetDataAsync(1));
  expect((await Stream.GetDataAsync(1)).Result).toBe(SocketError.LIMIT_REACHED);
  Plain.Send(Pattern(Limits.maxWaiters));
  const got = await Promise.all(reads);
  expect(got.every(({ Result }, i) => Result === 0 && got[i]?.Data[0] === i % 251)).toBe(true);
});

test("two streams exchange a megabyte by promises alone", async () => {
  const server = network.Listening();
  const client = network.Stream();
  client.ConnectToHost("127.0.0.1", server.GetLocalPort());
  const taken = await network.Take(server);
  await WaitStatus(client, Status.STATUS_CONNECTED);
  const data = Pattern(1_000_000);
  const [put, got, back, echoed] = await Promise.all([
    client.PutDataAsync(data),
    taken.GetDataAsync(data.length),
    taken.PutDataAsync(data),
    client.GetDataAsync(data.length),
  ]);
  expect([put, got.Result, back, echoed.Result]).toEqual([0, 0, 0, 0]);
  expect(Buffer.compare(got.Data, data)).toBe(0);
  expect(Buffer.compare(echoed.Data, data)).toBe(0);
});
