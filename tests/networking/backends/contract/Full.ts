/** Contract: full buffers. The stream says so, the other side waits, and nothing is lost. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { Collector, ExpectBytes, Pattern, Succeed } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, BUSY, OUT_OF_BUFFER_MEMORY } = SocketError;
const size = 65_536;

export function FullCases(scene: Scene): void {
  describe("a full outbound buffer", () => {
    test("is BUSY for what fits later, OUT_OF_BUFFER_MEMORY for what never does", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: size }, false);
      const filled = await scene.Fill(Stream);
      expect(Stream.GetOutboundBytes()).toBe(size);
      expect(Stream.PutData(new Uint8Array(0))).toBe(SUCCESS);
      expect(Stream.PutData(Pattern(1))).toBe(BUSY);
      expect(Stream.PutData(Pattern(size))).toBe(BUSY);
      expect(Stream.PutData(Pattern(size + 1))).toBe(OUT_OF_BUFFER_MEMORY);
      expect(Stream.PutPartialData(Pattern(1))).toEqual({ Result: SUCCESS, BytesSent: 0 });
      expect(Stream.PutU32(1)).toBe(BUSY);
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      Far.Read();
      await scene.UntilHeard(Far, filled);
      await scene.Until(() => Stream.PutData(Pattern(size)) === SUCCESS, "room");
      await scene.UntilHeard(Far, filled + size);
      ExpectBytes(Far.Received().subarray(filled), Pattern(size));
      ExpectBytes(Far.Received().subarray(0, filled), Pattern(filled));
    });

    test("empties when the peer, having stopped in the middle, reads on", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: size });
      Succeed(Stream.PutData(Pattern(50_000)));
      await scene.UntilHeard(Far, 1);
      Far.StopReading();
      await scene.UntilOutboundEmpty(Stream);
      const more = await scene.Fill(Stream);
      Far.Read();
      await scene.UntilHeard(Far, 50_000 + more);
      ExpectBytes(Far.Received().subarray(50_000), Pattern(more));
      await scene.UntilOutboundEmpty(Stream);
    });

    test("does not keep the peer's bytes from being read", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: size }, false);
      await scene.Fill(Stream);
      Far.Send(Pattern(10_000));
      const heard = new Collector(Stream);
      await scene.Until(() => heard.Has(10_000), "its bytes");
      ExpectBytes(heard.Bytes, Pattern(10_000));
    });

    test("does not stall a stream beside it", async () => {
      const full = await scene.Pair({ OutboundBufferSize: size }, false);
      const free = await scene.Pair();
      await scene.Fill(full.Stream);
      expect(free.Stream.PutData(Pattern(50_000))).toBe(SUCCESS);
      await scene.UntilHeard(free.Far, 50_000);
      free.Far.Send(Pattern(1_000));
      await scene.UntilAvailable(free.Stream, 1_000);
    });
  });

  describe("a full inbound buffer", () => {
    test.each([
      [256, 60_000],
      [4_096, 300_000],
      [65_536, 1_000_000],
    ])("of %d loses nothing of %d bytes", async (capacity, total) => {
      const { Stream, Far } = await scene.Pair({ InboundBufferSize: capacity });
      Far.Send(Pattern(total));
      await scene.UntilAvailable(Stream, capacity);
      await scene.NewRun();
      expect(Stream.GetAvailableBytes()).toBe(capacity);
      const heard = new Collector(Stream);
      await scene.Until(() => {
        expect(Stream.GetAvailableBytes()).toBeLessThanOrEqual(capacity);
        return heard.Has(total);
      }, "all bytes");
      ExpectBytes(heard.Bytes, Pattern(total));
    });

    test("does not keep our bytes from being sent", async () => {
      const { Stream, Far } = await scene.Pair({ InboundBufferSize: 256 });
      Far.Send(Pattern(300_000));
      await scene.UntilAvailable(Stream, 256);
      expect(Stream.PutData(Pattern(5_000))).toBe(SUCCESS);
      await scene.UntilHeard(Far, 5_000);
      ExpectBytes(Far.Received(), Pattern(5_000));
    });

    test("does not stall a stream beside it", async () => {
      const [full, free] = [await scene.Pair({ InboundBufferSize: 256 }), await scene.Pair()];
      full.Far.Send(Pattern(300_000));
      await scene.UntilAvailable(full.Stream, 256);
      free.Far.Send(Pattern(50_000));
      await scene.UntilAvailable(free.Stream, 50_000);
      expect(free.Stream.PutU8(1)).toBe(SUCCESS);
      await scene.UntilHeard(free.Far, 1);
    });
  });

  describe("a buffer's size", () => {
    test.each([0, 255, 2 ** 28 + 1, 1.5, NaN, "1024" as never])("of %s throws", (bytes) => {
      expect(() => scene.Stream({ InboundBufferSize: bytes })).toThrow(TypeError);
      expect(() => scene.Stream({ OutboundBufferSize: bytes })).toThrow(TypeError);
    });
  });
}
