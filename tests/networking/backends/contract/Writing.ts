/** Contract: exact and partial writes, at the buffer's borders and across its end. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { Collector, ExpectBytes, Pattern, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, BUSY, OUT_OF_BUFFER_MEMORY } = SocketError;
const sizes = [0, 1, small - 1, small, small + 1, 10 * small];

/** A ring's capacity; bytes that go first, and then, across its end; and the answer. */
const wraps: [number, number, number, SocketError][] = [
  [256, 255, 1, SUCCESS],
  [256, 255, 2, SUCCESS],
  [256, 255, 255, SUCCESS],
  [256, 255, 256, SUCCESS],
  [256, 255, 257, OUT_OF_BUFFER_MEMORY],
  [256, 256, 256, SUCCESS],
  [256, 1, 256, SUCCESS],
  [257, 200, 257, SUCCESS],
  [300, 299, 300, SUCCESS],
  [65_536, 65_535, 65_536, SUCCESS],
];

export function WritingCases(scene: Scene): void {
  describe("PutData", () => {
    test.each(sizes)("of %d bytes: all or nothing", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const code = size <= small ? SUCCESS : OUT_OF_BUFFER_MEMORY;
      expect(Stream.PutData(Pattern(size))).toBe(code);
      const sent = code === SUCCESS ? size : 0;
      await scene.UntilHeard(Far, sent);
      await scene.Until(() => Stream.PutU8(99) === SUCCESS, "room for a mark");
      await scene.UntilHeard(Far, sent + 1);
      ExpectBytes(Far.Received(), Uint8Array.of(...Pattern(sent), 99));
    });

    test("copies: the caller may use its bytes again", async () => {
      const { Stream, Far } = await scene.Pair();
      const bytes = Pattern(1_000);
      expect(Stream.PutData(bytes)).toBe(SUCCESS);
      bytes.fill(255);
      await scene.UntilHeard(Far, 1_000);
      ExpectBytes(Far.Received(), Pattern(1_000));
    });

    test("takes a view on larger memory", async () => {
      const { Stream, Far } = await scene.Pair();
      expect(Stream.PutData(Pattern(1_000).subarray(100, 300))).toBe(SUCCESS);
      await scene.UntilHeard(Far, 200);
      ExpectBytes(Far.Received(), Pattern(200, 100));
    });

    test.each([1, 7, 255, 256])("of %d bytes at a time: 20,000 in order", async (piece) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      let sent = 0;
      await scene.Until(() => {
        while (sent < 20_000) {
          const size = Math.min(piece, 20_000 - sent);
          const code = Stream.PutData(Pattern(size, sent));
          if (code !== SUCCESS) {
            expect(code).toBe(BUSY);
            return false;
          }
          sent += size;
        }
        return true;
      }, "20,000 bytes to be taken");
      await scene.UntilHeard(Far, 20_000);
      ExpectBytes(Far.Received(), Pattern(20_000));
    });
  });

  describe("the outbound buffer", () => {
    test.each(wraps)("of %d: %d bytes go, then %d: code %d", async (size, first, then, code) => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: size });
      expect(Stream.PutData(Pattern(first))).toBe(SUCCESS);
      await scene.UntilOutboundEmpty(Stream);
      expect(Stream.PutData(Pattern(then, first))).toBe(code);
      const all = code === SUCCESS ? first + then : first;
      await scene.UntilHeard(Far, all);
      await scene.UntilOutboundEmpty(Stream);
      ExpectBytes(Far.Received(), Pattern(all));
    });
  });

  describe("PutPartialData", () => {
    test.each(sizes)("of %d bytes: what fits", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const fits = Math.min(size, small);
      expect(Stream.PutPartialData(Pattern(size))).toEqual({ Result: SUCCESS, BytesSent: fits });
      await scene.UntilHeard(Far, fits);
      await scene.Until(() => Stream.PutU8(99) === SUCCESS, "room for a mark");
      await scene.UntilHeard(Far, fits + 1);
      ExpectBytes(Far.Received(), Uint8Array.of(...Pattern(fits), 99));
    });

    test.each([
      [256, 20_000],
      [257, 20_000],
      [1_000, 100_000],
      [65_536, 1_000_000],
    ])("through a buffer of %d: %d bytes in order", async (OutboundBufferSize, total) => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize });
      const bytes = Pattern(total);
      let sent = 0;
      await scene.Until(() => {
        sent += Stream.PutPartialData(bytes.subarray(sent)).BytesSent;
        expect(Stream.GetOutboundBytes()).toBeLessThanOrEqual(OutboundBufferSize);
        return sent === total;
      }, "all bytes to be taken");
      await scene.UntilHeard(Far, total);
      ExpectBytes(Far.Received(), bytes);
      await scene.UntilOutboundEmpty(Stream);
    });
  });

  test("both directions at once: 100,000 bytes each way", async () => {
    const { Stream, Far } = await scene.Pair({ InboundBufferSize: 1_000, OutboundBufferSize: 777 });
    const [mine, theirs] = [Pattern(100_000), Pattern(100_000, 77)];
    const heard = new Collector(Stream);
    let sent = 0;
    Far.Send(theirs);
    await scene.Until(() => {
      sent += Stream.PutPartialData(mine.subarray(sent)).BytesSent;
      return heard.Has(theirs.length) && sent === mine.length;
    }, "both directions");
    await scene.UntilHeard(Far, mine.length);
    ExpectBytes(heard.Bytes, theirs);
    ExpectBytes(Far.Received(), mine);
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  });
}
