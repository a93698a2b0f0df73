import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { StreamPeerBuffer } from "../../../networking/core/StreamPeerBuffer.ts";
import { VariantFormat } from "../../../networking/core/Variant.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`StreamPeerBuffer.test.ts: TEST_SEED=${seed}`);

function filled(...bytes: number[]): StreamPeerBuffer {
  const buffer = new StreamPeerBuffer();
  buffer.SetDataArray(Uint8Array.from(bytes));
  return buffer;
}

test("puts overwrite at the position and grow the end", () => {
  const buffer = filled(1, 2, 3, 4);
  buffer.Seek(2);
  expect(buffer.PutData(Uint8Array.of(7))).toBe(SocketError.SUCCESS);
  expect([...buffer.GetDataArray()]).toEqual([1, 2, 7, 4]);
  expect(buffer.PutData(Uint8Array.of(8, 9))).toBe(SocketError.SUCCESS);
  expect([...buffer.GetDataArray()]).toEqual([1, 2, 7, 8, 9]);
  expect([buffer.GetPosition(), buffer.GetSize(), buffer.GetAvailableBytes()]).toEqual([5, 5, 0]);
});

test("GetData takes all or nothing, GetPartialData what is there", () => {
  const buffer = filled(1, 2, 3);
  expect(buffer.GetData(new Uint8Array(4))).toBe(SocketError.FILE_EOF);
  expect(buffer.GetPosition()).toBe(0);
  const four = new Uint8Array(4);
  expect(buffer.GetPartialData(four)).toEqual({ Result: SocketError.SUCCESS, Received: 3 });
  expect([...four]).toEqual([1, 2, 3, 0]);
  expect(buffer.GetPartialData(four)).toEqual({ Result: SocketError.SUCCESS, Received: 0 });
  expect(buffer.GetData(new Uint8Array(0))).toBe(SocketError.SUCCESS);
});

test.each([
  [0, SocketError.SUCCESS],
  [3, SocketError.SUCCESS],
  [4, SocketError.INVALID_PARAMETER],
  [-1, SocketError.INVALID_PARAMETER],
  [1.5, SocketError.INVALID_PARAMETER],
  [NaN, SocketError.INVALID_PARAMETER],
])("Seek(%d) in 3 bytes", (position, result) => {
  const buffer = filled(1, 2, 3);
  buffer.Seek(1);
  expect(buffer.Seek(position)).toBe(result);
  expect(buffer.GetPosition()).toBe(result === SocketError.SUCCESS ? position : 1);
});

test("Resize cuts, takes the position along, and extends with zeros only", () => {
  const buffer = filled(1, 2, 3, 4);
  buffer.Seek(4);
  expect(buffer.Resize(2)).toBe(SocketError.SUCCESS);
  expect([buffer.GetSize(), buffer.GetPosition()]).toEqual([2, 2]);
  expect(buffer.Resize(4)).toBe(SocketError.SUCCESS);
  expect([...buffer.GetDataArray()]).toEqual([1, 2, 0, 0]);
  expect(buffer.Resize(-1)).toBe(SocketError.INVALID_PARAMETER);
  expect(buffer.Resize(0.5)).toBe(SocketError.INVALID_PARAMETER);
});

test("Clear forgets everything but the limit", () => {
  const buffer = filled(1, 2, 3);
  buffer.Seek(2);
  buffer.Clear();
  expect([buffer.GetSize(), buffer.GetPosition()]).toEqual([0, 0]);
  expect(buffer.GetU8()).toBeNull();
  expect(buffer.GetLastError()).toBe(SocketError.FILE_EOF);
});

test("data arrays are copies in both directions", () => {
  const source = Uint8Array.of(1, 2);
  const buffer = new StreamPeerBuffer();
  buffer.SetDataArray(source);
  source.fill(9);
  buffer.GetDataArray().fill(9);
  expect([...buffer.GetDataArray()]).toEqual([1, 2]);
});

test("SetDataArray starts at position 0", () => {
  const buffer = filled(1, 2, 3);
  buffer.Seek(3);
  buffer.SetDataArray(Uint8Array.of(5));
  expect(buffer.GetPosition()).toBe(0);
  expect(buffer.GetU8()).toBe(5);
});

test("Duplicate has the content and the settings, not the position, and is independent", () => {
  const buffer = filled(1, 2, 3);
  buffer.BigEndian = true;
  buffer.Variants = VariantFormat.GODOT_3;
  buffer.Seek(2);
  const copy = buffer.Duplicate();
  expect([copy.BigEndian, copy.Variants, copy.GetPosition()]).toEqual([true, 3, 0]);
  copy.PutU8(9);
  expect([...copy.GetDataArray()]).toEqual([9, 2, 3]);
  expect([...buffer.GetDataArray()]).toEqual([1, 2, 3]);
});

test.each([
  [99, SocketError.SUCCESS],
  [100, SocketError.SUCCESS],
  [101, SocketError.OUT_OF_BUFFER_MEMORY],
])("with a limit of 100, %d bytes", (bytes, result) => {
  const data = new Uint8Array(bytes).fill(7);
  const sent = result === SocketError.SUCCESS ? bytes : 0;
  const put = new StreamPeerBuffer(100);
  expect(put.PutData(data)).toBe(result);
  expect(put.GetSize()).toBe(sent);
  const partial = new StreamPeerBuffer(100);
  expect(partial.PutPartialData(data)).toEqual({ Result: result, BytesSent: sent });
  expect(new StreamPeerBuffer(100).Resize(bytes)).toBe(result);
  expect(new StreamPeerBuffer(100).SetDataArray(data)).toBe(result);
  expect(partial.Duplicate().Resize(101)).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
});

test("a full buffer can be overwritten", () => {
  const buffer = new StreamPeerBuffer(4);
  buffer.PutU32(1);
  buffer.Seek(0);
  expect(buffer.PutU32(2)).toBe(SocketError.SUCCESS);
  expect(buffer.PutU8(1)).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
});

test.each([-1, 1.5, 2 ** 28 + 1])("a limit of %d is the script's mistake", (limit) => {
  expect(() => new StreamPeerBuffer(limit)).toThrow(RangeError);
});

type Bytes = Pick<StreamPeerBuffer, "PutData" | "GetData" | "Seek" | "Resize">;

/** What a buffer of 100 bytes does, said as simply as possible. */
class Model implements Bytes {
  bytes: number[] = [];
  position = 0;

  PutData(data: Uint8Array): SocketError {
    if (this.position + data.length > 100) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.bytes.splice(this.position, data.length, ...data);
    this.position += data.length;
    return SocketError.SUCCESS;
  }

  GetData(into: Uint8Array): SocketError {
    if (this.position + into.length > this.bytes.length) return SocketError.FILE_EOF;
    into.set(this.bytes.slice(this.position, this.position + into.length));
    this.position += into.length;
    return SocketError.SUCCESS;
  }

  Seek(position: number): SocketError {
    if (position > this.bytes.length) return SocketError.INVALID_PARAMETER;
    this.position = position;
    return SocketError.SUCCESS;
  }

  Resize(size: number): SocketError {
    if (size > 100) return SocketError.OUT_OF_BUFFER_MEMORY;
    this.bytes = Array.from({ length: size }, (_, i) => this.bytes[i] ?? 0);
    this.position = Math.min(this.position, size);
    return SocketError.SUCCESS;
  }
}

test("it behaves as a plain array of bytes does", () => {
  const count = fc.nat({ max: 120 });
  const action = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((data) => (to: Bytes) => to.PutData(data)),
    fc.nat({ max: 40 }).map((bytes) => (to: Bytes) => {
      const into = new Uint8Array(bytes);
      return [to.GetData(into), into];
    }),
    count.map((position) => (to: Bytes) => to.Seek(position)),
    count.map((size) => (to: Bytes) => to.Resize(size)),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const buffer = new StreamPeerBuffer(100);
      const model = new Model();
      for (const act of actions) {
        expect(act(buffer)).toEqual(act(model));
        expect([...buffer.GetDataArray()]).toEqual(model.bytes);
        expect(buffer.GetPosition()).toBe(model.position);
      }
    }),
    { seed },
  );
});
