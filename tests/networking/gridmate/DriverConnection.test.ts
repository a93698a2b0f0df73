import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ParseAddress } from "../../../networking/gridmate/DriverAddress.ts";
import {
  Change,
  DriverConnection,
  tooLarge,
} from "../../../networking/gridmate/DriverConnection.ts";
import { DriverSizesOf } from "../../../networking/gridmate/DriverSizes.ts";
import { StreamPhase } from "../../../networking/gridmate/DriverStream.ts";
import { FakeStream } from "./FakeStream.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`DriverConnection.test.ts: TEST_SEED=${seed}`);
const address = ParseAddress("10.0.0.1|1")!;

function pair(inboundBytes = 65_536, outboundBytes = 65_536) {
  const stream = new FakeStream({ Capacity: Math.max(inboundBytes, outboundBytes) + 2 });
  const sizes = DriverSizesOf(1, 65_535, inboundBytes, outboundBytes);
  return { stream, connection: new DriverConnection(address, stream, false, sizes) };
}

function established(inboundBytes = 65_536) {
  const made = pair(inboundBytes);
  made.stream.Phase = StreamPhase.OPEN;
  expect(made.connection.Poll()).toBe(Change.ESTABLISHED);
  return made;
}

function frame(payload: Uint8Array): Uint8Array {
  return Uint8Array.from([payload.length >> 8, payload.length & 255, ...payload]);
}

function take(connection: DriverConnection): Uint8Array | null {
  const buffer = new Uint8Array(65_535);
  const size = connection.Take(buffer, buffer.length);
  return size > 0 ? buffer.slice(0, size) : null;
}

test("it opens with its stream, once", () => {
  const { stream, connection } = pair();
  expect(connection.Poll()).toBe(Change.NONE);
  expect(connection.IsEstablished()).toBe(false);
  stream.Phase = StreamPhase.OPEN;
  expect(connection.Poll()).toBe(Change.ESTABLISHED);
  expect(connection.Poll()).toBe(Change.NONE);
  expect(connection.IsEstablished()).toBe(true);
});

test("a stream that fails to open is told as that, once", () => {
  const { stream, connection } = pair();
  stream.End(SocketError.CONNECTION_REFUSED);
  expect(connection.Poll()).toBe(Change.FAILED);
  expect(connection.Poll()).toBe(Change.NONE);
  expect(connection.Failure()).toBe(SocketError.CONNECTION_REFUSED);
});

test("a stream that opened and was closed in order meanwhile was there", () => {
  const { stream, connection } = pair();
  stream.End(SocketError.SUCCESS);
  expect(connection.Poll()).toBe(Change.ESTABLISHED);
  expect(connection.Poll()).toBe(Change.ENDED);
  expect(connection.Poll()).toBe(Change.NONE);
  expect(connection.Failure()).toBe(SocketError.SUCCESS);
});

test("frames from before it stands go out first, in order", () => {
  const { stream, connection } = pair();
  expect(connection.Send(frame(Uint8Array.of(1)))).toBe(true);
  expect(connection.Send(frame(Uint8Array.of(2)))).toBe(true);
  stream.Phase = StreamPhase.OPEN;
  connection.Poll();
  expect(connection.Send(frame(Uint8Array.of(3)))).toBe(true);
  connection.Poll();
  expect([take(connection), take(connection), take(connection)]).toEqual([
    Uint8Array.of(1),
    Uint8Array.of(2),
    Uint8Array.of(3),
  ]);
});

test("before it stands there is room for as much as the outbound ring holds", () => {
  const { connection } = pair(256, 256);
  expect(connection.Send(new Uint8Array(257))).toBe(true);
  expect(connection.Send(new Uint8Array(2))).toBe(false);
  expect(connection.Send(new Uint8Array(1))).toBe(true);
  expect(connection.Send(new Uint8Array(1))).toBe(false);
});

test("what arrives after a poll waits for the next one", () => {
  const { stream, connection } = established();
  stream.Bytes.PutData(frame(Uint8Array.of(1)));
  expect(connection.HasPacket()).toBe(false);
  expect(take(connection)).toBeNull();
  connection.Poll();
  stream.Bytes.PutData(frame(Uint8Array.of(2)));
  expect(take(connection)).toEqual(Uint8Array.of(1));
  expect(take(connection)).toBeNull();
  connection.Poll();
  expect(take(connection)).toEqual(Uint8Array.of(2));
});

test("a packet larger than the buffer stays until one is large enough", () => {
  const { stream, connection } = established();
  stream.Bytes.PutData(frame(Uint8Array.of(1, 2, 3)));
  connection.Poll();
  const buffer = new Uint8Array(8);
  expect(connection.Take(buffer, 2)).toBe(tooLarge);
  expect(connection.Take(buffer, 3)).toBe(3);
  expect(buffer).toEqual(Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0));
});

test("a length of zero ends the stream; packets before it are there", () => {
  const { stream, connection } = established();
  stream.Bytes.PutData(Uint8Array.of(0, 1, 7, 0, 0, 0, 1, 8));
  expect(connection.Poll()).toBe(Change.NONE);
  expect(take(connection)).toEqual(Uint8Array.of(7));
  expect(connection.HasPacket()).toBe(false);
  expect(take(connection)).toBeNull();
  expect(stream.Bytes.ProtocolFailures).toBe(1);
  expect(connection.Poll()).toBe(Change.ENDED);
  expect(connection.Failure()).toBe(SocketError.PROTOCOL_ERROR);
});

test.each([
  [1_023, true],
  [1_024, true],
  [1_025, false],
])("with an inbound ring of 1,024 bytes a length of %i is taken: %s", (length, isTaken) => {
  const { stream, connection } = established(1_024);
  stream.Bytes.PutData(Uint8Array.of(length >> 8, length & 255));
  connection.Poll();
  connection.HasPacket();
  expect(stream.Bytes.ProtocolFailures).toBe(isTaken ? 0 : 1);
});

test.each(["FIN", "the end", "a reset"])("after %s what is whole is given first", (how) => {
  const { stream, connection } = established();
  stream.Bytes.PutData(Uint8Array.of(...frame(Uint8Array.of(1)), ...frame(Uint8Array.of(2)), 0, 9));
  if (how === "FIN") stream.IsFinished = true;
  else stream.End(how === "a reset" ? SocketError.CONNECTION_RESET : SocketError.SUCCESS);
  expect(connection.Poll()).toBe(Change.NONE);
  expect(take(connection)).toEqual(Uint8Array.of(1));
  expect(connection.Poll()).toBe(Change.NONE);
  expect(take(connection)).toEqual(Uint8Array.of(2));
  expect(take(connection)).toBeNull();
  expect(connection.Poll()).toBe(Change.ENDED);
  const reset = how === "a reset";
  const cut = SocketError.FILE_EOF;
  expect(connection.Failure()).toBe(reset ? SocketError.CONNECTION_RESET : cut);
  expect(stream.Closings).toBe(1);
});

test("a refused packet does not keep an ended connection", () => {
  const { stream, connection } = established();
  stream.Bytes.PutData(frame(Uint8Array.of(1, 2, 3)));
  stream.IsFinished = true;
  expect(connection.Poll()).toBe(Change.NONE);
  expect(connection.Take(new Uint8Array(2), 2)).toBe(tooLarge);
  expect(connection.Poll()).toBe(Change.ENDED);
  expect(connection.Failure()).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
});

test("closing ends it at once and once", () => {
  const { stream, connection } = established();
  stream.Bytes.PutData(frame(Uint8Array.of(1)));
  connection.Poll();
  connection.Close();
  connection.Close();
  expect(stream.Closings).toBe(1);
  expect(connection.HasPacket()).toBe(false);
  expect(connection.IsEstablished()).toBe(false);
  expect(connection.Send(frame(Uint8Array.of(1)))).toBe(false);
  expect(connection.Poll()).toBe(Change.NONE);
});

test("packets of any size, cut anywhere, come out whole and in order", () => {
  const length = fc.oneof(
    fc.constantFrom(1, 2, 255, 256, 257, 65_535),
    fc.integer({ min: 1, max: 70 }),
  );
  const packets = fc.array(length, { minLength: 1, maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  const property = fc.property(packets, cuts, (lengths, pieces) => {
    const { stream, connection } = established();
    const sent = lengths.map((count, i) => new Uint8Array(count).map((_, at) => at * 7 + i));
    const wire = Buffer.concat(sent.map(frame));
    const received: Uint8Array[] = [];
    let at = 0;
    for (let turn = 0; at < wire.length; turn++) {
      const piece = pieces[turn % pieces.length]!;
      // Large packets go by in large pieces, after some small ones.
      const end = Math.min(wire.length, at + (turn < 20 ? piece : piece * 4_001));
      const { BytesSent } = stream.Bytes.PutPartialData(wire.subarray(at, end));
      at += BytesSent;
      expect(connection.Poll()).toBe(Change.NONE);
      for (let next = take(connection); next !== null; next = take(connection)) received.push(next);
    }
    expect(received.length).toBe(sent.length);
    expect(received.every((packet, i) => Buffer.compare(packet, sent[i]!) === 0)).toBe(true);
  });
  fc.assert(property, { seed, numRuns: 150 });
});
