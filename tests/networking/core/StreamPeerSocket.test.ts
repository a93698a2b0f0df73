import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { Pattern, ReadAll, UseNetwork, WaitAvailable, WaitStatus } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const size = 512;
const rings = { InboundBufferSize: size, OutboundBufferSize: size };
const bytes = (count: number): Uint8Array => new Uint8Array(count);

test("the status holds still in one synchronous run, and the next sees the truth unasked", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  stream.ConnectToHost("127.0.0.1", server.Port);
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
  // A later connect to the same server that stands already shows that this one does, too.
  const later = network.Stream();
  later.ConnectToHost("127.0.0.1", server.Port);
  const stands = (): boolean => later.Poll() === 0 && later.GetStatus() === Status.STATUS_CONNECTED;
  expect(network.Backend.Block(stands, 5_000)).toBe(true);
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
  await NextRun();
  expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
});

test("Poll shows the truth at once, as often as one likes", async () => {
  const server = await network.PlainServer();
  const stream = network.Stream();
  expect(stream.Poll()).toBe(SocketError.SUCCESS);
  stream.ConnectToHost("127.0.0.1", server.Port);
  network.Backend.Block(() => {
    stream.Poll();
    return stream.GetStatus() === Status.STATUS_CONNECTED;
  }, 5_000);
  for (let i = 0; i < 3; i++) {
    expect(stream.Poll()).toBe(SocketError.SUCCESS);
    expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  }
});

test("PutData takes all or nothing, at every border", async () => {
  const { Stream, Plain } = await network.Pair(rings);
  // One run: nothing leaves the buffer before the run ends or it is more than half full.
  expect(Stream.PutData(bytes(0))).toBe(SocketError.SUCCESS);
  expect(Stream.PutData(Pattern(size + 1))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  expect(Stream.PutData(Pattern(1))).toBe(SocketError.SUCCESS);
  expect(Stream.PutData(Pattern(size))).toBe(SocketError.BUSY);
  expect(Stream.PutData(Pattern(100, 1))).toBe(SocketError.SUCCESS);
  expect(Stream.GetOutboundBytes()).toBe(101);
  await Plain.WaitReceived(101);
  await WaitFor(() => Stream.GetOutboundBytes() === 0, "an empty buffer");
  expect(Stream.PutData(Pattern(size, 101))).toBe(SocketError.SUCCESS);
  await Plain.WaitReceived(101 + size);
  expect(Plain.Received).toEqual(Buffer.from(Pattern(101 + size)));
});

test("PutPartialData takes what fits", async () => {
  const { Stream, Plain } = await network.Pair(rings);
  const put = (count: number): number => {
    const { Result, BytesSent } = Stream.PutPartialData(bytes(count));
    expect(Result).toBe(SocketError.SUCCESS);
    return BytesSent;
  };
  expect(put(0)).toBe(0);
  expect(put(200)).toBe(200);
  const rest = put(size);
  expect(rest).toBeLessThanOrEqual(size);
  await Plain.WaitReceived(200 + rest);
});

test("GetData gives exactly or nothing; partial reads give what is there", async () => {
  const { Stream, Plain } = await network.Pair(rings);
  expect(Stream.GetData(bytes(0))).toBe(SocketError.SUCCESS);
  expect(Stream.GetData(bytes(1))).toBe(SocketError.BUSY);
  expect(Stream.GetData(bytes(size + 1))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
  expect(Stream.GetPartialData(bytes(8))).toEqual({ Result: SocketError.SUCCESS, Received: 0 });

  const sent = Pattern(11);
  Plain.Send(sent);
  await WaitAvailable(Stream, 11);
  expect(Stream.GetData(bytes(12))).toBe(SocketError.BUSY);
  expect(Stream.GetAvailableBytes()).toBe(11);
  const ten = bytes(10);
  expect(Stream.GetData(ten)).toBe(SocketError.SUCCESS);
  expect(ten).toEqual(sent.subarray(0, 10));
  expect(Stream.GetPartialData(bytes(0))).toEqual({ Result: SocketError.SUCCESS, Received: 0 });
  const more = bytes(8);
  expect(Stream.GetPartialData(more)).toEqual({ Result: SocketError.SUCCESS, Received: 1 });
  expect(more[0]).toBe(10);
});

test("exact reads and writes of every size pass the buffer's end whole", async () => {
  const { Stream, Plain } = await network.Pair(rings);
  let total = 0;
  for (const count of [1, size - 1, size, 1, 2, size - 1, size, 300, 300, 300, size]) {
    const piece = Pattern(count, total);
    total += count;
    await WaitFor(() => Stream.PutData(piece) === SocketError.SUCCESS, "room");
    await Plain.WaitReceived(total);
    Plain.Send(Plain.Received.subarray(total - count));
    const back = bytes(count);
    await WaitFor(() => Stream.GetData(back) === SocketError.SUCCESS, "the echo");
    expect(back).toEqual(piece);
  }
});

test("a getter with too few bytes is null, says why, and takes nothing", async () => {
  const { Stream, Plain } = await network.Pair();
  Plain.Send(Uint8Array.of(1, 2, 3));
  await WaitAvailable(Stream, 3);
  expect(Stream.GetU32()).toBeNull();
  expect(Stream.GetLastError()).toBe(SocketError.BUSY);
  Plain.Send(Uint8Array.of(4));
  await WaitAvailable(Stream, 4);
  Stream.BigEndian = true;
  expect(Stream.GetU32()).toBe(0x01_02_03_04);
  expect(Stream.GetLastError()).toBe(SocketError.SUCCESS);
});

test("after the peer's end: FILE_EOF, then the rest, then NONE with reason PEER", async () => {
  const { Stream, Plain } = await network.Pair();
  Plain.Socket.end("abcde");
  await WaitAvailable(Stream, 5);
  await WaitFor(() => Stream.GetData(bytes(6)) !== SocketError.BUSY || Stream.Poll() !== 0, "EOF");
  expect(Stream.GetData(bytes(6))).toBe(SocketError.FILE_EOF);
  expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  const three = bytes(3);
  expect(Stream.GetData(three)).toBe(SocketError.SUCCESS);
  expect(Stream.GetData(three)).toBe(SocketError.FILE_EOF);
  expect(Stream.GetPartialData(three)).toEqual({ Result: SocketError.SUCCESS, Received: 2 });
  expect([...three]).toEqual([...Buffer.from("dec")]);
  // All is read, and the status still holds still until the next run.
  expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  await NextRun();
  expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
  expect(Stream.GetLastError()).toBe(SocketError.SUCCESS);
  expect(Stream.GetData(three)).toBe(SocketError.FAILED);
  expect(Stream.GetPartialData(three)).toEqual({ Result: SocketError.FAILED, Received: 0 });
  expect(Stream.PutData(three)).toBe(SocketError.FAILED);
  await WaitFor(() => Plain.Ended, "our own end");
});

test("a reset is ERROR with reason RESET, whoever looks, and what came before stays readable", async () => {
  const looks: Record<string, (stream: ReturnType<typeof network.Stream>) => boolean> = {
    status: (stream) => stream.GetStatus() === Status.STATUS_ERROR,
    poll: (stream) => stream.Poll() === SocketError.CONNECTION_RESET,
    read: (stream) => stream.Poll() !== 0 && stream.GetData(bytes(9)) === SocketError.FILE_EOF,
    write: (stream) => {
      stream.PutPartialData(bytes(9));
      return stream.GetStatus() === Status.STATUS_ERROR;
    },
  };
  for (const [name, sees] of Object.entries(looks)) {
    const { Stream, Plain } = await network.Pair();
    Plain.Send("last");
    await WaitAvailable(Stream, 4);
    Plain.Socket.resetAndDestroy();
    await WaitFor(() => sees(Stream), `the reset to be seen by ${name}`);
    expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
    expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    expect(Stream.GetCloseReason()).toBe(CloseReason.RESET);
    expect(Stream.PutData(bytes(1))).toBe(SocketError.FAILED);
    expect(Stream.PutPartialData(bytes(1)).Result).toBe(SocketError.FAILED);
    expect(Buffer.from(ReadAll(Stream)).toString()).toBe("last");
    expect(Stream.GetPartialData(bytes(1)).Result).toBe(SocketError.FAILED);
    expect(Stream.GetData(bytes(1))).toBe(SocketError.FAILED);
    Stream.DisconnectFromHost();
    expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
  }
});

test("our half close: the peer hears the end and can still answer", async () => {
  const { Stream, Plain } = await network.Pair();
  Stream.PutData(Pattern(100));
  expect(Stream.Shutdown()).toBe(SocketError.SUCCESS);
  expect(Stream.Shutdown()).toBe(SocketError.SUCCESS);
  expect(Stream.PutData(bytes(1))).toBe(SocketError.FAILED);
  expect(Stream.PutPartialData(bytes(1)).Result).toBe(SocketError.FAILED);
  await WaitFor(() => Plain.Ended, "the end");
  expect(Plain.Received).toHaveLength(100);
  expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  Plain.Socket.end("answer");
  await WaitAvailable(Stream, 6);
  expect(Buffer.from(ReadAll(Stream)).toString()).toBe("answer");
  await WaitStatus(Stream, Status.STATUS_NONE);
  expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
});

test("the peer's half close: what it asked is answered in the run that read it", async () => {
  const { Stream, Plain } = await network.Pair();
  Plain.Socket.end("ask");
  await WaitAvailable(Stream, 3);
  await WaitFor(() => Stream.Poll() === 0 && Stream.GetData(bytes(4)) !== SocketError.BUSY, "EOF");
  ReadAll(Stream);
  expect(Stream.PutData(Pattern(1_000))).toBe(SocketError.SUCCESS);
  await WaitStatus(Stream, Status.STATUS_NONE);
  await WaitFor(() => Plain.Ended, "the end");
  expect(Plain.Received).toHaveLength(1_000);
});

test("Shutdown without a connection fails", () => {
  expect(network.Stream().Shutdown()).toBe(SocketError.FAILED);
});

test("DisconnectFromHost sends all that was accepted, and is NONE at once", async () => {
  const { Stream, Plain } = await network.Pair({}, false);
  let accepted = 0;
  for (let still = 0; still < 20; await NextRun(1)) {
    const { BytesSent } = Stream.PutPartialData(Pattern(65_536, accepted));
    still = BytesSent === 0 ? still + 1 : 0;
    accepted += BytesSent;
  }
  expect(Stream.GetOutboundBytes()).toBe(65_536);
  Stream.DisconnectFromHost();
  expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(Stream.GetOutboundBytes()).toBe(0);
  Plain.Read();
  await WaitFor(() => Plain.Ended, "the end");
  expect(Plain.Received).toHaveLength(accepted);
  expect(Plain.Failure).toBe("");
});

test("Abort resets at once", async () => {
  const { Stream, Plain } = await network.Pair();
  Stream.Abort();
  expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
  expect(Stream.GetCloseReason()).toBe(CloseReason.LOCAL);
  await WaitFor(() => Plain.Closed, "the reset");
  expect(Plain.Failure).toBe("ECONNRESET");
});

test("misuse never harms", async () => {
  const stream = network.Stream();
  stream.DisconnectFromHost();
  stream.Abort();
  expect(stream.Poll()).toBe(SocketError.SUCCESS);
  expect(stream.PutData(bytes(0))).toBe(SocketError.FAILED);
  expect(stream.PutPartialData(bytes(0)).Result).toBe(SocketError.FAILED);
  expect(stream.GetData(bytes(0))).toBe(SocketError.SUCCESS);
  expect(stream.GetData(bytes(1))).toBe(SocketError.FAILED);
  expect(stream.GetU8()).toBeNull();
  expect(stream.GetLastError()).toBe(SocketError.FAILED);
  for (const call of ["PutData", "PutPartialData", "GetData", "GetPartialData"] as const) {
    expect(() => stream[call]([1, 2] as unknown as Uint8Array)).toThrow(TypeError);
  }
  const { Stream } = await network.Pair();
  Stream.DisconnectFromHost();
  Stream.DisconnectFromHost();
  Stream.Abort();
  expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
});
