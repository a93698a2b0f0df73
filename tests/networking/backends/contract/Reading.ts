/** Contract: exact and partial reads, at the buffer's borders and across its end. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { Collector, ExpectBytes, Pattern, ReadAll, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, BUSY, OUT_OF_BUFFER_MEMORY } = SocketError;

/** Bytes that are there, bytes that are wanted, the answer. */
const exact: [number, number, SocketError][] = [
  [0, 0, SUCCESS],
  [0, 1, BUSY],
  [0, small, BUSY],
  [0, small + 1, OUT_OF_BUFFER_MEMORY],
  [1, 0, SUCCESS],
  [1, 1, SUCCESS],
  [1, 2, BUSY],
  [small - 1, small - 2, SUCCESS],
  [small - 1, small - 1, SUCCESS],
  [small - 1, small, BUSY],
  [small, small - 1, SUCCESS],
  [small, small, SUCCESS],
  [small, small + 1, OUT_OF_BUFFER_MEMORY],
];

const counts = [0, 1, small - 1, small];
const sizes = [0, 1, small - 1, small, small + 1];
const partial = counts.flatMap((count) => sizes.map((size): [number, number] => [count, size]));

/** A ring's capacity; bytes that come first, are read, and come then. */
const wraps: [number, number, number, number][] = [
  [256, 256, 1, 1],
  [256, 255, 254, 255],
  [256, 200, 150, 150],
  [256, 1, 0, 255],
  [257, 257, 256, 256],
  [300, 300, 299, 299],
  [512, 500, 499, 511],
  [65_536, 65_536, 65_535, 65_535],
];

export function ReadingCases(scene: Scene): void {
  describe("GetData", () => {
    test.each(exact)("of %d there, %d wanted: code %d", async (count, wanted, code) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(count));
      await scene.UntilAvailable(Stream, count);
      const buffer = new Uint8Array(wanted);
      expect(Stream.GetData(buffer)).toBe(code);
      const taken = code === SUCCESS ? wanted : 0;
      ExpectBytes(buffer.subarray(0, taken), Pattern(taken));
      expect(buffer.subarray(taken).every((byte) => byte === 0)).toBe(true);
      ExpectBytes(ReadAll(Stream), Pattern(count - taken, taken));
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });
  });

  describe("PeekData", () => {
    test.each(exact)("of %d there, %d wanted: code %d, and all stays", async (...row) => {
      const [count, wanted, code] = row;
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(count));
      await scene.UntilAvailable(Stream, count);
      const buffer = new Uint8Array(wanted);
      for (let look = 0; look < 2; look++) {
        expect(Stream.PeekData(buffer)).toBe(code);
        const seen = code === SUCCESS ? wanted : 0;
        ExpectBytes(buffer.subarray(0, seen), Pattern(seen));
        expect(Stream.GetAvailableBytes()).toBe(count);
      }
      ExpectBytes(ReadAll(Stream), Pattern(count));
    });
  });

  describe("GetPartialData", () => {
    test.each(partial)("of %d there, a buffer of %d", async (count, size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(count));
      await scene.UntilAvailable(Stream, count);
      const taken = Math.min(count, size);
      const buffer = new Uint8Array(size);
      expect(Stream.GetPartialData(buffer)).toEqual({ Result: SUCCESS, Received: taken });
      ExpectBytes(buffer.subarray(0, taken), Pattern(taken));
      expect(Stream.GetAvailableBytes()).toBe(count - taken);
      ExpectBytes(ReadAll(Stream), Pattern(count - taken, taken));
    });
  });

  describe("the inbound buffer", () => {
    test.each(wraps)("of %d: %d come, %d are read, %d come", async (size, first, read, then) => {
      const { Stream, Far } = await scene.Pair({ InboundBufferSize: size });
      Far.Send(Pattern(first));
      await scene.UntilAvailable(Stream, first);
      const buffer = new Uint8Array(read);
      expect(Stream.GetData(buffer)).toBe(SUCCESS);
      ExpectBytes(buffer, Pattern(read));
      Far.Send(Pattern(then, first));
      const left = first - read + then;
      await scene.UntilAvailable(Stream, left);
      const rest = new Uint8Array(left);
      expect(Stream.GetData(rest)).toBe(SUCCESS);
      ExpectBytes(rest, Pattern(left, read));
    });

    test("never holds more than its size; the rest follows as it is read", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(small + 1));
      await scene.UntilAvailable(Stream, small);
      await scene.NewRun();
      expect(Stream.GetAvailableBytes()).toBe(small);
      expect(Stream.GetU8()).toBe(0);
      await scene.UntilAvailable(Stream, small);
      ExpectBytes(ReadAll(Stream), Pattern(small, 1));
    });

    test.each([1, 7, 255, 256, 257, 1_000])(
      "gives 20,000 bytes in order, %d at a time",
      async (piece) => {
        const { Stream, Far } = await scene.Pair(smallRings);
        Far.Send(Pattern(20_000));
        const heard = new Collector(Stream, piece);
        await scene.Until(() => heard.Has(20_000), "20,000 bytes");
        ExpectBytes(heard.Bytes, Pattern(20_000));
      },
    );
  });
}
